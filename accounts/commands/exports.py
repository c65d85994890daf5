"""Taking a table along: what was taken, by whom and how much of it is on record."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation

from accounts.commands.export_turns import Turn
from accounts.commands.record import record
from accounts.models import AccountEvent, User
from foundation.tables import Table

#: Words that were searched for may be anybody's name: that somebody searched is kept, and not for what.
TYPED = "q"
LONGEST = 60


class Stream(Iterator[str]):
    """A table on its way; its turn ends with it, however it ends, and also if nobody ever reads a line."""

    def __init__(self, texts: Iterator[str], turn: Turn):
        self._texts, self._turn = texts, turn

    def __next__(self) -> str:
        self._turn.begin()
        try:
            return next(self._texts)
        except BaseException:  # the last line has left, or something broke
            self._turn.end()
            raise

    def close(self) -> None:
        """Stop; called by the server when all is sent or nobody listens any more."""
        try:
            self._texts.close()
        finally:
            self._turn.end()


def export(*, table: Table, by: User, at: datetime) -> Stream:
    """Return the table as CSV, a thousand rows at a time, for whoever reads it after the request is over, and closes
    it. Raises ExportRefused while another table leaves for the same person, or too many do.

    It is on record before its first line can leave. Where another number of rows leaves than was counted then,
    because the stream breaks off or the list changes meanwhile, a second record says how many.
    """
    turn = Turn(by)
    try:
        _record(table, by, at)
    except BaseException:
        turn.end()
        raise
    return Stream(_told(table, by, at, translation.get_language()), turn)


def _record(table: Table, by: User, at: datetime) -> None:
    facts: dict = {"what": table.name, "rows": table.count}
    if table.asked:
        facts["asked"] = {_short(name): name == TYPED or _short(value) for name, value in table.asked.items()}
    record(AccountEvent.Verb.EXPORTED, person=by, by=by, at=at, **facts)


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
