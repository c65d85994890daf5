"""`manage.py import_figures FILE`: figures that others have printed, to be shown beside ours."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from reports.annual.importing import import_figures
from schools.importing.files import FileRefused
from schools.importing.report import Report


class Command(BaseCommand):
    help = (
        "Read figures of the annual report, or of another source, from a file. They are shown with source and date "
        "beside those counted here. Says what became of each row. Running twice changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and store nothing")

    def handle(self, *, file, dry_run, **options):
        report = Report(self.stdout.write, quiet=options["verbosity"] == 0)
        try:
            import_figures(file, report, dry_run=dry_run)
        except FileRefused as refusal:
            raise CommandError(_("%(reason)s Nothing was stored.") % {"reason": refusal}) from refusal
