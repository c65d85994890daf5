"""Steps of the second level, merging and closing by the clock, for which there is no command yet.

They move, record and keep the clocks as a command does, with the same rows; only rights are not asked. As soon as the
commands are written, the demo takes those and this file goes.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from schools.duties import viewer_of
from teams.models import Team
from tickets.commands.base import move, record, save
from tickets.deadlines import Clocks, Kind
from tickets.lifecycle import Step
from tickets.models import Ticket, TicketEvent


@transaction.atomic
def escalate(ticket: Ticket, *, team: Team, text: str, by: User, at: datetime) -> Ticket:
    """Hand the ticket to a team of the Systemhaus."""
    ticket = _locked(ticket)
    move(Step.ESCALATE, ticket, at=at)
    ticket.team, ticket.assignee = team, None
    ticket.first_escalated_at = ticket.first_escalated_at or at
    return _recorded(ticket, "escalated", by, at, text=text, public=True, team=team.slug)


@transaction.atomic
def accept_escalation(ticket: Ticket, *, by: User, at: datetime) -> Ticket:
    """Take the ticket into one's hands at the second level."""
    ticket = _locked(ticket)
    move(Step.ACCEPT_ESCALATION, ticket, at=at)
    ticket.assignee = by
    return _recorded(ticket, "escalation_accepted", by, at, responds=True)


@transaction.atomic
def return_to_first_level(ticket: Ticket, *, text: str, by: User, at: datetime) -> Ticket:
    """Give the ticket back to the campus management."""
    ticket = _locked(ticket)
    move(Step.RETURN, ticket, at=at)
    ticket.team = ticket.assignee = None
    return _recorded(ticket, "returned", by, at, text=text)


@transaction.atomic
def merge(ticket: Ticket, *, into: Ticket, by: User, at: datetime) -> Ticket:
    """Let the ticket end in another one of the same school."""
    ticket = _locked(ticket)
    move(Step.MERGE, ticket, at=at)
    ticket.closed_at, ticket.merged_into = at, into
    return _recorded(ticket, "merged", by, at, ends=True, into=into.number)


@transaction.atomic
def close_by_itself(ticket: Ticket, *, at: datetime) -> Ticket:
    """Close a solved ticket that nobody contested in time."""
    ticket = _locked(ticket)
    ticket.closed_from = ticket.status
    move(Step.CONFIRM, ticket, at=at)
    ticket.closed_at = at
    TicketEvent.objects.create(ticket=ticket, verb="closed", by=None, at=at, status=ticket.status)
    save(ticket)
    return ticket


def _locked(ticket) -> Ticket:
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("school", "category", "assignee", "team")
    return rows.get(pk=ticket.pk)


def _recorded(ticket, verb, by, at, *, responds=False, ends=False, text="", public=True, **data) -> Ticket:
    record(ticket, verb, viewer=viewer_of(by, at), at=at, text=text, public=public, **data)
    clocks = Clocks(ticket)
    if responds:
        clocks.meet(Kind.FIRST_RESPONSE, at)
    if ends:
        clocks.end(at)
    clocks.reschedule()
    clocks.save()
    save(ticket)
    return ticket
