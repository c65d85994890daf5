"""The lists of reports as tables to take along.

Each starts at the rows of its page, in their order, and reads all of them. None names who reported, took or solved
anything: a table leaves the house, and no figure shall be made of persons.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from foundation.paging import pages_of
from foundation.tables import ROWS_AT_ONCE, Column, Table
from notifications.models import OutboxMessage
from tickets.clock_page import ClockCard, ClockPage
from tickets.inbox import Inbox, Subject, subjects
from tickets.lifecycle import Level, Status
from tickets.models import Ticket
from tickets.notice_words import notice_words
from tickets.oversight import KINDS, Oversight
from tickets.queue import Queue
from tickets.school_map import SchoolMap
from tickets.search import Search
from tickets.sla import LedgerLine
from tickets.triage import Triage

#: What a table of reports reads. A name that is missing here would be one statement more a row.
TOLD = (
    *("number", "title", "status", "level", "urgency", "confidential", "place", "created_at", "due_at"),
    *("school__number", "school__name", "room__name", "category__name_de", "category__name_en"),
)


def state_of(ticket: Ticket) -> str:
    """Return the state as a list shows it: at work at the second level is with the Systemhaus."""
    if ticket.status == Status.IN_PROGRESS and ticket.level == Level.SECOND:
        return str(Level.SECOND.label)
    return ticket.get_status_display()


def team_of(ticket: Ticket) -> str:
    return ticket.team.name if ticket.team_id else ""


NUMBER = Column(gettext_lazy("number"), attrgetter("number"))
SCHOOL = [
    Column(gettext_lazy("school number"), attrgetter("school.number")),
    Column(gettext_lazy("school"), attrgetter("school.name")),
]
CATEGORY = Column(gettext_lazy("Category"), attrgetter("category.name"))
STATE = Column(gettext_lazy("state"), state_of)
SINCE = Column(gettext_lazy("state since"), attrgetter("changed_at"))
DUE = Column(gettext_lazy("due at"), attrgetter("due_at"))
TEAM = Column(gettext_lazy("team"), team_of)
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


def table_of_queue(queue: Queue) -> Table:
    """Return all reports of one view of a queue."""
    rows = _every(_as_told(queue.listed, "changed_at"), queue.order)
    label = f"{_('Reports')} {Queue.LABELS[queue.tab]}"
    return Table("queue", label, [*REPORT, SINCE], rows, queue.listed.count(), queue.asked_for)


def table_of_triage(triage: Triage) -> Table:
    """Return all reports of one list of the second level."""
    columns = [
        *REPORT,
        Column(gettext_lazy("due at for the team"), attrgetter("team_due_at")),
        Column(gettext_lazy("first handed over at"), attrgetter("first_escalated_at")),
        TEAM,
    ]
    more = ("team_due_at", "first_escalated_at", "team__name_de", "team__name_en")
    rows = _every(_as_told(triage.listed.select_related("team"), *more), triage.order)
    label = f"{_('Reports')} {_('Systemhaus')}"
    return Table("triage", label, columns, rows, triage.listed.count(), triage.address)


def table_of_oversight(oversight: Oversight) -> Table:
    """Return all open reports one oversees, with where each lies and without a word of it or a name."""
    lies = Column(gettext_lazy("With whom"), lambda ticket: KINDS[oversight.kind_of(ticket)])
    rows = oversight.listed.select_related("school__campus", "category", "assignee", "team").only(
        *("number", "status", "level", "created_at", "due_at", "category__name_de", "category__name_en"),
        *("school__number", "school__name", "school__campus__name", "assignee", "team__name_de", "team__name_en"),
    )
    campus = Column(gettext_lazy("campus"), lambda ticket: ticket.school.campus and ticket.school.campus.name)
    columns = [NUMBER, *SCHOOL, campus, CATEGORY, STATE, DUE, lies, TEAM]
    count, every = oversight.listed.count(), _every(rows, oversight.ORDER)
    return Table("responsibility", _("Open reports"), columns, every, count, oversight.asked_for)


def table_of_districts(shown: SchoolMap) -> Table:
    """Return the schools of a map by district, with whoever is on duty."""
    spots = [spot for district in shown.districts for spot in district.spots]
    columns = [
        Column(gettext_lazy("district"), attrgetter("school.district")),
        *SCHOOL,
        Column(gettext_lazy("school form"), lambda spot: spot.school.get_form_display()),
        Column(gettext_lazy("campus"), lambda spot: spot.campus and spot.campus.name),
        Column(gettext_lazy("On duty"), lambda spot: spot.manager and spot.manager.name),
    ]
    if shown.counted:
        columns.append(Column(gettext_lazy("Open reports"), attrgetter("open")))
    return Table("districts", _("Schools by city district"), columns, spots, len(spots), shown.asked_for)


def table_of_inbox(inbox: Inbox) -> Table:
    """Return all of one's own notices, with what one may know now of what they are about."""
    columns = [
        Column(pgettext_lazy("a notice", "told at"), lambda row: row[0].created_at),
        Column(pgettext_lazy("a notice", "what happened"), lambda row: notice_words(row[0].kind, own=row[1].own)),
        Column(gettext_lazy("number"), lambda row: row[1].number),
        Column(gettext_lazy("title"), lambda row: row[1].title),
        Column(gettext_lazy("school"), lambda row: row[1].school),
        Column(gettext_lazy("read at"), lambda row: row[0].read_at),
    ]
    asked = {"show": "unread"} if inbox.unread_only else {}
    return Table("notices", _("Notices"), columns, _notices(inbox), inbox.listed.count(), asked)


def table_of_clocks(page: ClockPage) -> Table:
    """Return the lines of the ledgers of one report, each stretch of time by itself."""
    columns = [
        Column(gettext_lazy("clock"), lambda row: row[0].row.get_kind_display()),
        Column(pgettext_lazy("time", "which part"), lambda row: row[1]),
        Column(pgettext_lazy("time", "begins"), lambda row: row[2].begins),
        Column(pgettext_lazy("time", "ends"), lambda row: row[2].ends),
        Column(gettext_lazy("counted (seconds)"), lambda row: int(row[2].counted.total_seconds())),
        Column(gettext_lazy("What became of it"), lambda row: _("Counts") if row[2].counted else row[2].label),
    ]
    lines = list(_ledger_lines(page))
    return Table("clocks", f"{_('due times')} {page.ticket.number}", columns, lines, len(lines))


def _as_told(reports: QuerySet[Ticket], *more: str) -> QuerySet[Ticket]:
    return reports.select_related("school", "room", "category").only(*TOLD, *more)


def _every(rows: QuerySet, order: Sequence[str]) -> Iterable:
    return chain.from_iterable(pages_of(rows, order=order, size=ROWS_AT_ONCE))


def _notices(inbox: Inbox) -> Iterator[tuple[OutboxMessage, Subject]]:
    for notices in pages_of(inbox.listed, order=inbox.ORDER, size=ROWS_AT_ONCE):
        known = subjects(inbox.viewer, {notice.about for notice in notices})
        for notice in notices:
            yield notice, known.get(notice.about, Subject(notice.about))


def _ledger_lines(page: ClockPage) -> Iterator[tuple[ClockCard, str, LedgerLine]]:
    for card in page.cards:
        parts = ((_("until now"), card.spent), (_("After the due time"), card.over), (_("planned"), card.planned))
        for name, part in parts:
            for line in part.lines:
                yield card, name, line
