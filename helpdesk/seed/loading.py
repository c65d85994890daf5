"""Empty tables that are filled with very many rows: what holds for each row is checked once, when all are there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models

FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY conrelid, conname
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = ANY(%s::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY indrelid, indexrelid
"""
#: For this transaction. Sorting in memory is what makes an index quick; a parallel join would want shared memory
#: that a container may not have.
SETTINGS = {"maintenance_work_mem": "512MB", "max_parallel_workers_per_gather": "0"}


@contextmanager
def filled_at_once(tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """Do without the foreign keys and indexes of these tables, and make them again as they were.

    A million look-ups of a foreign key become one join, and a million walks through an index one sort. All of it
    inside the caller's transaction: should anything be wrong with a row, nothing has happened. Until it ends nobody
    else can read these tables, so this is for those in which nobody works yet. Unique keys stay.
    """
    names = [f'"{table._meta.db_table}"' for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS, [names])
        keys = cursor.fetchall()
        cursor.execute(INDEXES, [names])
        indexes = cursor.fetchall()
        declared = _declared(tables)
        for table, name, _ in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for name, value in SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        yield
        for name, definition in indexes:
            cursor.execute(declared.get(name, definition))
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def estimate_anew() -> None:
    """Let the database count what all tables hold, so that it plans for what is there now; in this transaction."""
    names = ", ".join(f'"{model._meta.db_table}"' for model in apps.get_models(include_auto_created=True))
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")


def _declared(tables: Sequence[type[models.Model]]) -> dict[str, str]:
    """Return the statements our models make their indexes with; PostgreSQL would tell a condition in other words."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        return {index.name: str(index.create_sql(table, editor)) for table in tables for index in table._meta.indexes}
