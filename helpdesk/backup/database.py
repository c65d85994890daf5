"""The database into a file and back, by PostgreSQL's own programs."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

#: Who is signed in is nobody's business in a safe, and who signed out stays so: everybody signs in again.
WITHOUT_ROWS = ("django_session",)
#: Rows without which nobody has worked here yet; what migrations bring by themselves does not count.
SIGNS_OF_USE = ("accounts_user", "schools_school", "tickets_ticket")

# As initdb leaves it. Extensions go along and are made again by the dump.
EMPTY = """
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL lock_timeout = '10s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
ALTER SCHEMA public OWNER TO pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class DatabaseTrouble(Exception):
    """PostgreSQL's programs are missing or refuse; the text says why."""


@dataclass(frozen=True)
class Snapshot:
    """What the database holds at one instant, however much is written meanwhile."""

    id: str
    migrations: list[str]
    rows: dict[str, int]

    def dump(self, target: Path) -> None:
        """Write it into a file in the custom format."""
        emptied = [f"--exclude-table-data=public.{table}" for table in WITHOUT_ROWS]
        options = ["--format=custom", "--no-owner", "--no-privileges", *emptied]
        Program("pg_dump", *options, f"--snapshot={self.id}", f"--file={target}").must_end_well()


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Yield the state of the database; it stands still for the reader until the block ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (identity,) = cursor.fetchone()
        applied = MigrationRecorder(connection).applied_migrations()
        yield Snapshot(identity, sorted(f"{app}.{name}" for app, name in applied), _rows(cursor))


def _rows(cursor) -> dict[str, int]:
    """Return how many rows of each table a dump takes along."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    rows = {}
    for (table,) in cursor.fetchall():
        if table in WITHOUT_ROWS:
            rows[table] = 0
            continue
        cursor.execute(f"SELECT count(*) FROM {_quoted(table)}")
        (rows[table],) = cursor.fetchone()
    return rows


def is_in_use() -> bool:
    """Return whether anybody has an account, a school or a report here."""
    with connection.cursor() as cursor:
        known = set(connection.introspection.table_names(cursor))
        for table in SIGNS_OF_USE:
            if table in known:
                cursor.execute(f"SELECT EXISTS (SELECT FROM {_quoted(table)})")
                if cursor.fetchone()[0]:
                    return True
    return False


def others_connected() -> int:
    """Return how many sessions besides this one work with the database."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        return cursor.fetchone()[0]


def restore(dump: Path, rows: dict[str, int]) -> None:
    """Replace everything in the database by the dump, in one transaction that ends well only if all rows are there."""
    connection.close()
    reading = Program("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(dump), stdout=subprocess.PIPE)
    options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    writing = Program("psql", *options, stdin=subprocess.PIPE)
    try:
        with writing.process.stdin as script:
            script.write(EMPTY.encode())
            shutil.copyfileobj(reading.process.stdout, script)
            # Without the last line PostgreSQL forgets it all: a dump that ends in the middle changes nothing.
            if reading.process.wait() == 0:
                script.write(f"{_comparison(rows)}\nCOMMIT;\n".encode())
    except BrokenPipeError:  # psql has met an error and ended; it says which
        reading.process.kill()
    writing.must_end_well()
    reading.must_end_well()


def _comparison(rows: dict[str, int]) -> str:
    """Return SQL that fails with a sentence if a table does not hold what it should."""
    checks = [
        f"IF (SELECT count(*) FROM public.{_quoted(table)}) <> {count} THEN "
        f"RAISE EXCEPTION 'table % does not hold {count} rows', {_literal(table)}; END IF;"
        for table, count in rows.items()
    ]
    return "DO $compare$ BEGIN\n" + "\n".join(checks) + "\nEND $compare$;"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class Program:
    """One of PostgreSQL's client programs at work on our database."""

    def __init__(self, name: str, *options: str, **pipes):
        program = shutil.which(name, path=settings.POSTGRES_PROGRAMS or None)
        if program is None:
            raise DatabaseTrouble(
                f"{name} is not here. Install PostgreSQL's client programs, or name their folder in POSTGRES_PROGRAMS."
            )
        self.name = name
        self.complaints = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the program; a pipe would fill up
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, **pipes}
        self.process = subprocess.Popen([program, *options], env=_environment(), stderr=self.complaints, **pipes)

    def must_end_well(self) -> None:
        """Wait for it. Raises DatabaseTrouble with what it says first, if it fails."""
        code = self.process.wait()
        with self.complaints:
            self.complaints.seek(0)
            lines = self.complaints.read().decode(errors="replace").strip().splitlines()
        if code != 0:
            raise DatabaseTrouble(lines[0] if lines else f"{self.name} ended with {code} and no word.")


def _environment() -> dict[str, str]:
    """Return where the database is, the way PostgreSQL's programs read it; nothing of it is an argument."""
    known = connection.settings_dict
    told = {
        "PGHOST": known["HOST"],
        "PGPORT": str(known["PORT"]),
        "PGUSER": known["USER"],
        "PGPASSWORD": known["PASSWORD"],
        "PGDATABASE": known["NAME"],
        "PGSSLMODE": known["OPTIONS"].get("sslmode", ""),
        "PGSSLROOTCERT": known["OPTIONS"].get("sslrootcert", ""),
        "PGCONNECT_TIMEOUT": "10",
        "PGCLIENTENCODING": "UTF8",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C", **{name: value for name, value in told.items() if value}}
