"""Rows into the database by COPY: the only way to a million of them before the coffee is cold."""

import json
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

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
        self.defaults = "".join(f"\t{as_text(_default_of(field))}" for field in others)
        self.lines: list[str] = []

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, *values) -> None:
        """Add a row with these values of the given columns, in their order."""
        self.lines.append("\t".join([as_text(value) for value in values]) + self.defaults)

    def write(self) -> None:
        """Write what was collected and forget it; inside the caller's transaction."""
        if not self.lines:
            return
        names = ", ".join(f'"{name}"' for name in self.columns)
        rows = StringIO("\n".join(self.lines) + "\n")
        self.lines = []
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{self.table}" ({names}) FROM STDIN', rows)


def _default_of(field: models.Field):
    value = field.get_default()
    return json.dumps(value) if isinstance(field, models.JSONField) else field.get_prep_value(value)


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
