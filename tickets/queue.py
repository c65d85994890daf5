"""What the tablet shows: the open reports of the schools one has on duty, the most urgent first."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.db.models import Count, Q, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from foundation.berlin import start_of_day
from schools.viewer import Viewer
from tickets import live
from tickets.lifecycle import REOPEN_DAYS, Level, Status, Step
from tickets.live_list import LiveList
from tickets.models import Ticket

ASKED = Q(level=Level.SECOND) & ~Q(mediator_question="")  # the Systemhaus waits for a word of the first level
TO_DO = Q(level=Level.FIRST, status__in=[Status.NEW, Status.IN_PROGRESS, Status.REOPENED]) | ASKED
WAITING = Q(status__in=[Status.WAITING_REPORTER, Status.WAITING_EXTERNAL]) & ~ASKED
ELSEWHERE = Q(level=Level.SECOND, status__in=[Status.ESCALATED, Status.IN_PROGRESS]) & ~ASKED
SOLVED_ELSEWHERE = Q(level=Level.SECOND, status=Status.RESOLVED)
SCHOOL = ("school__number", "school__name", "school__sort_key")
MOST_SCHOOLS = 20  # a manager looks after up to 17; the helpdesk sees the fullest of the city


@dataclass(frozen=True)
class Tab:
    """One view of the queue, with its number of reports."""

    key: str
    label: str
    count: int
    current: bool


class Queue(LiveList):
    """The queue of one viewer; reads four statements: two of counts, and two of one page of rows.

    `tab` is "todo", "waiting", "elsewhere" or "solved" (lately, by the Systemhaus), `school` narrows to one school (by
    number).
    """

    ONE_TAP = Step.ACCEPT
    KEYS_FIRST = True

    FILTERS = {"todo": TO_DO, "waiting": WAITING, "elsewhere": ELSEWHERE}
    SOLVED = "solved"
    LABELS = {
        "todo": _("To do"),
        "waiting": _("Waiting"),
        "elsewhere": _("With the Systemhaus"),
        SOLVED: _("Solved by the Systemhaus"),
    }

    def __init__(self, viewer: Viewer, *, tab: str = "todo", school: str = "", **shown):
        super().__init__(viewer, **shown)
        self.tab = tab if tab in self.LABELS else "todo"
        self.school = school

    @cached_property
    def _looked_after(self) -> QuerySet[Ticket]:
        viewer = self.viewer
        seen = Ticket.objects.visible_to(viewer)
        if viewer.is_helpdesk:
            return seen
        schools = viewer.schools_on_duty | viewer.unattended_schools
        return seen.filter(Q(school__in=schools) | Q(assignee=viewer.person))

    @cached_property
    def scope(self) -> QuerySet[Ticket]:
        """The open reports the viewer has to look after; a subset of what they may see."""
        return self._looked_after.open()

    @cached_property
    def _solved(self) -> QuerySet[Ticket]:
        """What the Systemhaus has solved and the mediator may still open again."""
        since = start_of_day(self.viewer.day - timedelta(days=REOPEN_DAYS))
        return self._looked_after.filter(SOLVED_ELSEWHERE, resolved_at__gte=since)

    @cached_property
    def _open(self) -> list[dict]:
        """What is open by school and tab, and what the stamp is made of, in one statement."""
        counts = {key: Count("pk", filter=condition) for key, condition in self.FILTERS.items()}
        return list(self.scope.values(*SCHOOL).annotate(**counts, **live.measures()))

    @cached_property
    def _counts(self) -> list[dict]:
        """Counts by school and tab, in two statements: of what is open, and of what was solved lately."""
        rows = {row["school__number"]: dict(row) for row in self._open}
        for row in self._solved.values(*SCHOOL).annotate(solved=Count("pk")):
            rows[row["school__number"]] = dict.fromkeys(self.FILTERS, 0) | rows.get(row["school__number"], {}) | row
        for row in rows.values():
            row.setdefault(self.SOLVED, 0)
        return sorted(rows.values(), key=lambda row: row["school__sort_key"])

    @cached_property
    def tabs(self) -> list[Tab]:
        rows = [row for row in self._counts if self.school in ("", row["school__number"])]
        return [Tab(key, label, sum(row[key] for row in rows), key == self.tab) for key, label in self.LABELS.items()]

    @cached_property
    def schools(self) -> list[Tab]:
        """The schools that have something in the current tab."""
        return [
            Tab(
                row["school__number"],
                row["school__name"],
                row[self.tab],
                row["school__number"] == self.school,
            )
            for row in self._counts
            if row[self.tab] or row["school__number"] == self.school
        ]

    @cached_property
    def shown_schools(self) -> list[Tab]:
        """The schools offered to narrow by: the fullest ones, and always the chosen one."""
        by_fullness = sorted(self.schools, key=lambda school: (not school.current, -school.count))
        chosen = {school.key for school in by_fullness[:MOST_SCHOOLS]}
        return [school for school in self.schools if school.key in chosen]

    @property
    def is_one_school(self) -> bool:
        return any(school.current for school in self.schools)

    @property
    def total(self) -> int:
        """All reports of the current tab, whatever the school."""
        return sum(row[self.tab] for row in self._counts)

    @cached_property
    def stamp(self) -> str:
        """What tells a page that nothing is new: one statement over all tabs, or the counts it has read anyway."""
        if self.seen is None:
            return live.stamp_of_groups(self._open, self.viewer)
        return live.stamp_of(self.scope, self.viewer)

    @property
    def asked_for(self) -> dict[str, str]:
        """The parameters that lead back to this view of the queue."""
        return {"tab": self.tab, **({"school": self.school} if self.school else {})}

    @property
    def address(self) -> str:
        """What follows the address of the queue to see this part of it."""
        return "?" + urlencode(self.asked_for | ({"after": self.after} if self.after else {}))

    @property
    def listed(self) -> QuerySet[Ticket]:
        """All reports of this view."""
        rows = self._solved if self.tab == self.SOLVED else self.scope.filter(self.FILTERS[self.tab])
        return rows.filter(school__number=self.school) if self.school else rows

    @property
    def order(self) -> list[str]:
        """What they are sorted by."""
        if self.tab == "todo":
            return ["due_at", "id"]
        return ["-changed_at", "-id"] if self.tab == self.SOLVED else ["changed_at", "id"]

    @property
    def all_rows(self) -> QuerySet[Ticket]:
        return self.listed.as_queue_rows().with_affected()
