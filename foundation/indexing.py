"""Indexes on tables in which people work: made without keeping anybody waiting."""

from contextlib import contextmanager

from django.contrib.postgres.operations import AddIndexConcurrently

WAITS = ("lock_timeout", "statement_timeout")


class AddIndexMeanwhile(AddIndexConcurrently):
    """Adds an index while everybody goes on reading and writing; its migration needs `atomic = False`.

    It waits for those who began before it, as long as they take, and nobody waits for it; so what `migrate` waits for
    at most does not hold here. What an attempt that was killed has left behind is removed first, and an index that is
    there already stays.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [self.index.name])
            found = cursor.fetchone()
            if found == (True,):
                return
            with _patience(cursor):
                if found:
                    cursor.execute(f"DROP INDEX CONCURRENTLY {schema_editor.quote_name(self.index.name)}")
                super().database_forwards(app_label, schema_editor, from_state, to_state)


@contextmanager
def _patience(cursor):
    cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in WAITS))
    before = cursor.fetchone()
    try:
        for name in WAITS:
            cursor.execute(f"SET {name} = 0")
        yield
    finally:
        for name, value in zip(WAITS, before, strict=True):
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
