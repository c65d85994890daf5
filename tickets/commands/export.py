"""Reports as a table to take along. It names no persons, and that somebody took it is kept."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import commands as accounts
from accounts.models import AccountEvent, User
from foundation.berlin import BERLIN
from foundation.tables import csv_lines
from tickets.models import Ticket
from tickets.search import Search

MOST_ROWS = 20_000


class TooManyRows(Exception):
    """The search finds more reports than one table takes."""


@transaction.atomic
def export_tickets(*, search: Search, by: User, at: datetime) -> str:
    """Return the reports of a search as CSV with semicolons, as spreadsheets in Germany expect it.

    Raises TooManyRows.
    """
    rows = list(search.tickets.with_names().order_by("-pk")[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS:
        raise TooManyRows
    accounts.record(AccountEvent.Verb.EXPORTED, person=by, by=by, at=at, what="tickets", rows=len(rows))
    return "".join(csv_lines(_table(rows)))


def _table(tickets: list[Ticket]) -> Iterator[list]:
    yield [_("number"), _("reported at"), _("school"), _("Category"), _("place"), _("title"), _("state"), _("due at")]
    for ticket in tickets:
        yield [
            ticket.number,
            _local(ticket.created_at),
            f"{ticket.school.number} {ticket.school.name}",
            ticket.category.name,
            ticket.where,
            ticket.title,
            ticket.get_status_display(),
            _local(ticket.due_at),
        ]


def _local(instant: datetime | None) -> str:
    return f"{timezone.localtime(instant, BERLIN):%Y-%m-%d %H:%M}" if instant else ""
