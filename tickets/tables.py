"""The lists of reports as tables to take along.

Each starts at the rows of its page, in their order, and reads all of them. None names who reported, took or solved
anything: a table leaves the house, and no figure shall be made of persons.
"""

from collections.abc import Iterable
from itertools import chain
from operator import attrgetter

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.paging import pages_of
from foundation.tables import ROWS_AT_ONCE, Column, Table
from tickets.models import Ticket
from tickets.search import Search

#: What a table of reports reads. A name that is missing here would be one statement more a row.
TOLD = (
    *("number", "title", "status", "urgency", "confidential", "place", "created_at", "due_at"),
    *("school__number", "school__name", "room__name", "category__name_de", "category__name_en"),
)
NUMBER = Column(gettext_lazy("number"), attrgetter("number"))
SCHOOL = [
    Column(gettext_lazy("school number"), attrgetter("school.number")),
    Column(gettext_lazy("school"), attrgetter("school.name")),
]
CATEGORY = Column(gettext_lazy("Category"), attrgetter("category.name"))
STATE = Column(gettext_lazy("state"), Ticket.get_status_display)
DUE = Column(gettext_lazy("due at"), attrgetter("due_at"))
REPORT = [
    NUMBER,
    Column(gettext_lazy("reported at"), attrgetter("created_at")),
    *SCHOOL,
    CATEGORY,
    Column(gettext_lazy("place"), attrgetter("where")),
    Column(gettext_lazy("title"), attrgetter("title")),
    Column(gettext_lazy("confidential"), attrgetter("confidential")),
    Column(gettext_lazy("urgency"), Ticket.get_urgency_display),
    STATE,
    DUE,
]


def table_of_search(search: Search) -> Table:
    """Return all reports a search finds."""
    found = search.tickets
    rows = _every(_as_told(found), search.ORDER)
    return Table("tickets", _("Reports"), REPORT, rows, found.count(), search.asked_for)


def _as_told(reports: QuerySet[Ticket], *more: str) -> QuerySet[Ticket]:
    return reports.select_related("school", "room", "category").only(*TOLD, *more)


def _every(rows: QuerySet, order: list[str]) -> Iterable:
    return chain.from_iterable(pages_of(rows, order=order, size=ROWS_AT_ONCE))
