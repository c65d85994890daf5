"""Tables to take along: CSV with semicolons, as spreadsheets in Germany expect it.

A list says once what stands in its columns; its rows are read as they are needed, so that a table of a million rows
takes the memory of one of a thousand.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from foundation.berlin import BERLIN

BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take umlauts for something else
STARTS_A_FORMULA = ("=", "+", "-", "@", "\N{MINUS SIGN}")  # also in full width, small or raised
BREAKS = ("\t", "\r", "\n")  # before which some spreadsheets begin anew
ROWS_AT_ONCE = 1000


class Column(NamedTuple):
    """What stands above a column, and what of a row stands in it."""

    heading: str
    cell: Callable[[Any], object]


class Lines(NamedTuple):
    """Some lines of a table as text, and how many rows of the list they are."""

    text: str
    rows: int


@dataclass(frozen=True)
class Table:
    """A list to take along.

    `name` is what the record of it says, `title` what the file is called, `count` the number of rows as it is known
    before they are read. `asked` is what narrowed the list: the parameters of its page.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Iterable
    count: int
    asked: Mapping[str, str] = field(default_factory=dict)

    def lines(self) -> Iterator[Lines]:
        """Yield the headings, and then the rows, so many at a time as are read at once."""
        yield Lines(BYTE_ORDER_MARK + _as_csv([[capfirst(column.heading) for column in self.columns]]), 0)
        rows = iter(self.rows)
        while some := list(islice(rows, ROWS_AT_ONCE)):
            yield Lines(_as_csv([column.cell(row) for column in self.columns] for row in some), len(some))


def _as_csv(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([_written(cell) for cell in row] for row in rows)
    return text.getvalue()


def _written(cell: object) -> str:
    """Return how a cell reads: instants by the clock in Dortmund, days as such, and words that are only words."""
    match cell:
        case None:
            return ""
        case bool():
            return _("yes") if cell else _("no")
        case int():
            return str(cell)
        case datetime():
            return f"{timezone.localtime(cell, BERLIN):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
    return harmless(str(cell))


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows and does not run (OWASP ASVS 5.0, 1.2.10)."""
    cell = cell.replace("\x00", "")
    if cell[:1].isalnum():
        return cell
    begins = next((letter for letter in cell if not _is_unseen(letter)), "")
    runs = unicodedata.normalize("NFKC", begins) in STARTS_A_FORMULA or cell.startswith(BREAKS)
    return f"'{cell}" if runs else cell


def _is_unseen(letter: str) -> bool:
    """Return whether a letter takes room or no room at all, and shows nothing: what some programs cut off."""
    return letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf")
