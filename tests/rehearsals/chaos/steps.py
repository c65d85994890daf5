"""Whether each step of each clock had exactly one effect, counted by the wall clock: this town never closes.

The reckoning shares no code with what counts service time: a clock has run since it started but for the time in which
its ticket stood still.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from foundation.berlin import berlin_day, end_of_day
from tickets.ladder import DUE, Action, Rung
from tickets.lifecycle import ENDED, Status, reopen_until
from tickets.models import Deadline, Escalation, StepTaken, Ticket, TicketEvent
from tickets.policies import TARGETS, promise_for

STILL = {Status.WAITING_REPORTER, *ENDED}
#: Who acts this soon after a step fell due may have been faster than a sweep that was killed.
FORGIVEN = timedelta(seconds=120)
ROUNDING = timedelta(milliseconds=1)
VERBS = {
    Action.MISS: "deadline_missed",
    Action.REMIND: "reminded",
    Action.REMIND_REPORTER: "reporter_reminded",
    Action.TELL_COORDINATION: "told",
    Action.TELL_LEAD: "told",
    Action.ESCALATE: "escalated",
    Action.CLOSE: "closed",
}
WHOM = {Action.TELL_COORDINATION: "coordination", Action.TELL_LEAD: "lead"}
WITHOUT_EFFECT = {StepTaken.Outcome.OVERTAKEN, StepTaken.Outcome.NOT_NEEDED}


@dataclass(frozen=True)
class Expected:
    """A step of one clock, and whether it must have been taken or only may have been."""

    clock: Deadline
    rung: Rung
    due_at: datetime
    must: bool


def wrong_steps(since: Callable[[Ticket], datetime], until: datetime) -> list[str]:
    """Return what is wrong with the steps that fell due until then: not taken, taken early, with no or two effects.

    `since` says from when on somebody was there to take the steps of a ticket.
    """
    found = []
    clocks = list(Deadline.objects.select_related("ticket__school").order_by("ticket", "pk"))
    taken = {}
    for step in StepTaken.objects.order_by("pk"):
        taken.setdefault(step.deadline_id, []).append(step)
    changes = _changes()
    for clock in clocks:
        found += _wrong(clock, taken.get(clock.pk, []), changes[clock.ticket_id], since(clock.ticket), until)
    if parked := Deadline.objects.parked().count():
        found.append(f"{parked} clocks are parked")
    return [*found, *wrong_effects()]


def wrong_effects() -> list[str]:
    """Return where a step that was taken did not have its one effect, and effects that no step caused."""
    steps = StepTaken.objects.select_related("deadline").exclude(outcome__in=WITHOUT_EFFECT)
    expected = Counter(_effect_of(step) for step in steps)
    events = TicketEvent.objects.filter(by=None)
    happened = Counter(
        (event.ticket_id, event.at, event.verb, *(event.data.get(name) for name in ("clock", "percent", "whom")))
        for event in events
    )
    by_itself = Escalation.objects.filter(by=None, reason=Escalation.Reason.DEADLINE)
    handed_over = Counter(by_itself.values_list("ticket", "at"))
    called = Counter({key[:2]: count for key, count in expected.items() if key[2] == "escalated"})
    return [
        *_compared(expected, happened, "event"),
        *_compared(called, handed_over, "handing over"),
    ]


def expected_of(clock: Deadline, changes, since: datetime, until: datetime) -> Iterator[Expected]:
    """Yield the steps of a clock that were due before it ended, and until then."""
    ends = clock.met_at or clock.ended_at
    for rung in promise_for(clock.ticket).rungs(clock.kind):
        due = _instant(clock, rung, changes)
        if due is not None and (ends is None or due <= ends):
            must = due <= until and (ends is None or max(due, since) + FORGIVEN <= ends)
            yield Expected(clock, rung, due, must)


def _wrong(clock, steps, changes, since, until) -> Iterator[str]:
    name = f"clock {clock.pk} ({clock.kind}) of {clock.ticket.number}"
    expected = {step.rung: step for step in expected_of(clock, changes, since, until)}
    counts = Counter(Rung(step.percent, step.action) for step in steps)
    for rung, step in expected.items():
        if step.must and not counts[rung]:
            yield f"{name}: {rung.action} at {rung.percent} % was due at {step.due_at} and was not taken"
    for step in steps:
        rung = Rung(step.percent, step.action)
        if counts[rung] > 1:
            yield f"{name}: {rung.action} at {rung.percent} % was taken {counts[rung]} times"
        if rung not in expected:
            yield f"{name}: {rung.action} at {rung.percent} % was taken at {step.at} and never due"
        elif step.at < expected[rung].due_at - ROUNDING:
            yield f"{name}: {rung.action} at {rung.percent} % was taken at {step.at}, before {expected[rung].due_at}"
        if step.outcome == StepTaken.Outcome.OVERTAKEN and not any(
            other.at == step.at and other.outcome != StepTaken.Outcome.OVERTAKEN for other in steps
        ):
            yield f"{name}: {rung.action} at {rung.percent} % gave way to nothing"


def _instant(clock: Deadline, rung: Rung, changes) -> datetime | None:
    """Return when a step is due by the wall clock; None if its ticket stands still before that."""
    if clock.kind == Deadline.Kind.CONFIRMATION:
        return reopen_until(clock.started_at)
    if clock.kind == Deadline.Kind.THIRD_PARTY:
        return end_of_day(berlin_day(clock.started_at))  # they always wait until the same day
    left = clock.target * rung.percent / DUE
    if clock.kind not in TARGETS:
        return clock.started_at + left
    for begins, ends in _runs(clock.started_at, changes):
        if ends is None or begins + left <= ends:
            return begins + left
        left -= ends - begins
    return None


def _runs(started_at: datetime, changes) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield the stretches in which the ticket did not stand still; the last one may have no end."""
    since = started_at
    for at, status in changes:
        if status in STILL:
            if since is not None:
                yield since, max(at, since)
            since = None
        elif since is None:
            since = max(at, started_at)
        if at <= started_at:
            since = None if status in STILL else started_at
    if since is not None:
        yield since, None


def _changes() -> dict[int, list[tuple[datetime, str]]]:
    found = {}
    for ticket, at, status in TicketEvent.objects.order_by("pk").values_list("ticket", "at", "status"):
        known = found.setdefault(ticket, [])
        known.append((max(at, known[-1][0]) if known else at, status))
    return found


def _effect_of(step: StepTaken) -> tuple:
    clock, action = step.deadline, Action(step.action)
    verb = VERBS[action]
    if clock.kind == Deadline.Kind.THIRD_PARTY:
        verb = "follow_up_due"
    if action in (Action.ESCALATE, Action.CLOSE):
        return clock.ticket_id, step.at, verb, None, None, None
    return clock.ticket_id, step.at, verb, clock.kind, step.percent, WHOM.get(action)


def _compared(expected: Counter, happened: Counter, what: str) -> Iterable[str]:
    for key in expected - happened:
        yield f"a step has no {what}: {_told(key)}"
    for key, count in (happened - expected).items():
        yield f"{count} too many, {what}: {_told(key)}"


def _told(key: tuple) -> str:
    return ", ".join(str(part) for part in key if part is not None)
