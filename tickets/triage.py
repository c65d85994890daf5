"""What the second level works through: the reports of its teams, those that press most first.

Built and tested without HTTP. What stands around one report is in `surroundings.py`.
"""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from devices.models import Device
from foundation.wording import NEAR
from schools.viewer import Viewer
from teams.models import Team
from tickets import live
from tickets.common_cause import LOOKED_BACK, Cause, Started, common_cause
from tickets.lifecycle import Level, Status, Step
from tickets.live_list import LiveList
from tickets.models import Ticket
from tickets.models.ticket_queries import ROW

AT_SECOND_LEVEL = Q(level=Level.SECOND)
WAITING = Q(status__in=[Status.WAITING_REPORTER, Status.WAITING_EXTERNAL])
#: What a row needs besides: when it presses, who has it, and what decides whether one tap takes it.
BESIDES = (
    *("version", "due_at", "team_due_at", "changed_at", "created_by", "reporter", "school__campus"),
    *("first_escalated_at", "closed_from", "resolved_at"),
    *("assignee__first_name", "assignee__last_name", "team__slug", "team__name_de", "team__name_en"),
)
#: What is told of a report that may have its cause in common with others.
STARTED = {
    "pk": F("pk"),
    "at": F("created_at"),
    "category": F("category_id"),
    "name_de": F("category__name_de"),
    "name_en": F("category__name_en"),
    "school": F("school_id"),
    "school_name": F("school__name"),
    "campus": F("school__campus_id"),
    "campus_name": F("school__campus__name"),
}
LONGEST_QUERY = 200


@dataclass(frozen=True)
class Tab:
    """One way to narrow the list, with its number of reports."""

    key: str
    label: str
    icon: str
    count: int
    current: bool


class Triage(LiveList):
    """The work of one specialist; reads two statements: the counts, and one page of rows (two more for a search).

    `view` is one of `LABELS`, `team` narrows to one team (by slug), `near` to what is due within the hour or late.
    `words` searches everything that was ever handed over, whatever the view; `cause` shows the reports that began
    together.
    """

    ONE_TAP = Step.ACCEPT_ESCALATION

    LABELS = {
        "inbox": (_("Inbox"), "inbox"),
        "mine": (_("Mine"), "assignment_ind"),
        "team": (_("In the team"), "group"),
        "waiting": (_("Waiting"), "pause_circle"),
        "returned": (_("With the campus"), "location_on"),
        "all": (_("All teams"), "groups"),
    }

    def __init__(
        self,
        viewer: Viewer,
        *,
        view: str = "inbox",
        team: str = "",
        near: bool = False,
        words: str = "",
        cause: bool = False,
        **shown,
    ):
        super().__init__(viewer, **shown)
        self.view = view if view in self.LABELS else "inbox"
        self.team = team
        self.near = near
        self.words = words
        self.shows_cause = cause

    @classmethod
    def asked(cls, viewer: Viewer, parameters, **seen) -> "Triage":
        """Return the work that the parameters of an address ask for."""
        return cls(
            viewer,
            view=parameters.get("view", ""),
            team=parameters.get("team", "")[:50].replace("\x00", ""),
            near="near" in parameters,
            words=parameters.get("q", "")[:LONGEST_QUERY].replace("\x00", "").strip(),
            cause="cause" in parameters,
            after=parameters.get("after", ""),
            **seen,
        )

    @property
    def address(self) -> dict[str, str]:
        """The parameters that lead back to this list."""
        asked = {
            "view": self.view,
            "team": self.team,
            "near": "1" if self.near else "",
            "q": self.words,
            "cause": "1" if self.shows_cause else "",
        }
        return {name: value for name, value in asked.items() if value}

    @cached_property
    def handed_over(self) -> QuerySet[Ticket]:
        """What was ever handed over to the Systemhaus, as far as the viewer sees it."""
        return Ticket.objects.visible_to(self.viewer).filter(first_escalated_at__isnull=False)

    @cached_property
    def views(self) -> dict[str, Q]:
        """What belongs into each view."""
        own = AT_SECOND_LEVEL & Q(team__in=self.viewer.teams)
        return {
            "inbox": own & Q(status=Status.ESCALATED),
            "mine": AT_SECOND_LEVEL & Q(assignee=self.viewer.person),
            "team": own & Q(status=Status.IN_PROGRESS),
            "waiting": own & WAITING,
            "returned": Q(level=Level.FIRST),
            "all": AT_SECOND_LEVEL,
        }

    @cached_property
    def pressing(self) -> Q:
        """What is due within the hour, or late."""
        return Q(**{f"{self.due}__lte": self.viewer.at + NEAR})

    @property
    def due(self) -> str:
        """The due time that counts in this view: back at the campus it is the promise to the reporter."""
        return "due_at" if self.view == "returned" else "team_due_at"

    @cached_property
    def _counts(self) -> list[dict]:
        """Counts by team and view, what began lately, and what the stamp is made of, in one statement."""
        since = self.viewer.at - LOOKED_BACK
        lately = AT_SECOND_LEVEL & Q(created_at__gte=since, category__is_known_fault=True)
        rows = self.handed_over.open().values("team__slug", "team__name_de", "team__name_en", "team__order")
        counted = rows.annotate(
            **{f"in_{key}": Count("pk", filter=condition) for key, condition in self.views.items()},
            pressing=Count("pk", filter=self.views[self.view] & self.pressing),
            lately=ArrayAgg(JSONObject(**STARTED), filter=lately, default=[]),
            **live.measures("team_due_at"),
        )
        return list(counted.order_by("team__order", "team__slug"))

    @property
    def tabs(self) -> list[Tab]:
        """All views."""
        return [
            Tab(
                key, label, icon, sum(row[f"in_{key}"] for row in self._counts), key == self.view and not self.is_found
            )
            for key, (label, icon) in self.LABELS.items()
        ]

    @property
    def current(self) -> Tab:
        """The view that is shown, or was before something was searched."""
        return next(tab for tab in self.tabs if tab.key == self.view)

    @property
    def narrowings(self) -> list[Tab]:
        """All of the view, what presses, and each of its teams where there are several."""
        shown = f"in_{self.view}"
        chosen = [row for row in self._counts if self.team in ("", row["team__slug"])]
        tabs = [
            Tab("", _("All"), "", self.current.count, not self.near and not self.team),
            Tab("near", _("Due soon"), "", sum(row["pressing"] for row in chosen), self.near),
        ]
        teams = [
            Tab(row["team__slug"], _team_name(row), "", row[shown], row["team__slug"] == self.team)
            for row in self._counts
            if row["team__slug"] and (row[shown] or row["team__slug"] == self.team)
        ]
        return [*tabs, *teams] if len(teams) > 1 or self.team else tabs

    @cached_property
    def cause(self) -> Cause | None:
        """The largest number of open faults that began together, so that one cause is likely; mostly None."""
        return common_cause(Started.read(told) for row in self._counts for told in row["lately"])

    @property
    def is_found(self) -> bool:
        """Whether the list holds what was searched for or began together, not a view."""
        return bool(self.words or self.shows_cause)

    @cached_property
    def stamp(self) -> str:
        """What tells a page that nothing is new: one statement over all views, or the counts it has read anyway."""
        if self.seen is None:
            return live.stamp_of_groups(self._counts, self.viewer)
        return live.stamp_of(self.handed_over.open(), self.viewer, due="team_due_at")

    @cached_property
    def listed(self) -> QuerySet[Ticket]:
        """All reports of this list."""
        return self._found() if self.words else self._narrowed()

    @property
    def order(self) -> list[str]:
        """What they are sorted by."""
        return ["-id"] if self.words else [self.due, "id"]

    @property
    def all_rows(self) -> QuerySet[Ticket]:
        rows = self.listed.select_related("school", "room", "category", "assignee", "team")
        return rows.only(*ROW, *BESIDES)

    def _narrowed(self) -> QuerySet[Ticket]:
        rows = self.handed_over.open()
        if self.shows_cause:
            return rows.filter(AT_SECOND_LEVEL, pk__in=self.cause.keys if self.cause else [])
        rows = rows.filter(self.views[self.view])
        if self.team:
            rows = rows.filter(team__slug=self.team)
        return rows.filter(self.pressing) if self.near else rows

    def _found(self) -> QuerySet[Ticket]:
        """What matches the words, or stands at the device whose label says them."""
        device = Device.objects.visible_to(self.viewer).filter(code=self.words.upper())
        return self.handed_over.searched(self.words) | self.handed_over.filter(device__in=device)

    @cached_property
    def rows(self) -> list[Ticket]:
        """The reports of this page; `mediator` says from whom each comes."""
        rows = super().rows
        for ticket in rows:
            manager = self.viewer.manager_of(ticket.school)
            ticket.mediator = _short(manager.name) if manager else ""
        return rows

    def beside(self, ticket: Ticket) -> Ticket | None:
        """Return the report to go on with: the one below `ticket`, else the one above; None in an empty list.

        `ticket` may have left the list by a step of its own; then its place is where it would stand.
        """
        others = [row for row in self.rows if row.pk != ticket.pk]
        keys = [row.pk for row in self.rows]
        if ticket.pk in keys:
            place = keys.index(ticket.pk)
        else:
            place = sum(_sort_key(row) < _sort_key(ticket) for row in others)
        return others[min(place, len(others) - 1)] if others else None


def _team_name(row) -> str:
    return Team(name_de=row["team__name_de"], name_en=row["team__name_en"]).name


def _short(name: str) -> str:
    """Return a name as it fits into a row: "M. Aydın"."""
    first, _space, last = name.partition(" ")
    return f"{first[0]}. {last}" if last else name


def _sort_key(ticket: Ticket) -> tuple:
    due = ticket.team_due_at or ticket.due_at
    return (due is None, due.timestamp() if due else 0, ticket.pk)
