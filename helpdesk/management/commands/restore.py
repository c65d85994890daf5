"""`manage.py restore FILE`: what a backup holds, back where it was."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from helpdesk.backup.database import DatabaseTrouble
from helpdesk.backup.manifest import BadArchive
from helpdesk.backup.restoring import NotRestored, TargetInUse, restore_backup


class Command(BaseCommand):
    help = (
        "Check an archive of `backup`, bring back its database and its photos, and compare rows and hashes. "
        "Web, worker and beat have to be stopped."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="an archive that `backup` has written")
        parser.add_argument("--replace", action="store_true", help="cover what is here already")

    def handle(self, *, file, replace, **options):
        try:
            done = restore_backup(file, at=timezone.now(), replace=replace)
        except BadArchive as reason:
            raise CommandError(f"Nothing was changed. {file} cannot be restored: {reason}") from None
        except (TargetInUse, DatabaseTrouble) as reason:
            raise CommandError(f"Nothing was changed. {reason}") from None
        except NotRestored as reason:
            raise CommandError(f"The database is restored, the files are not: {reason} Restore once more.") from None
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}. Restore once more.") from None
        told = (
            f"Restored and compared: {done.rows:,} rows in {done.tables} tables and {done.files:,} files "
            f"are as they were on {done.made_at}."
        )
        if done.migrations_to_come:
            count = "1 migration" if done.migrations_to_come == 1 else f"{done.migrations_to_come} migrations"
            told += f" Now bring them up to date: {count} (manage.py migrate)."
        self.stdout.write(told)
