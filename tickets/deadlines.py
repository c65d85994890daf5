"""The clocks of a ticket as rows: started with the report, met and paused by the steps, watched by the sweep."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import cached_property

from calendars.business_time import BusinessHours
from calendars.reading import hours_of
from foundation.berlin import berlin_day, end_of_day, start_of_day
from tickets.ladder import DUE, Action, Rung
from tickets.lifecycle import ENDED, Level, Status, reopen_until
from tickets.models import Deadline, StepTaken, Ticket, TicketEvent
from tickets.policies import TARGETS, Promise, promise_for
from tickets.sla import SlaClock

Kind = Deadline.Kind
Change = tuple[datetime, str]  # when, and the state from then on
#: What is promised to the reporter; the response of the second level is a matter of those who work.
PROMISES = frozenset({Kind.FIRST_RESPONSE, Kind.RESOLUTION})
#: What a ticket waits for in a state; such a clock begins and ends with it, and no pause stops it.
WAITS = {
    Status.WAITING_REPORTER: Kind.ANSWER,
    Status.WAITING_EXTERNAL: Kind.THIRD_PARTY,
    Status.RESOLVED: Kind.CONFIRMATION,
}
#: What a step may change, and under which name a row has it at hand.
WRITTEN = {
    name: Deadline._meta.get_field(name).attname
    for name in (
        "target",
        "policy_version",
        "started_at",
        "due_at",
        "paused_at",
        "missed_at",
        "met_at",
        "used",
        "ended_at",
        "taken_from",
        "taken_at",
        "next_at",
        "attempts",
        "parked_at",
        "last_error",
    )
}


def start(ticket: Ticket) -> None:
    """Start both promises to the reporter at the instant of the report and set `ticket.due_at`.

    The ticket is not saved yet when its due time is first known; the caller saves it, then calls `store`.
    """
    promise = promise_for(ticket)
    hours = _hours(ticket, ticket.created_at)
    ticket.first_deadlines = []
    for kind in (Kind.FIRST_RESPONSE, Kind.RESOLUTION):
        row = Deadline(
            kind=kind,
            target=promise.target(kind, ticket.priority),
            policy_version_id=promise.version_id,
            started_at=ticket.created_at,
        )
        clock = SlaClock(hours, ticket.created_at)
        row.due_at = clock.due_at(row.target)
        row.next_at = next_instant(row, rungs_of(row, clock, promise))
        ticket.first_deadlines.append(row)
    ticket.due_at = min(row.due_at for row in ticket.first_deadlines)


def store(ticket: Ticket) -> None:
    """Write the rows that `start` has prepared."""
    for row in ticket.first_deadlines:
        row.ticket = ticket
    Deadline.objects.bulk_create(ticket.first_deadlines)


class Around:
    """What the clocks of one ticket depend on; each is read when it is first asked for."""

    def __init__(self, ticket: Ticket):
        self.ticket = ticket

    @cached_property
    def promise(self) -> Promise:
        return promise_for(self.ticket)

    @cached_property
    def changes(self) -> list[Change]:
        """As they are when a clock is first worked out in this step: after its event was recorded."""
        return self.changes_of(self.ticket.pk)

    def changes_of(self, ticket_id: int) -> list[Change]:
        return list(TicketEvent.objects.filter(ticket=ticket_id).in_order().values_list("at", "status"))

    def hours(self, since: datetime) -> BusinessHours:
        return _hours(self.ticket, since)

    def team_hours(self, since: datetime) -> BusinessHours:
        return hours_of(self.ticket.team.calendar_id, since=berlin_day(since) - timedelta(days=1))


class Clocks:
    """The clocks of one locked ticket during one step; read once, written once by `save` or `settle`."""

    def __init__(self, ticket: Ticket, *, rows: list[Deadline] | None = None, around: Around | None = None):
        self.ticket = ticket
        self.around = around or Around(ticket)
        self.rows = list(Deadline.objects.of(ticket)) if rows is None else rows
        self._new: list[Deadline] = []
        self._before = {row.pk: written(row) for row in self.rows}

    def start_second_response(self, at: datetime) -> None:
        """Start the clock of the second level's response, in the service hours of the ticket's team."""
        self._begin(Kind.SECOND_RESPONSE, at)

    def meet(self, kind: str, at: datetime) -> None:
        """Stop a running clock because its promise was kept, late or not."""
        for row in self._running(kind):
            row.met_at, row.next_at = at, None
            row.missed_at = row.due_at if row.due_at is not None and row.due_at < at else None

    def end(self, at: datetime) -> None:
        """End all running clocks uncounted: closed without a solution, merged, or withdrawn."""
        for row in self._running():
            row.ended_at, row.next_at = at, None

    def ask_again(self, at: datetime) -> None:
        """Give a further question its own time for an answer."""
        for row in self._running(Kind.ANSWER):
            row.ended_at, row.next_at = at, None
        self._begin(Kind.ANSWER, at)

    def resume_resolution(self) -> None:
        """Let the promise of a solution run on after reopening; what was used up stays used up."""
        for row in self.rows:
            if row.kind == Kind.RESOLUTION:
                row.met_at = row.used = row.ended_at = None

    def take_over(self, source: "Clocks", at: datetime) -> None:
        """Go on with the clocks of a merged ticket where these have less time left than one's own.

        Call it while both still run. The one taken over keeps its history: its start, its pauses until now.
        """
        for row in self._running():
            for other in source._running(row.kind):
                if row.kind in PROMISES and source._left(other, at) < self._left(row, at):
                    row.taken_from, row.taken_at = other, at
                    row.started_at, row.target = other.started_at, other.target
                    row.policy_version_id = other.policy_version_id

    def retarget(self, *, keeps_taken: bool = False) -> None:
        """Take the targets of what is promised now for the present priority; clocks that were met keep theirs.

        With `keeps_taken` those do too which were taken over from a merged ticket: they go on with its promise.
        """
        for row in self._running():
            if row.kind in (*TARGETS, Kind.ANSWER) and not (keeps_taken and row.taken_from_id):
                row.target = self.around.promise.target(row.kind, self.ticket.priority)
                row.policy_version_id = self.around.promise.version_id

    def settle(self, at: datetime) -> None:
        """Work everything out anew after a change of state, and write it.

        Clocks of what the ticket waits for begin and end with the state; due times, pauses and next steps of all
        that run follow from the history.
        """
        self.work_out(at)
        self.save()

    def history_goes_on(self) -> None:
        """Read the changes of state anew: another one was recorded after a clock had been worked out in this step."""
        self.around.__dict__.pop("changes", None)

    def work_out(self, at: datetime) -> None:
        """Do what `settle` does, but leave it to the caller to write it."""
        self._follow_state(at)
        for row in self._running():
            self.reschedule(row, at)

    def reschedule(self, row: Deadline, at: datetime) -> None:
        """Work out one running clock: when it is due, since when it pauses, and what comes next."""
        clock = self.clock_of(row)
        rungs = rungs_of(row, clock, self.around.promise, due_at=self._fixed(row))
        row.due_at = self._fixed(row) or clock.due_at(row.target)
        row.paused_at = clock.pauses[-1][0] if clock.is_paused else None
        row.missed_at = row.due_at if row.due_at is not None and row.due_at <= at else None
        row.next_at = next_instant(row, rungs)

    def save(self) -> None:
        """Write the rows and the ticket's next due times: of the promise, and of the team it lies with."""
        self.measure()
        for row in self.rows:
            if changed := self.changes_to(row):
                row.save(update_fields=changed)
        if self._new:
            Deadline.objects.bulk_create(self._new)
            self._new = []
        self.tell_ticket()

    def measure(self) -> None:
        """Let the promises that were met know how much service time they had used; the history is complete by now."""
        for row in self.rows:
            if row.kind in PROMISES and row.met_at is not None and row.used is None:
                row.used = self.clock_of(row).used(row.met_at)

    def tell_ticket(self) -> None:
        """Set the next due times of the ticket, which the caller saves."""
        running = [row for row in self._running() if row.due_at is not None and row.kind in TARGETS]
        over = self.ticket.status in ENDED
        promised = [row.due_at for row in running if row.kind in PROMISES]
        self.ticket.due_at = None if over else min(promised, default=None)
        with_a_team = self.ticket.level == Level.SECOND and not over
        self.ticket.team_due_at = min((row.due_at for row in running), default=None) if with_a_team else None

    def leave_past(self, at: datetime) -> list[StepTaken]:
        """Return the steps whose instant has passed as ones that are noted and never taken; closing is still done.

        For clocks that ran before there was a ladder: nobody wants to be reminded of last month. The caller writes
        the rows.
        """
        noted = []
        for row in self._running():
            steps, known = self.steps_of(row), row.rungs_taken
            for instant, rung in steps:
                passed = instant is not None and instant <= at and rung.action != Action.CLOSE
                if passed and rung not in known:
                    noted.append(StepTaken.noted(row, rung, StepTaken.Outcome.BEFORE, due_at=instant, at=at))
            row.next_at = next_instant(row, steps)
        return noted

    def changes_to(self, row: Deadline) -> list[str]:
        """Return the names of the columns that differ from what was read; none for a clock that is new."""
        before, after = self._before.get(row.pk, {}), written(row)
        return [name for name in before if before[name] != after[name]]

    @property
    def new_rows(self) -> list[Deadline]:
        """The clocks that were started and not written yet."""
        return self._new

    def steps_of(self, row: Deadline) -> list[tuple[datetime | None, Rung]]:
        """Return every step of a clock with its instant; None where a pause keeps it from coming."""
        return list(rungs_of(row, self.clock_of(row), self.around.promise, due_at=self._fixed(row)))

    def clock_of(
        self, row: Deadline, *, hours: BusinessHours | None = None, paused_in: Collection[str] | None = None
    ) -> SlaClock:
        """Return the clock of a row by the ticket's history, in the service hours it runs by.

        A clock that has ended may have run by the hours of a team the ticket no longer lies with, and may have paused
        by an earlier rule: then hand these in.
        """
        if hours is None:
            hours = self.team_hours if row.kind == Kind.SECOND_RESPONSE else self.hours
        if row.kind not in TARGETS:
            return SlaClock(hours, row.started_at)
        still = {*(self.around.promise.paused_in if paused_in is None else paused_in), *ENDED}
        return SlaClock.from_history(hours, row.started_at, self._changes_of(row), still)

    @property
    def told_until(self) -> datetime:
        """The instant of the latest event of the history."""
        return max((at for at, _status in self.around.changes), default=self.ticket.created_at)

    @cached_property
    def hours(self) -> BusinessHours:
        """The service hours of the school, by which the promises to the reporter run."""
        return self.around.hours(min((row.started_at for row in self.rows), default=self.ticket.created_at))

    @cached_property
    def team_hours(self) -> BusinessHours:
        """The service hours of the team the ticket lies with."""
        return self.around.team_hours(self.ticket.first_escalated_at or self.ticket.created_at)

    def _begin(self, kind: str, at: datetime) -> None:
        """Start a clock; one that began at the same instant, and was ended, goes on instead."""
        for row in self.rows:
            if row.kind == kind and row.started_at == at:
                row.met_at = row.ended_at = None
                return
        promise = self.around.promise
        target = promise.target(kind, self.ticket.priority) if kind in TARGETS or kind == Kind.ANSWER else None
        row = Deadline(ticket=self.ticket, kind=kind, started_at=at, policy_version_id=promise.version_id)
        row.target = target if target is not None else max(self._fixed(row) - at, timedelta(0))
        self.rows.append(row)
        self._new.append(row)

    def _follow_state(self, at: datetime) -> None:
        awaited = WAITS.get(self.ticket.status)
        for row in self._running():
            if row.kind in WAITS.values() and row.kind != awaited:
                row.ended_at, row.next_at = at, None
        if awaited is not None and not self._running(awaited):
            self._begin(awaited, self.ticket.changed_at)

    def _fixed(self, row: Deadline) -> datetime | None:
        """Return the due time of a clock that counts in days and not in service time; None for all others."""
        if row.kind == Kind.CONFIRMATION:
            return reopen_until(self.ticket.resolved_at)
        if row.kind == Kind.THIRD_PARTY:
            # The morning of that day; of the next one, where it is the day on which the waiting began.
            first = max(start_of_day(self.ticket.waiting_until), end_of_day(berlin_day(row.started_at)))
            return self.hours.next_open(first)
        return None

    def _running(self, kind: str | None = None) -> list[Deadline]:
        return [row for row in self.rows if row.is_running and kind in (None, row.kind)]

    def _left(self, row: Deadline, at: datetime) -> timedelta:
        return row.target - self.clock_of(row).used(at)

    def _changes_of(self, row: Deadline) -> list[Change]:
        """Return the changes of state the clock has lived through; until it was taken over, those of the source."""
        own = self.around.changes if row.ticket_id == self.ticket.pk else self.around.changes_of(row.ticket_id)
        if row.taken_from is None:
            return own
        before = [change for change in self._changes_of(row.taken_from) if change[0] < row.taken_at]
        status = next(status for at, status in reversed(own) if at <= row.taken_at)
        return [*before, (row.taken_at, status), *(change for change in own if change[0] > row.taken_at)]


def written(row: Deadline) -> dict:
    """Return what a clock writes, by the names of the columns."""
    return {name: getattr(row, attname) for name, attname in WRITTEN.items()}


def rungs_of(
    row: Deadline, clock: SlaClock, promise: Promise, *, due_at: datetime | None = None
) -> Iterator[tuple[datetime | None, Rung]]:
    """Yield the steps of a clock with their instants; `due_at` is that of a clock which counts in days."""
    for rung in promise.rungs(row.kind):
        yield due_at or clock.percent_at(rung.percent / DUE, row.target), rung


def next_instant(row: Deadline, rungs: Iterator[tuple[datetime | None, Rung]]) -> datetime | None:
    """Return when the next step is due that was not taken yet."""
    taken = row.rungs_taken
    return min((instant for instant, rung in rungs if instant is not None and rung not in taken), default=None)


def _hours(ticket: Ticket, since: datetime) -> BusinessHours:
    """Return the service hours of the ticket's school, from shortly before `since` on."""
    return hours_of(
        ticket.school.calendar_id,
        since=berlin_day(since) - timedelta(days=1),
        movable_days=ticket.school.movable_days.all(),
    )
