"""How the due times of a ticket come about: which minutes counted, which did not and why; without HTTP.

All instants are cut to their second, and the figure shown is the sum of the lines shown: what is used, and what is
left or over, add up to the second.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from calendars.business_time import MIDNIGHT, BusinessHours
from calendars.reading import hours_of
from foundation.berlin import BERLIN, berlin_day
from foundation.remembered import remembered
from schools.viewer import Viewer
from tickets.deadlines import Around, Change, Clocks, Kind
from tickets.ladder import DUE, OWN_RUNGS, Action, Rung, in_order
from tickets.lifecycle import Level, Status
from tickets.models import Deadline, Escalation, LadderStep, PolicyVersion, StepTaken, Ticket
from tickets.permissions import may_write_internally
from tickets.policies import TARGETS
from tickets.sla import LedgerLine, Reason, SlaClock, whole_second

ORDER = list(Kind)
#: Only for those who work on the ticket.
FOR_STAFF = frozenset({Kind.SECOND_RESPONSE})
#: These count days of the calendar: every hour, by night and at weekends too.
BY_DATE = frozenset({Kind.CONFIRMATION, Kind.THIRD_PARTY})
ALL_HOURS = BusinessHours({weekday: [(MIDNIGHT, MIDNIGHT)] for weekday in range(7)}, BERLIN)
#: Steps of the ladder the reporter notices, and of these what is announced to them.
NOTICED = frozenset({Action.REMIND_REPORTER, Action.ESCALATE, Action.CLOSE})
ANNOUNCED = frozenset({Action.REMIND_REPORTER, Action.CLOSE})

FEWEST_ALIKE = 3  # days that are told as one
MOST_DAYS, LATEST_DAYS = 7, 4  # so many are shown; of more only the latest, the earlier ones stay folded
A_MINUTE = timedelta(minutes=1)
NOTHING = timedelta(0)
DONE = StepTaken.Outcome.DONE


@dataclass(frozen=True)
class Days:
    """One day of a ledger, or several that passed alike, each with the same lines."""

    first: date
    last: date
    number: int
    lines: tuple[LedgerLine, ...]  # of the first of them

    @property
    def counted(self) -> timedelta:
        return self.number * sum((line.counted for line in self.lines), NOTHING)


class Part:
    """A stretch of a ledger: what is used up, what is over, what is planned."""

    def __init__(self, lines: Iterable[LedgerLine]):
        self.lines = list(lines)

    @property
    def counted(self) -> timedelta:
        return sum((line.counted for line in self.lines), NOTHING)

    @cached_property
    def days(self) -> list[Days]:
        """The lines by the day on which they begin; equal days in a row are one."""
        days = [(day, tuple(lines)) for day, lines in groupby(self.lines, key=lambda line: berlin_day(line.begins))]
        return list(_together(days))

    @property
    def earlier(self) -> list[Days]:
        """What stays folded of a long ledger."""
        return self.days[:-LATEST_DAYS] if len(self.days) > MOST_DAYS else []

    @property
    def latest(self) -> list[Days]:
        return self.days[len(self.earlier) :]

    @property
    def carried(self) -> timedelta:
        """What the folded days come to."""
        return sum((days.counted for days in self.earlier), NOTHING)


class Sum(NamedTuple):
    """A line below a ledger."""

    label: str
    length: timedelta
    is_total: bool = False


@dataclass(frozen=True)
class StepLine:
    """One step of the ladder: taken `at`, or to be taken then; without `at` it waits until the clock runs on."""

    percent: int
    action: Action
    at: datetime | None
    outcome: str = ""

    @property
    def is_done(self) -> bool:
        return self.outcome == DONE

    @property
    def outcome_label(self) -> str:
        return str(StepTaken.Outcome(self.outcome).label)


class ClockCard:
    """One clock of a ticket with all that explains it."""

    def __init__(self, row: Deadline, clock: SlaClock, *, at: datetime, works: bool, key: str, merged_from: str = ""):
        self.row = row
        self.clock = clock.to_the_second()
        self.at = whole_second(at)
        self.works = works
        self.key = key  # of this clock on the page
        self.merged_from = merged_from
        self.to_come: list[StepLine] = []

    @property
    def kind(self) -> Kind:
        return Kind(self.row.kind)

    @property
    def by_date(self) -> bool:
        return self.kind in BY_DATE

    @cached_property
    def until(self) -> datetime:
        """Until when the ledger is told: now, or when the clock stopped for good."""
        return whole_second(self.row.met_at or self.row.ended_at or self.at)

    @cached_property
    def target(self) -> timedelta:
        if not self.by_date:
            return self.row.target
        return max(whole_second(self.row.due_at) - self.clock.started_at, NOTHING)

    @property
    def used(self) -> timedelta:
        """What has counted; the sum of the lines."""
        return self.spent.counted + self.over.counted

    @property
    def left(self) -> timedelta:
        return self.target - self.spent.counted

    @cached_property
    def due_at(self) -> datetime | None:
        """When the target is used up by the ledger; None while a pause keeps it from coming."""
        return self.clock.due_at(self.target)

    @property
    def state(self) -> str:
        """How it stands, as `Deadline.state_at` says it."""
        return self.row.state_at(self.at)

    @property
    def is_overdue(self) -> bool:
        return self.state in ("missed", "late")

    @property
    def is_stale(self) -> bool:
        """Whether the due time that was written is another one: rules have changed and it is about to be moved."""
        if self.by_date or not self.row.is_running or self.row.due_at is None or self.due_at is None:
            return False
        return abs(self.row.due_at - self.due_at) > A_MINUTE

    @property
    def is_judged_otherwise(self) -> bool:
        """Whether the clock was judged by rules that have changed since, so that the lines say something else."""
        if self.by_date or not self.row.met_at:
            return False
        return (self.used > self.target) != bool(self.row.missed_at) and abs(self.used - self.target) > A_MINUTE

    @cached_property
    def spent(self) -> Part:
        """What became of the time until the target was used up, or until now."""
        return Part(_between(self._lines, self.clock.started_at, min(self.until, self.due_at or self.until)))

    @cached_property
    def over(self) -> Part:
        """What has counted since the target was used up."""
        return Part(_between(self._lines, self.due_at, self.until) if self.due_at else ())

    @cached_property
    def planned(self) -> Part:
        """What is still to come until the due time; empty where the clock pauses, or is over."""
        return Part(_between(self._lines, self.until, self.due_at) if self.due_at and self.row.is_running else ())

    @property
    def spent_sums(self) -> list[Sum]:
        """What stands below the first part: used, left, and both together the target."""
        if self.over.lines:
            return [Sum(_("Until the due time"), self.spent.counted, is_total=True)]
        if not self.row.is_running:
            used, left = _("Counted in all"), _("Not needed")
        else:
            used, left = _("Counted until now"), _("Still planned") if self.due_at else _("Left when it goes on")
        return [
            Sum(used, self.spent.counted, is_total=True),
            Sum(left, self.left),
            Sum(_("Time given"), self.target, is_total=True),
        ]

    @property
    def over_sums(self) -> list[Sum]:
        return [
            Sum(_("After the due time"), self.over.counted, is_total=True),
            Sum(_("Counted in all"), self.used, is_total=True),
        ]

    @property
    def planned_sums(self) -> list[Sum]:
        return [
            Sum(_("Still planned"), self.planned.counted, is_total=True),
            Sum(_("Counted until now"), self.used),
            Sum(_("Time given"), self.used + self.planned.counted, is_total=True),
        ]

    @property
    def version(self) -> PolicyVersion | None:
        return None if self.by_date else self.row.policy_version

    @property
    def calendar(self):
        """The calendar and the version of its rules; None for a clock that counts days."""
        return None if self.by_date else self.clock.hours.source

    @property
    def has_movable_days(self) -> bool:
        return any(line.reason == Reason.SCHOOL_FREE for line in self._lines)

    @property
    def pauses_in(self) -> list[str]:
        """In which states the rule lets this clock pause."""
        if self.version is None or self.kind not in TARGETS:
            return []
        return [str(Status(status).label) for status in self.version.paused_in]

    @property
    def taken(self) -> list[StepLine]:
        """The steps of the ladder that were taken, as far as the viewer may know."""
        known = (_taken(facts) for facts in self.row.told_steps)
        return [step for step in known if self.works or (step.action in NOTICED and step.is_done)]

    @cached_property
    def _lines(self) -> list[LedgerLine]:
        return self.clock.ledger(max(self.until, self.due_at or self.until))


class ReadOnce(Around):
    """What clocks depend on that are only looked at: the history of each report is read once."""

    def __init__(self, ticket: Ticket):
        super().__init__(ticket)
        self._changes: dict[int, list[Change]] = {}

    def changes_of(self, ticket_id: int) -> list[Change]:
        if ticket_id not in self._changes:
            self._changes[ticket_id] = super().changes_of(ticket_id)
        return self._changes[ticket_id]


class ClockPage:
    """The clocks of a ticket that was found in the scope, as far as the viewer may know of them.

    Takes the same number of statements however many clocks there are and however long they run; a few more where
    clocks were taken over from another report, and two for each further calendar.
    """

    def __init__(self, ticket: Ticket, viewer: Viewer):
        self.ticket = ticket
        self.viewer = viewer

    @cached_property
    def works(self) -> bool:
        return may_write_internally(self.viewer, self.ticket)

    @cached_property
    def cards(self) -> list[ClockCard]:
        """Running clocks first, then those that are over; promises before what the ticket waits for."""
        seen = [row for row in self._clocks.rows if self.works or row.kind not in FOR_STAFF]
        latest = {row.kind: row.pk for row in seen}
        keys = {row.pk: row.kind if latest[row.kind] == row.pk else f"{row.kind}-{row.pk}" for row in seen}
        return [self._card(row, keys[row.pk]) for row in sorted(seen, key=_by_place)]

    def card(self, kind: str) -> ClockCard | None:
        """Return the latest clock of a kind; None where there is none the viewer may know of."""
        found = [row for row in self._clocks.rows if row.kind == kind and (self.works or kind not in FOR_STAFF)]
        return self._card(found[-1], kind) if found else None

    @cached_property
    def _clocks(self) -> Clocks:
        team = Escalation.objects.filter(ticket=OuterRef("ticket"), at=OuterRef("started_at"))
        rows = Deadline.objects.of(self.ticket).select_related("policy_version__policy", "taken_from")
        rows = rows.annotate(
            team_calendar=Subquery(team.values("team__calendar")[:1]),
            ladder=ArraySubquery(
                LadderStep.objects.filter(version=OuterRef("policy_version"), clock=OuterRef("kind")).values(
                    facts=JSONObject(percent="percent", action="action")
                )
            ),
            taken_from_number=F("taken_from__ticket__number"),
            told_steps=ArraySubquery(
                StepTaken.objects.filter(deadline=OuterRef("pk"))
                .order_by("at", "pk")
                .values(facts=JSONObject(percent="percent", action="action", outcome="outcome", at="at"))
            ),
        )
        return Clocks(self.ticket, rows=list(rows), around=ReadOnce(self.ticket))

    def _card(self, row: Deadline, key: str) -> ClockCard:
        if row.kind in BY_DATE:
            clock = SlaClock(ALL_HOURS, row.started_at)
        else:
            clock = self._clocks.clock_of(row, hours=self._hours_of(row), paused_in=_paused_in(row))
        merged_from = row.taken_from_number if row.taken_from_number in self._visible_sources else ""
        card = ClockCard(row, clock, at=self.viewer.at, works=self.works, key=key, merged_from=merged_from)
        if row.is_running:
            card.to_come = self._to_come(card, clock)
        return card

    def _to_come(self, card: ClockCard, clock: SlaClock) -> list[StepLine]:
        """Return the steps that were not taken yet, as the sweep will take them."""
        row, due_at = card.row, card.row.due_at if card.by_date else None
        return [
            StepLine(rung.percent, Action(rung.action), due_at or clock.percent_at(rung.percent / DUE, row.target))
            for rung in self._rungs(row)
            if rung not in row.rungs_taken and self._may_know(rung)
        ]

    def _rungs(self, row: Deadline) -> tuple[Rung, ...]:
        if _is_of_another_rule(row):
            return self._clocks.around.promise.rungs(row.kind)
        return in_order({*(Rung(**facts) for facts in row.ladder), *OWN_RUNGS[row.kind]})

    def _may_know(self, rung: Rung) -> bool:
        # What lies with the Systemhaus already is not handed over once more.
        goes_over = rung.action != Action.ESCALATE or self.ticket.level == Level.FIRST
        return goes_over and (self.works or rung.action in ANNOUNCED)

    @cached_property
    def _visible_sources(self) -> set[str]:
        """The numbers of the reports whose clocks go on here, as far as the viewer sees those."""
        numbers = {row.taken_from_number for row in self._clocks.rows if row.taken_from_number}
        if not numbers:
            return set()
        return set(Ticket.objects.visible_to(self.viewer).filter(number__in=numbers).values_list("number", flat=True))

    def _hours_of(self, row: Deadline) -> BusinessHours:
        """Return the service hours of a clock: of the team it was started for, or of the school."""
        return self._team_hours(row.team_calendar) if row.kind == Kind.SECOND_RESPONSE else self._clocks.hours

    @remembered
    def _team_hours(self, calendar_id: int | None) -> BusinessHours:
        return hours_of(calendar_id, since=berlin_day(self.ticket.created_at) - timedelta(days=1))


def _is_of_another_rule(row: Deadline) -> bool:
    """Whether the ticket's own rule holds for a clock, and not the one it was started by."""
    return row.policy_version is None or row.taken_from_id is not None


def _paused_in(row: Deadline) -> list[str] | None:
    return None if _is_of_another_rule(row) else row.policy_version.paused_in


def _by_place(row: Deadline):
    return not row.is_running, ORDER.index(row.kind), -row.pk


def _taken(facts: dict) -> StepLine:
    at = datetime.fromisoformat(facts["at"])
    return StepLine(facts["percent"], Action(facts["action"]), at, facts["outcome"])


def _between(lines: Iterable[LedgerLine], begins: datetime, ends: datetime) -> Iterator[LedgerLine]:
    """Yield what lies between two instants, cut where a line goes beyond."""
    for line in lines:
        since, until = max(line.begins, begins), min(line.ends, ends)
        if since < until:
            yield LedgerLine(since, until, until - since if line.counted else NOTHING, line.reason, line.name)


def _together(days: list[tuple[date, tuple[LedgerLine, ...]]]) -> Iterator[Days]:
    """Yield days, those in a row that passed alike as one."""
    for _shape, alike in groupby(days, key=_shape_of):
        alike = list(alike)
        if len(alike) >= FEWEST_ALIKE:
            yield Days(alike[0][0], alike[-1][0], len(alike), alike[0][1])
        else:
            for day, lines in alike:
                yield Days(day, day, 1, lines)


def _shape_of(told: tuple[date, tuple[LedgerLine, ...]]):
    """Return what makes two days alike: the same lines at the same hours."""
    day, lines = told
    return [(_hour(day, line.begins), _hour(day, line.ends), line.counted, line.reason, line.name) for line in lines]


def _hour(day: date, at: datetime) -> tuple[int, time]:
    local = at.astimezone(BERLIN)
    return (local.date() - day).days, local.time()
