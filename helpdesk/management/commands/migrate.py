"""Django's `migrate`, which would rather give up than have everybody wait.

A migration that waits for a lock makes all wait that come after it, and one that takes long keeps them waiting. So it
waits for two seconds, gives way, and tries again a little later; what was applied before stays applied.
"""

import time

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections

LOCK_NOT_AVAILABLE = "55P03"
QUERY_CANCELED = "57014"
RESPITE = 5  # seconds between two attempts


class Command(migrate.Command):
    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-timeout",
            type=float,
            default=settings.MIGRATION_LOCK_TIMEOUT,
            metavar="SECONDS",
            help="wait for a lock for so long at most (%(default)s); 0 is for ever",
        )
        parser.add_argument(
            "--statement-timeout",
            type=float,
            default=settings.MIGRATION_STATEMENT_TIMEOUT,
            metavar="SECONDS",
            help="no statement may take longer (%(default)s); 0 is for ever",
        )
        parser.add_argument("--attempts", type=int, default=5, help="so often when a lock cannot be had (%(default)s)")

    def handle(self, *args, lock_timeout, statement_timeout, attempts, **options):
        connection = connections[options["database"]]
        for left in reversed(range(attempts)):
            try:
                self._limit(connection, lock_timeout=lock_timeout, statement_timeout=statement_timeout)
                return super().handle(*args, **options)
            except OperationalError as error:
                code = getattr(error.__cause__, "pgcode", None)
                if code == QUERY_CANCELED:
                    raise CommandError(
                        f"A statement took longer than {statement_timeout:g} s. Its migration was taken back, those "
                        "before it stay. Choose a quiet hour and a longer --statement-timeout."
                    ) from error
                if code != LOCK_NOT_AVAILABLE:
                    raise
                if not left:
                    raise CommandError(
                        f"Somebody has held a lock for longer than {lock_timeout:g} s, at {attempts} attempts. The "
                        "migration was taken back, those before it stay. Try again in a quiet hour; nothing is broken."
                    ) from error
                self.stderr.write(f"A lock could not be had within {lock_timeout:g} s; {left} more attempts.")
                time.sleep(RESPITE)
            finally:
                self._limit(connection, lock_timeout=0, statement_timeout=0)

    def _limit(self, connection, **limits: float) -> None:
        """Set what this session waits for, in seconds; 0 is for ever."""
        with connection.cursor() as cursor:
            for name, seconds in limits.items():
                cursor.execute("SELECT set_config(%s, %s, false)", [name, f"{round(seconds * 1000)}ms"])
