from pathlib import Path

from django.db import migrations

TEXTS = Path(__file__).resolve().parent.parent / "texts"

TITLES = {
    "imprint": ("Impressum", "Imprint"),
    "privacy": ("Datenschutz", "Privacy"),
    "licences": ("Lizenzen", "Licences"),
    "accessibility": ("Erklärung zur Barrierefreiheit", "Accessibility statement"),
}


def add(apps, schema_editor):
    page = apps.get_model("pages", "Page")
    for slug, (german, english) in TITLES.items():
        page.objects.get_or_create(
            slug=slug,
            defaults={
                "title_de": german,
                "title_en": english,
                "body_de": (TEXTS / f"{slug}.de.md").read_text(encoding="utf-8"),
                "body_en": (TEXTS / f"{slug}.en.md").read_text(encoding="utf-8"),
            },
        )
    apps.get_model("pages", "SiteSettings").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
