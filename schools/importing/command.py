"""What the commands of the shell that read a file have in common."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from schools.importing.files import FileRefused
from schools.importing.report import Report


class ImportCommand(BaseCommand):
    """Reads one file and says what became of each row; a file that is refused stores nothing."""

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and store nothing")

    def take(self, file: Path, report: Report, *, dry_run: bool, **options) -> None:
        """Read the file in one transaction. Raises FileRefused."""
        raise NotImplementedError

    def handle(self, *, file, **options):
        try:
            self.take(file, Report(self.stdout.write, quiet=options["verbosity"] == 0), **options)
        except FileRefused as refusal:
            raise CommandError(_("%(reason)s Nothing was stored.") % {"reason": refusal}) from refusal
