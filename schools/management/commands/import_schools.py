"""`manage.py import_schools FILE`: schools out of the register of NRW or our own list."""

from django.utils import timezone

from foundation.berlin import berlin_day
from schools.importing.command import ImportCommand
from schools.importing.schools import import_schools


class Command(ImportCommand):
    help = (
        "Read schools from the open-data file of NRW (schuldaten.csv) or from our own list (schools.csv); which "
        "of the two it is shows in the header. Says what became of each row. Running twice changes nothing; "
        "schools that are no longer in the file stay and are named."
    )

    def take(self, file, report, *, dry_run, **options):
        import_schools(file, report, today=berlin_day(timezone.now()), dry_run=dry_run)
