"""A new version comes while people work: a migration gives way, and what takes something away is announced."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import post_migrate

from foundation.indexing import AddIndexMeanwhile
from pulse.models import Heartbeat

PAPERS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
TAKES_AWAY = (
    operations.RemoveField,
    operations.RenameField,
    operations.DeleteModel,
    operations.RenameModel,
    operations.AlterModelTable,
)
#: Applied to empty tables by everybody who starts with the first version.
BEFORE_THE_FIRST_VERSION = {
    "notifications.0002_mails",
    "reports.0004_changes_to_count",
    "tickets.0003_reports_by_due_time",
    "tickets.0004_second_level",
    "tickets.0008_lists_of_two_levels",
    "tickets.0009_clocks_and_ladder",
}
SQL_THAT_TAKES_AWAY = re.compile(r"\b(DROP\s+(TABLE|COLUMN)|RENAME)\b", re.IGNORECASE)


@pytest.fixture
def tables(transactional_db, django_db_serialized_rollback):
    """Tables that others may lock; whatever a test does, those of `pulse` are there afterwards."""
    yield
    call_command("migrate", "pulse", verbosity=0)


def there_is_a_heartbeat():
    with connection.cursor() as cursor:
        return Heartbeat._meta.db_table in connection.introspection.table_names(cursor)


def test_a_migration_gives_way_to_whoever_holds_a_lock_and_succeeds_later(tables):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE pulse_heartbeat IN ACCESS SHARE MODE")  # as anybody does who reads
        with pytest.raises(CommandError, match=r"held a lock for longer than 0\.1 s.*nothing is broken"):
            call_command("migrate", "pulse", "zero", lock_timeout=0.1, attempts=1, verbosity=0)
        cursor.execute("ROLLBACK")
    other.close()
    assert there_is_a_heartbeat()
    call_command("migrate", "pulse", "zero", attempts=1, verbosity=0)
    assert not there_is_a_heartbeat()


def test_no_statement_takes_for_ever_and_the_session_is_as_before_afterwards(tables):
    def shown():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
            return cursor.fetchone()

    seen = []
    look = lambda **more: seen.append(shown())  # noqa: E731 - a receiver is held weakly
    pulse = apps.get_app_config("pulse")
    post_migrate.connect(look, sender=pulse)
    try:
        call_command("migrate", "pulse", verbosity=0)
    finally:
        post_migrate.disconnect(look, sender=pulse)
    assert seen == [("2s", "1min")]
    assert shown() == ("0", "0")


def test_a_migration_that_takes_something_away_stands_in_the_papers():
    """Expand in one version, contract in a later one; whoever brings a machine up to date reads which is which."""
    ours = {config.label for config in apps.get_app_configs() if not config.name.startswith("django.")}
    known = set(re.findall(r"^\| `([a-z]+\.[0-9]{4}_\w+)` \|", PAPERS.read_text("utf-8"), re.MULTILINE))
    found = {
        f"{app}.{name}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in ours and any(takes_away(operation) for operation in migration.operations)
    }
    assert found == known


def test_an_index_on_a_table_in_use_is_made_while_people_work():
    found = set()
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        new = {
            operation.name_lower for operation in migration.operations if isinstance(operation, operations.CreateModel)
        }
        added = [operation for operation in migration.operations if isinstance(operation, operations.AddIndex)]
        if any(not isinstance(one, AddIndexMeanwhile) and one.model_name_lower not in new for one in added):
            found.add(f"{app}.{name}")
    ours = {config.label for config in apps.get_app_configs() if not config.name.startswith("django.")}
    assert {name for name in found if name.split(".")[0] in ours} <= BEFORE_THE_FIRST_VERSION


def takes_away(operation):
    if isinstance(operation, operations.SeparateDatabaseAndState):
        return any(takes_away(inner) for inner in operation.database_operations)
    if isinstance(operation, operations.RunSQL):
        statements = operation.sql if isinstance(operation.sql, list | tuple) else [operation.sql]
        return any(SQL_THAT_TAKES_AWAY.search(str(statement)) for statement in statements)
    return isinstance(operation, TAKES_AWAY)
