"""The clocks of a ticket as rows: started with the report, met and paused by the steps."""

from datetime import datetime, timedelta

from calendars.business_time import BusinessHours
from calendars.reading import hours_of
from foundation.berlin import berlin_day
from tickets.lifecycle import ENDED
from tickets.models import Deadline, SlaPolicy, SlaTarget, Ticket
from tickets.sla import SlaClock

Kind = Deadline.Kind


def start(ticket: Ticket) -> None:
    """Start both promises to the reporter at the instant of the report and set `ticket.due_at`.

    The ticket is not saved yet when its due time is first known; the caller saves it, then calls `store`.
    """
    target = SlaTarget.objects.promised(ticket.priority).get()
    hours = _hours(ticket)
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
        self.rows = list(Deadline.objects.filter(ticket=ticket))

    def meet(self, kind: str, at: datetime) -> None:
        """Stop a running clock because its promise was kept, late or not."""
        for row in self._running(kind):
            row.met_at = at

    def end(self, at: datetime) -> None:
        """End all running clocks uncounted: closed without a solution, or withdrawn."""
        for row in self._running():
            row.ended_at = at

    def resume_resolution(self) -> None:
        """Let the promise of a solution run on after reopening; what was used up stays used up."""
        for row in self.rows:
            if row.kind == Kind.RESOLUTION:
                row.met_at = row.ended_at = None

    def retarget(self) -> None:
        """Take the targets of the ticket's present priority; clocks that were met keep theirs."""
        target = SlaTarget.objects.promised(self.ticket.priority).get()
        for row in self._running():
            row.target = target.first_response if row.kind == Kind.FIRST_RESPONSE else target.resolution

    def reschedule(self) -> None:
        """Recompute the due times of the running clocks from the ticket's history; empty while they pause."""
        running = self._running()
        if not running:
            return
        changes = list(self.ticket.events.in_order().values_list("at", "status"))
        paused_in = SlaPolicy.objects.get(is_default=True).paused_in
        hours = _hours(self.ticket)
        for row in running:
            clock = SlaClock.from_history(hours, row.started_at, changes, {*paused_in, *ENDED})
            row.due_at = clock.due_at(row.target)

    def save(self) -> None:
        """Write the rows and the ticket's next due time."""
        if self.rows:
            Deadline.objects.bulk_update(self.rows, ["target", "due_at", "met_at", "ended_at"])
        dues = [row.due_at for row in self._running() if row.due_at is not None]
        self.ticket.due_at = min(dues, default=None) if self.ticket.status not in ENDED else None

    def _running(self, kind: str | None = None) -> list[Deadline]:
        return [row for row in self.rows if row.met_at is None and row.ended_at is None and kind in (None, row.kind)]


def _hours(ticket: Ticket) -> BusinessHours:
    """Return the service hours of the ticket's school, from shortly before the report on."""
    return hours_of(
        ticket.school.calendar_id,
        since=berlin_day(ticket.created_at) - timedelta(days=1),
        movable_days=ticket.school.movable_days.all(),
    )
