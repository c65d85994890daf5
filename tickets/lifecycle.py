"""Which step may follow which: the table "States and steps" of the glossary as data.

Pure: knows states, steps and the level at which a ticket is worked on, not persons. Who may take a step
stands in `permissions.py`. To add a step, add a member to `Step` and a line to `RULES`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.berlin import berlin_day, end_of_day, start_of_day

REOPEN_DAYS = 7  # calendar days after the solution
LATE_ANSWER_DAYS = 28  # calendar days after a ticket was closed while it waited for its reporter
RATING_DAYS = 28  # calendar days after the solution: longer than the holidays of autumn, short enough to remember


class Status(TextChoices):
    """The states of a ticket."""

    NEW = "new", _("New")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING_REPORTER = "waiting_reporter", _("Waiting for an answer")
    ESCALATED = "escalated", _("With the Systemhaus")
    WAITING_EXTERNAL = "waiting_external", _("Waiting for a third party")
    RESOLVED = "resolved", _("Solved")
    REOPENED = "reopened", _("Opened again")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged")


class Level(TextChoices):
    """Who works on a ticket: the campus manager and the helpdesk, or a team of the Systemhaus."""

    FIRST = "first", _("Campus management")
    SECOND = "second", _("Systemhaus")


class Step(TextChoices):
    """What can be done with a ticket. The values are the names in the API and in addresses.

    Asking is one step with two addressees; what the ticket does then differs, so it is two members here. The
    API knows both as `ask`, the second one with `"to": "mediator"`.
    """

    ACCEPT = "accept", _("Take over")
    RELEASE = "release", _("Put back into the queue")
    ASSIGN = "assign", _("Assign to a person")
    CLASSIFY = "classify", _("Change category or urgency")
    COMMENT = "comment", _("Write a message")
    ASK = "ask", _("Ask the reporter")
    ASK_MEDIATOR = "ask-mediator", _("Ask the campus management")
    ANSWER = "answer", _("Answer the question")
    WAIT = "wait", _("Wait for a third party")
    RESUME = "resume", _("Continue the work")
    ESCALATE = "escalate", _("Hand over to the Systemhaus")
    ACCEPT_ESCALATION = "accept-escalation", _("Take over for the Systemhaus")
    TRANSFER = "transfer", _("Pass on to another team")
    RETURN = "return", _("Return to the campus management")
    RESOLVE = "resolve", _("Record the solution")
    CONFIRM = "confirm", _("Confirm the solution")
    REOPEN = "reopen", _("Open again")
    CLOSE = "close", _("Close without a solution")
    WITHDRAW = "withdraw", _("Withdraw the report")
    MERGE = "merge", _("Merge with another report")
    JOIN = "join", _("I am affected too")
    LEAVE = "leave", _("I am no longer affected")
    RESTRICT = "restrict", _("Change who may see it")


class Impact(TextChoices):
    """How many people cannot work."""

    PERSON = "person", _("One person")
    CLASS = "class", _("A class or a group")
    SCHOOL = "school", _("The whole school")


class Urgency(TextChoices):
    """What the fault does to the lessons."""

    CAN_WAIT = "can_wait", _("It can wait")
    HAMPERED = "hampered", _("With limitations")
    BLOCKED = "blocked", _("Lessons have come to a stop")


class Priority(TextChoices):
    """How fast the promise is; derived from impact and urgency, never chosen."""

    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


OPEN = frozenset(
    {
        Status.NEW,
        Status.IN_PROGRESS,
        Status.WAITING_REPORTER,
        Status.ESCALATED,
        Status.WAITING_EXTERNAL,
        Status.REOPENED,
    }
)
ENDED = frozenset(Status) - OPEN  # nobody works on the ticket, so no clock runs


class StepNotAllowed(Exception):
    """The ticket's state does not allow the step now. Pages and API answer 409 and name the state."""

    def __init__(self, step: Step, status: Status):
        self.step = Step(step)
        self.status = Status(status)
        super().__init__(step, status)

    def __str__(self):
        sentence = gettext("“%(step)s” is not possible now. The report is in the state “%(state)s”.")
        return sentence % {"step": self.step.label, "state": self.status.label}


@dataclass(frozen=True)
class Rule:
    """From where a step may be taken and where it leads; None stands for any level, and for no change."""

    froms: frozenset[Status]
    to: Status | None = None
    at: Level | None = None
    to_level: Level | None = None


def _rule(froms, to=None, *, at=None, to_level=None):
    return Rule(frozenset({froms} if isinstance(froms, Status) else froms), to, at, to_level)


RULES: dict[Step, Rule] = {
    Step.ACCEPT: _rule({Status.NEW, Status.REOPENED}, Status.IN_PROGRESS, at=Level.FIRST),
    Step.RELEASE: _rule(Status.IN_PROGRESS, Status.NEW, at=Level.FIRST),
    Step.ASSIGN: _rule(OPEN, at=Level.FIRST),
    Step.CLASSIFY: _rule(OPEN),
    Step.COMMENT: _rule(frozenset(Status) - {Status.MERGED}),
    Step.ASK: _rule(OPEN, Status.WAITING_REPORTER),
    Step.ASK_MEDIATOR: _rule(OPEN, at=Level.SECOND),
    Step.ANSWER: _rule(Status.WAITING_REPORTER, Status.IN_PROGRESS),  # the level stays with whoever asked
    Step.WAIT: _rule(OPEN, Status.WAITING_EXTERNAL),
    Step.RESUME: _rule(Status.WAITING_EXTERNAL, Status.IN_PROGRESS),
    Step.ESCALATE: _rule(OPEN, Status.ESCALATED, at=Level.FIRST, to_level=Level.SECOND),
    Step.ACCEPT_ESCALATION: _rule(Status.ESCALATED, Status.IN_PROGRESS, at=Level.SECOND),
    Step.TRANSFER: _rule(OPEN, Status.ESCALATED, at=Level.SECOND),
    Step.RETURN: _rule(OPEN, Status.IN_PROGRESS, at=Level.SECOND, to_level=Level.FIRST),
    Step.RESOLVE: _rule(OPEN, Status.RESOLVED),
    Step.CONFIRM: _rule(Status.RESOLVED, Status.CLOSED),
    Step.REOPEN: _rule(Status.RESOLVED, Status.REOPENED, to_level=Level.FIRST),
    Step.CLOSE: _rule(OPEN, Status.CLOSED),
    Step.WITHDRAW: _rule(OPEN, Status.WITHDRAWN, at=Level.FIRST),
    Step.MERGE: _rule(OPEN, Status.MERGED),
    Step.JOIN: _rule(OPEN),
    Step.LEAVE: _rule(OPEN),
    Step.RESTRICT: _rule(OPEN),
}

# The one way out of `closed`: an answer that came too late. The mediator decides again, as after reopening.
LATE_ANSWER = _rule(Status.CLOSED, Status.REOPENED, to_level=Level.FIRST)

_PRIORITIES = {
    Impact.PERSON: (Priority.LOW, Priority.NORMAL, Priority.HIGH),
    Impact.CLASS: (Priority.NORMAL, Priority.NORMAL, Priority.HIGH),
    Impact.SCHOOL: (Priority.NORMAL, Priority.HIGH, Priority.CRITICAL),
}


def priority_of(impact: Impact | str, urgency: Urgency | str) -> Priority:
    """Return the priority from the table "Categories, teams, priority" of the glossary."""
    return _PRIORITIES[Impact(impact)][list(Urgency).index(Urgency(urgency))]


def status_after(step, status, level=Level.FIRST, *, closed_while_waiting=False) -> Status:
    """Return the state the step leads to, or raise StepNotAllowed.

    `closed_while_waiting` says that the ticket was closed out of `waiting_reporter`: then an answer is still
    taken, for as long as `answer_until` says.
    """
    rule = _rule_for(step, status, level, closed_while_waiting)
    return Status(status) if rule.to is None else rule.to


def level_after(step, status, level=Level.FIRST, *, closed_while_waiting=False) -> Level:
    """Return the level the ticket is worked on after the step, or raise StepNotAllowed."""
    rule = _rule_for(step, status, level, closed_while_waiting)
    return Level(level) if rule.to_level is None else rule.to_level


def steps_from(status, level=Level.FIRST, *, closed_while_waiting=False) -> tuple[Step, ...]:
    """Return the steps that state and level allow, in the order of `Step`; rights and limits come on top."""
    return tuple(step for step in Step if _find_rule(step, status, level, closed_while_waiting))


def last_day_to_reopen(resolved_at: datetime) -> date:
    """Return the last Berlin day on which a solution may be contested."""
    return berlin_day(resolved_at) + timedelta(days=REOPEN_DAYS)


def reopen_until(resolved_at: datetime) -> datetime:
    """Return the first instant at which it is too late to reopen; then the ticket closes by itself."""
    return end_of_day(last_day_to_reopen(resolved_at))


def last_day_to_answer(closed_at: datetime) -> date:
    """Return the last Berlin day on which an answer reopens a ticket that was closed while waiting for it."""
    return berlin_day(closed_at) + timedelta(days=LATE_ANSWER_DAYS)


def answer_until(closed_at: datetime) -> datetime:
    """Return the first instant at which such an answer comes too late."""
    return end_of_day(last_day_to_answer(closed_at))


def last_day_to_rate(resolved_at: datetime) -> date:
    """Return the last Berlin day on which the reporter may say how well they were helped, or say it otherwise."""
    return berlin_day(resolved_at) + timedelta(days=RATING_DAYS)


def rate_until(resolved_at: datetime) -> datetime:
    """Return the first instant at which it is too late for that."""
    return end_of_day(last_day_to_rate(resolved_at))


def final_before(day: date) -> datetime:
    """Return the instant before which a solution was recorded that on this Berlin day is as final as its answer.

    Nobody can change the answer any more; and as reopening ends earlier, nobody can take it back.
    """
    return start_of_day(day - timedelta(days=max(RATING_DAYS, REOPEN_DAYS)))


def _rule_for(step, status, level, closed_while_waiting) -> Rule:
    rule = _find_rule(step, status, level, closed_while_waiting)
    if rule is None:
        raise StepNotAllowed(step, status)
    return rule


def _find_rule(step, status, level, closed_while_waiting) -> Rule | None:
    late = closed_while_waiting and step == Step.ANSWER and status == Status.CLOSED
    rule = LATE_ANSWER if late else RULES[Step(step)]
    return rule if status in rule.froms and rule.at in (None, level) else None
