"""How a ticket ends, and how it comes back."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from schools.viewer import Viewer
from tickets.deadlines import Clocks
from tickets.lifecycle import Status, Step
from tickets.models import Escalation, Ticket
from tickets.policies import TARGETS

from .base import begin, end_escalation, move, record, save
from .rate import forget_rating


@transaction.atomic
def resolve(
    *, ticket: Ticket, solution: str, cause: str, by: User, at: datetime, version: int | None = None
) -> Ticket:
    """Record the solution and stop the clocks; the reporter may reopen for seven days."""
    ticket, viewer = begin(Step.RESOLVE, ticket, by=by, at=at, version=version)
    end_escalation(ticket, Escalation.Outcome.RESOLVED, at)
    move(Step.RESOLVE, ticket, at=at)
    ticket.solution, ticket.cause, ticket.resolved_at = solution, cause, at
    ticket.assignee = ticket.assignee or by
    record(ticket, "resolved", viewer=viewer, at=at, text=solution, cause=cause)
    clocks = Clocks(ticket)
    for kind in TARGETS:
        clocks.meet(kind, at)
    clocks.settle(at)
    save(ticket)
    return ticket


@transaction.atomic
def confirm(*, ticket: Ticket, by: User, at: datetime, version: int | None = None) -> Ticket:
    """The reporter says that it works; the ticket is closed for good."""
    ticket, viewer = begin(Step.CONFIRM, ticket, by=by, at=at, version=version)
    move(Step.CONFIRM, ticket, at=at)
    ticket.closed_at = at
    record(ticket, "confirmed", viewer=viewer, at=at)
    Clocks(ticket).settle(at)
    save(ticket)
    return ticket


@transaction.atomic
def reopen(*, ticket: Ticket, by: User, at: datetime, reason: str = "", version: int | None = None) -> Ticket:
    """It does not work after all: back to the queue of the first level; the promise runs on.

    What was said about the solution goes with it, and is asked anew about the next one.
    """
    ticket, viewer = begin(Step.REOPEN, ticket, by=by, at=at, version=version)
    move(Step.REOPEN, ticket, at=at)
    ticket.resolved_at = ticket.assignee = ticket.team = None
    forget_rating(ticket)
    record(ticket, "reopened", viewer=viewer, at=at, text=reason)
    clocks = Clocks(ticket)
    clocks.resume_resolution()
    clocks.settle(at)
    save(ticket)
    return ticket


@transaction.atomic
def close(*, ticket: Ticket, by: User, at: datetime, reason: str = "", version: int | None = None) -> Ticket:
    """Close without a solution, for a reason the reporter reads."""
    return _end(Step.CLOSE, "closed", ticket, by, at, reason, version)


@transaction.atomic
def withdraw(*, ticket: Ticket, by: User, at: datetime, reason: str = "", version: int | None = None) -> Ticket:
    """The reporter takes the report back."""
    return _end(Step.WITHDRAW, "withdrawn", ticket, by, at, reason, version)


def close_by_itself(ticket: Ticket, clocks: Clocks, *, viewer: Viewer, at: datetime) -> None:
    """Close a locked ticket because nobody answered, or nobody contested the solution in time.

    The caller settles the clocks and saves.
    """
    unanswered = ticket.status == Status.WAITING_REPORTER
    ticket.closed_from, ticket.closed_at = ticket.status, at
    end_escalation(ticket, Escalation.Outcome.ENDED, at)
    move(Step.CLOSE if unanswered else Step.CONFIRM, ticket, at=at)
    record(ticket, "closed", viewer=viewer, at=at, because="no_answer" if unanswered else "not_contested")
    clocks.end(at)


def _end(step, verb, ticket, by, at, reason, version) -> Ticket:
    ticket, viewer = begin(step, ticket, by=by, at=at, version=version)
    ticket.closed_from = ticket.status
    end_escalation(ticket, Escalation.Outcome.ENDED, at)
    move(step, ticket, at=at)
    ticket.closed_at = at
    record(ticket, verb, viewer=viewer, at=at, text=reason)
    clocks = Clocks(ticket)
    clocks.end(at)
    clocks.save()
    save(ticket)
    return ticket
