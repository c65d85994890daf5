from django.db import migrations

TEAMS = [
    ("network", "Netz & WLAN", "Network & Wi-Fi"),
    ("tablets", "iPad & MDM", "iPad & MDM"),
    ("servers", "IServ & Server", "IServ & servers"),
    ("presentation", "Präsentationstechnik", "Presentation technology"),
    ("workplaces", "Arbeitsplätze", "Workplaces"),
]


def add(apps, schema_editor):
    team = apps.get_model("teams", "Team")
    for order, (slug, german, english) in enumerate(TEAMS, start=1):
        team.objects.get_or_create(slug=slug, defaults={"name_de": german, "name_en": english, "order": order * 10})


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
