"""An index is made while people work: nobody waits for it, and it survives what happens meanwhile."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, models
from django.db.migrations.state import ModelState, ProjectState

from foundation.indexing import AddIndexMeanwhile
from pulse.models import Heartbeat

TABLE, NAME = Heartbeat._meta.db_table, "signs_by_when"
OPERATION = AddIndexMeanwhile("heartbeat", models.Index(fields=["at"], name=NAME))
PATIENCE = 20  # seconds


@pytest.fixture(autouse=True)
def table(transactional_db, django_db_serialized_rollback):
    yield
    ask(f"DROP INDEX IF EXISTS {NAME}")


def ask(sql, on=connection):
    with on.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def is_valid():
    return ask(f"SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{NAME}')")


def add():
    before, after = ProjectState(), ProjectState()
    for state in (before, after):
        state.add_model(ModelState.from_model(Heartbeat))
    OPERATION.state_forwards("pulse", after)
    with connection.schema_editor(atomic=False) as editor:
        OPERATION.database_forwards("pulse", editor, before, after)


def test_it_waits_as_long_as_it_takes_and_nobody_waits_for_it():
    first, other = connection.copy(), connection.copy()
    ask("BEGIN", first)
    ask(f"LOCK TABLE {TABLE} IN ROW EXCLUSIVE MODE", first)  # as anybody does who writes

    def migrate():
        try:
            ask("SET lock_timeout = '50ms'")
            ask("SET statement_timeout = '1s'")
            add()
            return ask("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        migrating = pool.submit(migrate)
        ends = time.monotonic() + PATIENCE
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
        while ask(waits, other) == [(0,)]:
            assert time.monotonic() < ends and not migrating.done()
        ask("SET statement_timeout = '5s'", other)
        ask(f"DELETE FROM {TABLE} WHERE false", other)  # somebody else goes on writing
        ask("COMMIT", first)
        assert migrating.result(PATIENCE) == [("50ms", "1s")]
    assert is_valid() == [(True,)]
    first.close()
    other.close()


def test_what_a_killed_attempt_left_behind_is_made_anew():
    for name in ("one", "two"):
        Heartbeat.objects.create(name=name, at="2026-03-02T08:00Z")
    with pytest.raises(IntegrityError):
        ask(f"CREATE UNIQUE INDEX CONCURRENTLY {NAME} ON {TABLE} (at)")
    assert is_valid() == [(False,)]
    add()
    assert is_valid() == [(True,)]
    [[definition]] = ask(f"SELECT pg_get_indexdef('{NAME}'::regclass)")
    assert definition.startswith("CREATE INDEX")


def test_an_index_that_is_there_stays():
    add()
    [[before]] = ask(f"SELECT '{NAME}'::regclass::oid")
    add()
    assert ask(f"SELECT '{NAME}'::regclass::oid") == [(before,)]
