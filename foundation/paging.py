"""Keyset pages: the next page begins after a row, so the thousandth costs what the first did."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet

ROWS_A_PAGE = 25
LONGEST_CURSOR = 600


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursor behind the last of them; empty when there are no more."""

    rows: list
    next: str


class WrongCursor(ValueError):
    """The cursor was not made here: 404 for a page, 400 for the API."""


def page_of(
    rows: QuerySet, *, order: Sequence[str], after: str = "", size: int = ROWS_A_PAGE, keys_first: bool = False
) -> Page:
    """Return one page in the order of these columns, of which the last one is unique.

    A column that may be empty sorts its empty rows last; only the first one may. "-" before the names of all
    columns turns the order around. With `keys_first` a statement of its own finds the rows, and what they show is
    joined to those of the page: where nothing has their order, the database would join it to all and sort then.
    Raises WrongCursor.
    """
    names = [name.removeprefix("-") for name in order]
    down = order[0].startswith("-")
    if after:
        rows = rows.filter(_behind(rows.model, names, _decoded(rows.model, names, after), down))
    rows = rows.order_by(*(F(name).desc() if down else F(name).asc(nulls_last=True) for name in names))
    if keys_first:
        rows = rows.filter(pk__in=list(rows.values_list("pk", flat=True)[: size + 1]))
    found = list(rows[: size + 1])
    cursor = ""
    if len(found) > size:
        found.pop()
        cursor = _encoded(found[-1], names)
    return Page(found, cursor)


def pages_of(rows: QuerySet, *, order: Sequence[str], size: int) -> Iterator[list]:
    """Yield all rows in the order of `page_of`, so many at a time and a statement for each, without holding any.

    What moves to another place of the order meanwhile may come twice or be missed, as on the pages of a list.
    """
    page = page_of(rows, order=order, size=size)
    while page.rows:
        yield page.rows
        if not page.next:
            return
        page = page_of(rows, order=order, after=page.next, size=size)


def _behind(model, names, values, down) -> Q:
    """Return the condition of the rows behind these values: beyond in one column, and equal in those before."""
    comparison = "lt" if down else "gt"
    condition, equal = Q(), Q()
    for name, value in zip(names, values, strict=True):
        if value is None:
            equal &= Q(**{f"{name}__isnull": True})
            continue
        beyond = Q(**{f"{name}__{comparison}": value})
        if model._meta.get_field(name).null:
            beyond |= Q(**{f"{name}__isnull": True})
        condition |= equal & beyond
        equal &= Q(**{name: value})
    return condition


def _encoded(row, names) -> str:
    fields = [row._meta.get_field(name) for name in names]
    values = [None if field.value_from_object(row) is None else field.value_to_string(row) for field in fields]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _decoded(model, names, cursor) -> list:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor[:LONGEST_CURSOR] + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(names):
            raise WrongCursor(cursor)
        return [_value(model._meta.get_field(name), value) for name, value in zip(names, values, strict=True)]
    except (ValueError, TypeError, ValidationError, RecursionError) as error:
        raise WrongCursor("unknown cursor") from error


def _value(field, value):
    if value is None and field.null:
        return None
    if not isinstance(value, str) or "\x00" in value:
        raise WrongCursor("unknown cursor")
    value.encode()  # half a surrogate is no text the database could compare
    return getattr(field, "output_field", field).to_python(value)
