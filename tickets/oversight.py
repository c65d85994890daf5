"""Who is responsible for every open report, for the whole city at once, and proof that there is always somebody.

Reads groups of reports that lie with the same person, queue or team, one statement however many reports there are;
who that is says `routing.responsible_for`, as for a single report.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.paging import Page, page_of
from schools.models import School
from schools.roster import Roster
from schools.viewer import Viewer
from teams.models import Team
from tickets.lifecycle import Level
from tickets.models import Ticket
from tickets.routing import Responsible, responsible_for

KINDS = {
    "person": _("With a person"),
    "manager": _("In the queue of the campus management on duty"),
    "coordination": _("In the queue of the coordination"),
    "team": _("With a team of the Systemhaus"),
    "nobody": _("Without anybody"),
}
COLUMNS = {
    "at_school": F("school_id"),
    "school_number": F("school__number"),
    "school_name": F("school__name"),
    "school_order": F("school__sort_key"),
    "at_campus": F("school__campus_id"),
    "campus_slug": F("school__campus__slug"),
    "campus_name": F("school__campus__name"),
    "campus_order": F("school__campus__sort_key"),
    "at_level": F("level"),
    "person": F("assignee_id"),
    "team_key": F("team_id"),
}


def kind_of(found: Responsible, *, team: int | None, roster: Roster) -> str:
    """Return which of `KINDS` it is; "nobody" where the queue or team named has no member who may sign in."""
    if found.kind == "person":
        return "person"
    if found.kind == "team":
        return "team" if any(key == team for key, _person in roster.specialists) else "nobody"
    if found.manager is not None:
        return "manager"
    return "coordination" if roster.coordination else "nobody"


def open_by_school(viewer: Viewer) -> dict[int, int]:
    """Return how many open reports each school has, as far as the viewer oversees them; one statement."""
    rows = Ticket.objects.overseen_by(viewer).open().order_by().values("school")
    return dict(rows.annotate(count=Count("pk")).values_list("school", "count"))


@dataclass(frozen=True)
class Group:
    """Open reports of one school that lie with the same person, queue or team."""

    row: dict
    kind: str
    count: int

    @property
    def place(self) -> tuple:
        """What decides who is responsible, without the school."""
        return self.row["at_level"], self.row["person"], self.row["team_key"]


@dataclass(frozen=True)
class Share:
    """How many open reports lie with one kind of responsible."""

    kind: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    current: bool


class Oversight:
    """The open reports a coordinator oversees, narrowed by campus (slug), school (number) and kind of responsible.

    Reads two statements: the groups of all reports, and one page of rows.
    """

    ORDER = ("due_at", "id")  # next due first

    def __init__(self, viewer: Viewer, *, campus: str = "", school: str = "", kind: str = "", after: str = ""):
        self.viewer = viewer
        self.campus, self.school = campus, school
        self.kind = kind if kind in KINDS else ""
        self.after = after

    @cached_property
    def groups(self) -> list[Group]:
        rows = Ticket.objects.overseen_by(self.viewer).open().order_by().values(**COLUMNS)
        rows = rows.annotate(count=Count("pk"))
        return [Group(row, self._kind(_specimen(row), row["team_key"]), row["count"]) for row in rows]

    @property
    def total(self) -> int:
        """All open reports, whatever is chosen."""
        return sum(group.count for group in self.groups)

    @property
    def shares(self) -> list[Share]:
        """The reports of the chosen campus and school by kind; together they are all of them."""
        counts = Counter()
        for group in self._chosen(kind=False):
            counts[group.kind] += group.count
        return [Share(kind, label, counts[kind], kind == self.kind) for kind, label in KINDS.items()]

    @property
    def chosen_total(self) -> int:
        """The reports of the chosen campus and school."""
        return sum(group.count for group in self._chosen(kind=False))

    @property
    def without_anybody(self) -> int:
        """The reports of the whole city that nobody looks after. A number above zero is a fault to mend today."""
        return sum(group.count for group in self.groups if group.kind == "nobody")

    @property
    def campuses(self) -> list[Choice]:
        """The campuses with open reports, and the chosen one."""
        return self._choices("campus_slug", "campus_name", self.campus, self.groups)

    @property
    def schools(self) -> list[Choice]:
        """The schools of the chosen campus with open reports."""
        groups = [group for group in self.groups if self.campus in ("", group.row["campus_slug"])]
        return self._choices("school_number", "school_name", self.school, groups)

    @property
    def asked_for(self) -> dict[str, str]:
        """The parameters that lead back to this list."""
        asked = {"campus": self.campus, "school": self.school, "kind": self.kind}
        return {name: value for name, value in asked.items() if value}

    @cached_property
    def listed(self) -> QuerySet[Ticket]:
        """All open reports of the chosen campus, school and kind."""
        rows = Ticket.objects.overseen_by(self.viewer).open()
        if self.campus or self.school or self.kind:
            rows = rows.filter(self._condition())
        return rows

    def kind_of(self, ticket: Ticket) -> str:
        """Return which of `KINDS` it is for a report with its school, who took it and its team."""
        return self._kind(ticket, ticket.team_id)

    @cached_property
    def page(self) -> Page:
        names = ("number", "status", "level", "due_at", "category__name_de", "category__name_en", "category__icon")
        places = ("school__number", "school__name", "school__campus", "assignee__first_name", "assignee__last_name")
        teams = ("team__name_de", "team__name_en")
        rows = self.listed.select_related("school", "category", "assignee", "team")
        return page_of(rows.only(*names, *places, *teams), order=self.ORDER, after=self.after)

    @cached_property
    def rows(self) -> Sequence[Ticket]:
        """The reports of this page: `responsible` says who it is, `in_full` whether the viewer may open it."""
        for ticket in self.page.rows:
            ticket.responsible = responsible_for(ticket, self.viewer.roster)
            ticket.responsible_kind = self.kind_of(ticket)
            ticket.in_full = ticket.school_id in self.viewer.unattended_schools
        return self.page.rows

    def _kind(self, ticket, team) -> str:
        return kind_of(responsible_for(ticket, self.viewer.roster), team=team, roster=self.viewer.roster)

    def _chosen(self, *, kind: bool) -> list[Group]:
        return [
            group
            for group in self.groups
            if self.campus in ("", group.row["campus_slug"])
            and self.school in ("", group.row["school_number"])
            and (not kind or self.kind in ("", group.kind))
        ]

    def _condition(self) -> Q:
        """Return the chosen groups as a condition: the schools of each place a report may lie at."""
        schools: dict[tuple, set[int]] = {}
        for group in self._chosen(kind=bool(self.kind)):
            schools.setdefault(group.place, set()).add(group.row["at_school"])
        condition = Q(pk__in=[])
        for (level, person, team), keys in schools.items():
            condition |= Q(level=level, assignee=person, team=team, school__in=keys)
        return condition

    def _choices(self, key: str, name: str, chosen: str, groups: Sequence[Group]) -> list[Choice]:
        order = f"{name.removesuffix('_name')}_order"
        found = {(group.row[order], group.row[key], group.row[name]) for group in groups if group.row[key]}
        return [Choice(value, label, value == chosen) for _order, value, label in sorted(found)]


def _specimen(row: dict) -> Ticket:
    """Return one report of a group as far as routing looks at it; never saved."""
    ticket = Ticket(level=Level(row["at_level"]), school=School(pk=row["at_school"], campus_id=row["at_campus"]))
    # Names are of no matter here: only who it is counts.
    if row["person"] is not None:
        ticket.assignee = User(pk=row["person"])
    if row["team_key"] is not None:
        ticket.team = Team(pk=row["team_key"])
    return ticket
