"""Statements that every request asks: composed once, not each time."""

from collections.abc import Callable
from functools import cached_property

from django.db import connection
from django.db.models import QuerySet


class Prepared:
    """A queryset of plain values as a statement that is composed at its first use.

    `compose` returns the queryset for the stand-ins, one for each value that differs from call to call; no other
    value in the statement may be equal to one. Composing a union of four tables takes longer than asking it.
    """

    def __init__(self, compose: Callable[..., QuerySet], *stand_ins):
        self.compose = compose
        self.stand_ins = stand_ins

    def __call__(self, *values) -> list[tuple]:
        """Return the rows for these values."""
        sql, parameters = self._statement
        chosen = dict(zip(self.stand_ins, values, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(sql, [chosen.get(parameter, parameter) for parameter in parameters])
            return cursor.fetchall()

    @cached_property
    def _statement(self):
        return self.compose(*self.stand_ins).query.sql_with_params()
