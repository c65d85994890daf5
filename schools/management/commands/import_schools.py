"""`manage.py import_schools FILE`: schools out of the register of NRW or our own list."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.berlin import berlin_day
from schools.importing.files import FileRefused
from schools.importing.report import Report
from schools.importing.schools import import_schools


class Command(BaseCommand):
    help = (
        "Read schools from the open-data file of NRW (schuldaten.csv) or from our own list (schools.csv); which "
        "of the two it is shows in the header. Says what became of each row. Running twice changes nothing; "
        "schools that are no longer in the file stay and are named."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and store nothing")

    def handle(self, *, file, dry_run, **options):
        report = Report(self.stdout.write, quiet=options["verbosity"] == 0)
        try:
            import_schools(file, report, today=berlin_day(timezone.now()), dry_run=dry_run)
        except FileRefused as refusal:
            raise CommandError(_("%(reason)s Nothing was stored.") % {"reason": refusal}) from refusal
