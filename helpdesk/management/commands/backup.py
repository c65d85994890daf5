"""`manage.py backup FILE`: everything Campusruf must not lose, in one archive."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from helpdesk.backup.database import DatabaseTrouble
from helpdesk.backup.making import make_backup


class Command(BaseCommand):
    help = (
        "Write database and photos into one archive, readable by its owner only, while everybody goes on working. "
        "Sessions stay out: after a restore everybody signs in again."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="where the archive shall be; nothing is there yet")

    def handle(self, *, file, **options):
        try:
            made = make_backup(file, at=timezone.now())
        except FileExistsError:
            raise CommandError(f"There is a {file} already. Choose another name.") from None
        except DatabaseTrouble as trouble:
            raise CommandError(f"Nothing was backed up. {trouble}") from None
        except OSError as error:
            raise CommandError(f"Nothing was backed up. {error.filename or file}: {error.strerror}.") from None
        self.stdout.write(f"Backed up {made.rows:,} rows and {made.files:,} files into {file} ({made.size:,} bytes).")
