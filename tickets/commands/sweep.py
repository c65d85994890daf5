"""What happens by itself as clocks run out. Any number of sweeps may run at once, late, or twice.

Each due clock is a transaction of its own: claim, act, record, post messages. A process that is killed takes back
what it had not finished, and the next sweep finds the clock due as before.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from calendars.business_time import BusinessHours
from schools.duties import nobody
from schools.viewer import Viewer
from tickets.deadlines import Clocks, Kind
from tickets.ladder import TELLINGS, Action, Rung, overtaken
from tickets.lifecycle import OPEN, Level
from tickets.models import Deadline, StepTaken, Ticket

from .base import locked, record, save
from .escalate import escalate_by_itself
from .finish import close_by_itself

log = logging.getLogger(__name__)

MOST_AT_ONCE = 1000  # clocks; what is beyond comes with the next tick
#: How long a clock rests after its first, second … failure; after the last it is parked.
RESTS = [timedelta(seconds=seconds) for seconds in (30, 120, 600, 3600)]
Outcome = StepTaken.Outcome


@dataclass
class Swept:
    """What one sweep did: clocks whose steps were taken, left to others or to later, failed, parked."""

    taken: int = 0
    left: int = 0
    failed: int = 0
    parked: int = 0


def sweep(*, at: datetime, limit: int = MOST_AT_ONCE) -> Swept:
    """Take the steps of all clocks that are due at `at`, the longest waiting first, at most `limit` clocks."""
    swept = Swept()
    for deadline_id in list(Deadline.objects.due(at).values_list("pk", flat=True)[:limit]):
        try:
            if take_steps(deadline_id=deadline_id, at=at):
                swept.taken += 1
            else:
                swept.left += 1
        except Exception as error:  # whatever it is: one poisonous row never stops the others
            log.warning("clock %s: a step failed: %s", deadline_id, type(error).__name__)
            if put_off(deadline_id=deadline_id, error=error, at=at):
                swept.parked += 1
            swept.failed += 1
    return swept


@transaction.atomic
def take_steps(*, deadline_id: int, at: datetime) -> bool:
    """Take the due steps of one clock; return False where none was taken.

    That is so where somebody else works on the ticket at this moment, where the clock was met, moved or paused
    meanwhile, and where it only tells somebody something and their service hours are over: then it waits for them.
    """
    # The ticket is the claim: every command locks it before it touches a clock.
    of_this = Ticket.objects.filter(pk__in=Deadline.objects.due(at).filter(pk=deadline_id).values("ticket"))
    [ticket] = locked(of_this, skip_locked=True) or [None]
    if ticket is None:
        return False
    clocks = Clocks(ticket)
    [row] = [row for row in clocks.rows if row.pk == deadline_id]
    if row.next_at is None or row.next_at > at:
        return False
    # The sweep may have begun before what somebody has done meanwhile; a history is never written into the past.
    at = max(at, clocks.told_until)
    return Turn(ticket, clocks, row, nobody(at), at).take()


@transaction.atomic
def put_off(*, deadline_id: int, error: Exception, at: datetime) -> bool:
    """Let a clock rest after a failure; return whether it is parked now, for an administrator to look at."""
    row = Deadline.objects.select_for_update().get(pk=deadline_id)
    row.attempts += 1
    row.last_error = type(error).__name__[:80]
    if row.attempts >= Deadline.MOST_ATTEMPTS:
        row.parked_at = at
    elif row.next_at is not None:
        row.next_at = at + RESTS[row.attempts - 1]
    row.save(update_fields=["attempts", "last_error", "parked_at", "next_at"])
    return row.parked_at is not None


@transaction.atomic
def unpark(*, deadline_id: int, at: datetime) -> bool:
    """Let a parked clock try again at once; return False where it is not parked any more."""
    row = Deadline.objects.parked().select_for_update().filter(pk=deadline_id).first()
    if row is None:
        return False
    row.attempts, row.parked_at = 0, None
    row.next_at = at if row.is_running else None
    row.save(update_fields=["attempts", "parked_at", "next_at"])
    return True


class Turn:
    """One clock of a locked ticket whose turn it is."""

    def __init__(self, ticket: Ticket, clocks: Clocks, row: Deadline, viewer: Viewer, at: datetime):
        self.ticket, self.clocks, self.row, self.viewer, self.at = ticket, clocks, row, viewer, at
        self.moved = False

    def take(self) -> bool:
        """Take what is due, note it, and set when the clock has its next turn; return whether anything was taken."""
        known = self.row.rungs_taken
        steps = [(instant, rung) for instant, rung in self.clocks.steps_of(self.row) if rung not in known]
        due = {rung: instant for instant, rung in steps if instant is not None and instant <= self.at}
        lapsed = overtaken(due, hands_over=self._can_escalate)
        taken, waits_until = [], []
        for rung, instant in due.items():
            hours = self._hours_of_those_told(rung)
            if rung in lapsed:
                taken.append(self._noted(rung, instant, Outcome.OVERTAKEN))
            elif rung.action in TELLINGS and not hours.is_open(self.at):
                waits_until.append(hours.next_open(self.at))
            else:
                taken.append(self._noted(rung, instant, ACT[rung.action](self, rung)))
        StepTaken.objects.bulk_create(taken)
        self.row.attempts, self.row.last_error = 0, ""
        self._settle(min(waits_until, default=None))
        return bool(taken)

    def _settle(self, waits_until: datetime | None) -> None:
        if self.moved:
            self.clocks.history_goes_on()
            self.clocks.settle(self.at)
            save(self.ticket)
            return
        self.clocks.reschedule(self.row, self.at)
        if waits_until is not None:
            self.row.next_at = waits_until
        self.clocks.save()
        Ticket.objects.filter(pk=self.ticket.pk).update(due_at=self.ticket.due_at, team_due_at=self.ticket.team_due_at)

    def _hours_of_those_told(self, rung: Rung) -> BusinessHours:
        """Return when those work who are told: the school's hours, or those of the team it lies with."""
        with_a_team = self.ticket.level == Level.SECOND and self.ticket.team_id is not None
        return self.clocks.team_hours if with_a_team and rung.action != Action.REMIND_REPORTER else self.clocks.hours

    def _noted(self, rung: Rung, due_at: datetime, outcome: str) -> StepTaken:
        return StepTaken.noted(self.row, rung, outcome, due_at=due_at, at=self.at)

    @property
    def _can_escalate(self) -> bool:
        return self.ticket.status in OPEN and self.ticket.level == Level.FIRST

    def _record(self, verb: str, rung: Rung, *, public: bool = False, **data) -> str:
        """Record that a step was taken and owe the messages it causes; say whether there was anybody to tell."""
        due = {"due": self.row.due_at.isoformat()} if self.row.due_at else {}
        event = record(
            self.ticket,
            verb,
            viewer=self.viewer,
            at=self.at,
            public=public,
            keeps_version=True,
            clock=self.row.kind,
            percent=rung.percent,
            **due,
            **data,
        )
        return Outcome.DONE if event.told else Outcome.NOBODY

    def miss(self, rung: Rung) -> str:
        """Note that the time has run out; those who have to know are told by other steps."""
        self._record("deadline_missed", rung)
        return Outcome.DONE

    def remind(self, rung: Rung) -> str:
        verb = "follow_up_due" if self.row.kind == Kind.THIRD_PARTY else "reminded"
        return self._record(verb, rung)

    def remind_reporter(self, rung: Rung) -> str:
        """Remind whoever was asked; who called without an account is asked by those who work on it."""
        if self.ticket.reporter_id is None:
            return self.remind(rung)
        return self._record("reporter_reminded", rung, public=True)

    def tell_coordination(self, rung: Rung) -> str:
        return self._record("told", rung, whom="coordination")

    def tell_lead(self, rung: Rung) -> str:
        return self._record("told", rung, whom="lead")

    def escalate(self, rung: Rung) -> str:
        if not self._can_escalate:
            return Outcome.NOT_NEEDED
        escalate_by_itself(self.ticket, self.clocks, viewer=self.viewer, at=self.at)
        self.moved = True
        return Outcome.DONE

    def close(self, rung: Rung) -> str:
        close_by_itself(self.ticket, self.clocks, viewer=self.viewer, at=self.at)
        self.moved = True
        return Outcome.DONE


ACT: dict[str, Callable[[Turn, Rung], str]] = {
    Action.MISS: Turn.miss,
    Action.REMIND: Turn.remind,
    Action.REMIND_REPORTER: Turn.remind_reporter,
    Action.TELL_COORDINATION: Turn.tell_coordination,
    Action.TELL_LEAD: Turn.tell_lead,
    Action.ESCALATE: Turn.escalate,
    Action.CLOSE: Turn.close,
}
