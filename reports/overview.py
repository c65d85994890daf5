"""What a school head begins with: how the school is served, in four numbers, and what is open."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, F, Q, QuerySet

from reports.statistics import Statistics
from schools.models import School
from schools.roster import Manager
from schools.viewer import Viewer
from tickets.models import Ticket
from tickets.whats_next import whats_next

ROWS = 10


class SchoolUnknown(Exception):
    """The viewer heads no school of this number."""


@dataclass(frozen=True)
class Headed:
    """A school the viewer heads, with the reports that are open there now and those past their promise."""

    school: School
    open: int
    overdue: int


class Overview:
    """The start page of a school head, for one school at a time; five statements, however many reports there are.

    Without a number it is the first school in order. Raises SchoolUnknown.
    """

    def __init__(self, viewer: Viewer, number: str = ""):
        self.viewer = viewer
        found = [row for row in self.schools if number in ("", row.school.number)]
        if not found:
            raise SchoolUnknown(number)
        self.chosen = found[0]
        self.school = self.chosen.school

    @cached_property
    def schools(self) -> list[Headed]:
        """Every school the viewer heads, in order."""
        schools = School.objects.visible_to(self.viewer).filter(pk__in=self.viewer.heads).alphabetical()
        rows = self._open.filter(school__in=self.viewer.heads).order_by().values("school")
        overdue = Count("pk", filter=Q(resolution_due_at__lte=self.viewer.at))
        counts = {row["school"]: row for row in rows.annotate(open=Count("pk"), overdue=overdue)}
        nothing = {"open": 0, "overdue": 0}
        return [
            Headed(school, counts.get(school.pk, nothing)["open"], counts.get(school.pk, nothing)["overdue"])
            for school in schools
        ]

    @cached_property
    def statistics(self) -> Statistics:
        """The figures of this school year, with those of the year before."""
        return Statistics(self.viewer, self.school)

    @cached_property
    def rows(self) -> list[Ticket]:
        """The open reports, the next to be solved first; `next_step` says who does what with each."""
        in_order = (F("resolution_due_at").asc(nulls_last=True), "pk")
        rows = list(self._open.filter(school=self.school.pk).with_names().order_by(*in_order)[:ROWS])
        for ticket in rows:
            ticket.next_step = whats_next(ticket, self.viewer)
        return rows

    @property
    def more(self) -> int:
        """How many open reports are not among the rows."""
        return max(0, self.chosen.open - len(self.rows))

    @property
    def manager(self) -> Manager | None:
        """Who is on duty for the school today; None where the coordination steps in."""
        return self.viewer.manager_of(self.school)

    @property
    def _open(self) -> QuerySet[Ticket]:
        return Ticket.objects.visible_to(self.viewer).open().with_due_times()
