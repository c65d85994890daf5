"""The calendars the product comes with: one for the schools, one for the Systemhaus, both Mon-Fri 07:30-16:00."""

from datetime import time

from django.db import migrations

CALENDARS = [
    {
        "slug": "default",
        "name_de": "Servicezeiten der Schulen",
        "name_en": "Service times of the schools",
        "is_default": True,
    },
    {
        "slug": "systemhaus",
        "name_de": "Servicezeiten des Systemhauses",
        "name_en": "Service times of the Systemhaus",
    },
]


def enter(apps, schema_editor):
    calendars = apps.get_model("calendars", "BusinessCalendar")
    hours = apps.get_model("calendars", "OpeningHours")
    for fields in CALENDARS:
        calendar = calendars.objects.create(school_free_rule="open", **fields)
        hours.objects.bulk_create(
            hours(calendar=calendar, weekday=weekday, opens=time(7, 30), closes=time(16), applies="school")
            for weekday in range(5)
        )


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
