"""Keyset pages: the next page begins after a row, not after a number of rows, so every page costs the same."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

ROWS_A_PAGE = 25


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursor behind the last of them; empty when there are no more."""

    rows: list
    next: str


class UnknownCursor(ValueError):
    """The cursor was not made here: 404."""


def page_of(rows: QuerySet, *, by: str, after: str = "", size: int = ROWS_A_PAGE) -> Page:
    """Return one page ordered by the instant `by` and the key, ascending; `-pk` orders by the key, newest first.

    Raises UnknownCursor for a cursor nobody was given.
    """
    if by == "-pk":
        rows = rows.order_by("-pk")
        if after:
            rows = rows.filter(pk__lt=_decoded(after, 1)[0])
    else:
        rows = rows.order_by(by, "pk")
        if after:
            instant, pk = _decoded(after, 2)
            rows = rows.filter(Q(**{f"{by}__gt": instant}) | Q(**{by: instant, "pk__gt": pk}))
    found = list(rows[: size + 1])
    cursor = ""
    if len(found) > size:
        found.pop()
        last = found[-1]
        cursor = _encoded([last.pk] if by == "-pk" else [getattr(last, by).isoformat(), last.pk])
    return Page(found, cursor)


def _encoded(parts) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _decoded(cursor: str, length: int) -> list:
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(parts, list) or len(parts) != length:
            raise UnknownCursor(cursor)
        if length == 2:
            parts[0] = _instant(parts[0])
        pk = parts[-1]
        if not isinstance(pk, int) or not -(2**63) <= pk < 2**63:
            raise UnknownCursor(cursor)
    except (ValueError, TypeError) as error:
        raise UnknownCursor(cursor) from error
    return parts


def _instant(text: str) -> datetime:
    instant = parse_datetime(text)
    if instant is None or instant.tzinfo is None:
        raise UnknownCursor(text)
    return instant
