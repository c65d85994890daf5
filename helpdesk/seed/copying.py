"""Rows into the database by COPY: the only way to a million of them before the coffee is cold."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from io import BytesIO

from django.db import connection, models

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Copy:
    """Collects rows of one model and writes them in one go.

    `columns` are those whose values are given for each row; all others get the default of their field, as they
    would from the ORM, so that a field added later needs nothing here.
    """

    def __init__(self, model: type[models.Model], columns: Sequence[str]):
        others = [
            field
            for field in model._meta.concrete_fields
            if field.column not in columns and not field.generated and not field.primary_key
        ]
        self.table = model._meta.db_table
        self.columns = [*columns, *(field.column for field in others)]
        self.defaults = _line(["", *map(_default_of, others)])
        self.lines: list[str] = []

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, *values) -> None:
        """Add a row with these values of the given columns, in their order."""
        self.lines.append(_line(values) + self.defaults)

    def taken(self) -> bytes:
        """Return what was collected, as COPY reads it, and forget it."""
        lines, self.lines = self.lines, []
        return "".join([line + "\n" for line in lines]).encode()

    def write(self, rows: bytes | None = None) -> None:
        """Write rows that were `taken` somewhere, or what was collected; inside the caller's transaction."""
        rows = self.taken() if rows is None else rows
        if not rows:
            return
        names = ", ".join(f'"{name}"' for name in self.columns)
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{self.table}" ({names}) FROM STDIN', BytesIO(rows), size=1 << 20)


def _default_of(field: models.Field):
    value = field.get_default()
    return json.dumps(value) if isinstance(field, models.JSONField) else field.get_prep_value(value)


@lru_cache(maxsize=4096)
def _escaped(text: str) -> str:
    """Return a text without what COPY takes for the end of it; the same few are asked for again and again."""
    return text.translate(_ESCAPED)


class _Ways(dict):
    """How COPY reads a value, by its type; one of another type is written as it writes itself."""

    def __missing__(self, kind: type):
        return lambda value: _escaped(str(value))


_WAYS = _Ways(
    {
        type(None): lambda value: "\\N",
        str: _escaped,
        int: str,
        bool: lambda value: "t" if value else "f",
        datetime: datetime.isoformat,
    }
)


def _line(values: Sequence) -> str:
    return "\t".join([_WAYS[type(value)](value) for value in values])


def take_numbers(sequence: str, count: int) -> list[int]:
    """Return the next `count` numbers of a sequence; nobody else will get them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return [row[0] for row in cursor.fetchall()]
