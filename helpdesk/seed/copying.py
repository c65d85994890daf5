"""Rows into the database by COPY: the only way to a million of them before the coffee is cold."""

from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from django.db import connection, models

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Copy:
    """Collects rows of one model and writes them in one go; columns as in the database."""

    def __init__(self, model: type[models.Model], columns: Sequence[str]):
        self.table = model._meta.db_table
        self.columns = columns
        self.lines: list[str] = []

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, *values) -> None:
        self.lines.append("\t".join([as_text(value) for value in values]))

    def write(self) -> None:
        """Write what was collected and forget it; inside the caller's transaction."""
        if not self.lines:
            return
        names = ", ".join(f'"{name}"' for name in self.columns)
        rows = StringIO("\n".join(self.lines) + "\n")
        self.lines = []
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{self.table}" ({names}) FROM STDIN', rows)


def as_text(value) -> str:
    """Return a value the way COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPED)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def take_numbers(sequence: str, count: int) -> list[int]:
    """Return the next `count` numbers of a sequence; nobody else will get them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return [row[0] for row in cursor.fetchall()]
