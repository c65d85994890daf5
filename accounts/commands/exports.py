"""Taking a table along: what was taken, by whom and how much of it is on record."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation

from accounts.commands.record import record
from accounts.models import AccountEvent, User
from foundation.tables import Table

#: Words that were searched for may be anybody's name: that somebody searched is kept, and not for what.
TYPED = "q"
LONGEST = 60


def export(*, table: Table, by: User, at: datetime) -> Iterator[str]:
    """Return the table as CSV, a thousand rows at a time, for whoever reads it after the request is over.

    It is on record before its first line can leave. Where another number of rows leaves than was counted then,
    because the stream breaks off or the list changes meanwhile, a second record says how many.
    """
    facts: dict = {"what": table.name, "rows": table.count}
    if table.asked:
        facts["asked"] = {_short(name): name == TYPED or _short(value) for name, value in table.asked.items()}
    record(AccountEvent.Verb.EXPORTED, person=by, by=by, at=at, **facts)
    return _told(table, by, at, translation.get_language())


def _told(table: Table, by: User, at: datetime, language: str) -> Iterator[str]:
    lines, sent = table.lines(), 0
    try:
        while True:
            # The language of the request ended with it.
            with translation.override(language):
                some = next(lines, None)
            if some is None:
                return
            sent += some.rows
            yield some.text
    finally:
        if sent != table.count:
            record(AccountEvent.Verb.EXPORTED, person=by, by=by, at=at, what=table.name, rows=table.count, sent=sent)


def _short(value: str) -> str:
    """Return what of a parameter may be kept: nobody's letter, and nothing the database would refuse."""
    return "".join(filter(str.isprintable, value))[:LONGEST]
