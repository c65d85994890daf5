"""The clocks of a ticket as rows: started with the report, met and paused by the steps."""

from datetime import datetime, timedelta
from functools import cached_property

from calendars.business_time import BusinessHours
from calendars.reading import hours_of
from foundation.berlin import berlin_day
from tickets.lifecycle import ENDED, Level
from tickets.models import Deadline, SlaPolicy, SlaTarget, Ticket, TicketEvent
from tickets.sla import SlaClock

Kind = Deadline.Kind
Change = tuple[datetime, str]  # when, and the state from then on
#: What is promised to the reporter; the response of the second level is a matter of those who work.
PROMISES = frozenset({Kind.FIRST_RESPONSE, Kind.RESOLUTION})
WRITTEN = ["target", "started_at", "due_at", "met_at", "ended_at", "taken_from", "taken_at"]


def start(ticket: Ticket) -> None:
    """Start both promises to the reporter at the instant of the report and set `ticket.due_at`.

    The ticket is not saved yet when its due time is first known; the caller saves it, then calls `store`.
    """
    target = SlaTarget.objects.promised(ticket.priority).get()
    hours = _hours(ticket, ticket.created_at)
    ticket.first_deadlines = [
        Deadline(
            kind=kind,
            target=duration,
            started_at=ticket.created_at,
            due_at=hours.add(ticket.created_at, duration),
        )
        for kind, duration in (
            (Kind.FIRST_RESPONSE, target.first_response),
            (Kind.RESOLUTION, target.resolution),
        )
    ]
    ticket.due_at = min(deadline.due_at for deadline in ticket.first_deadlines)


def store(ticket: Ticket) -> None:
    """Write the rows that `start` has prepared."""
    for deadline in ticket.first_deadlines:
        deadline.ticket = ticket
    Deadline.objects.bulk_create(ticket.first_deadlines)


class Clocks:
    """The clocks of one locked ticket during one step; read once, written once by `save`."""

    def __init__(self, ticket: Ticket):
        self.ticket = ticket
        self.rows = list(Deadline.objects.filter(ticket=ticket).select_related("taken_from"))
        self._new: list[Deadline] = []

    def start_second_response(self, at: datetime) -> None:
        """Start the clock of the second level's response, in the service hours of the ticket's team."""
        target = SlaTarget.objects.promised(self.ticket.priority).get().second_response
        due_at = self._team_hours.add(at, target)
        self._new.append(
            Deadline(ticket=self.ticket, kind=Kind.SECOND_RESPONSE, target=target, started_at=at, due_at=due_at)
        )

    def meet(self, kind: str, at: datetime) -> None:
        """Stop a running clock because its promise was kept, late or not."""
        for row in self._running(kind):
            row.met_at = at

    def end(self, at: datetime) -> None:
        """End all running clocks uncounted: closed without a solution, merged, or withdrawn."""
        for row in self._running():
            row.ended_at = at

    def resume_resolution(self) -> None:
        """Let the promise of a solution run on after reopening; what was used up stays used up."""
        for row in self.rows:
            if row.kind == Kind.RESOLUTION:
                row.met_at = row.ended_at = None

    def take_over(self, source: "Clocks", at: datetime) -> None:
        """Go on with the clocks of a merged ticket where these have less time left than one's own.

        Call it while both still run. The one taken over keeps its history: its start, its pauses until now.
        """
        for row in self._running():
            for other in source._running(row.kind):
                if row.kind in PROMISES and source._left(other, at) < self._left(row, at):
                    row.taken_from, row.taken_at = other, at
                    row.started_at, row.target = other.started_at, other.target

    def retarget(self) -> None:
        """Take the targets of the ticket's present priority; clocks that were met keep theirs."""
        target = SlaTarget.objects.promised(self.ticket.priority).get()
        for row in self._running():
            row.target = getattr(target, row.kind)

    def reschedule(self) -> None:
        """Recompute the due times of the running clocks from the ticket's history; empty while they pause."""
        running = self._running()
        if not running:
            return
        for row in running:
            row.due_at = self._clock(row).due_at(row.target)

    def save(self) -> None:
        """Write the rows and the ticket's next due times: of the promise, and of the team it lies with."""
        if self.rows:
            Deadline.objects.bulk_update(self.rows, WRITTEN)
        if self._new:
            self.rows += Deadline.objects.bulk_create(self._new)
            self._new = []
        running = [row for row in self._running() if row.due_at is not None]
        over = self.ticket.status in ENDED
        promised = [row.due_at for row in running if row.kind in PROMISES]
        self.ticket.due_at = None if over else min(promised, default=None)
        with_a_team = self.ticket.level == Level.SECOND and not over
        self.ticket.team_due_at = min((row.due_at for row in running), default=None) if with_a_team else None

    def _running(self, kind: str | None = None) -> list[Deadline]:
        return [row for row in self.rows if row.met_at is None and row.ended_at is None and kind in (None, row.kind)]

    def _left(self, row: Deadline, at: datetime) -> timedelta:
        return row.target - self._clock(row).used(at)

    def _clock(self, row: Deadline) -> SlaClock:
        hours = self._team_hours if row.kind == Kind.SECOND_RESPONSE else self._hours
        return SlaClock.from_history(hours, row.started_at, self._changes_of(row), {*self._paused_in, *ENDED})

    def _changes_of(self, row: Deadline) -> list[Change]:
        """Return the changes of state the clock has lived through; until it was taken over, those of the source."""
        own = self._changes if row.ticket_id == self.ticket.pk else _changes(row.ticket_id)
        if row.taken_from is None:
            return own
        before = [change for change in self._changes_of(row.taken_from) if change[0] < row.taken_at]
        status = next(status for at, status in reversed(own) if at <= row.taken_at)
        return [*before, (row.taken_at, status), *(change for change in own if change[0] > row.taken_at)]

    @cached_property
    def _changes(self) -> list[Change]:
        """As they are when a clock is first worked out in this step: after its event was recorded."""
        return _changes(self.ticket.pk)

    @cached_property
    def _paused_in(self) -> list[str]:
        return SlaPolicy.objects.get(is_default=True).paused_in

    @cached_property
    def _hours(self) -> BusinessHours:
        first = min((row.started_at for row in self.rows), default=self.ticket.created_at)
        return _hours(self.ticket, first)

    @cached_property
    def _team_hours(self) -> BusinessHours:
        since = self.ticket.first_escalated_at or self.ticket.created_at
        return hours_of(self.ticket.team.calendar_id, since=berlin_day(since) - timedelta(days=1))


def _changes(ticket_id: int) -> list[Change]:
    return list(TicketEvent.objects.filter(ticket=ticket_id).in_order().values_list("at", "status"))


def _hours(ticket: Ticket, since: datetime) -> BusinessHours:
    """Return the service hours of the ticket's school, from shortly before `since` on."""
    return hours_of(
        ticket.school.calendar_id,
        since=berlin_day(since) - timedelta(days=1),
        movable_days=ticket.school.movable_days.all(),
    )
