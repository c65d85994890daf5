"""What the first level does with a ticket, and what its reporter does with it.

Every command is one transaction and keyword-only; `version` is the version the person saw, None to apply anyway.
All of them raise what `base.begin` raises.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.berlin import berlin_day
from schools.people import workers_for
from tickets.deadlines import Clocks, Kind
from tickets.lifecycle import Level, Status, Step, priority_of
from tickets.models import Category, Ticket, TicketEvent
from tickets.permissions import Relation, StepForbidden, may_write_internally, relations_of

from .base import begin, move, record, save
from .report import kind_of

FIRST_LEVEL = frozenset({Relation.FIRST_LEVEL, Relation.HELPDESK})
STAFF = FIRST_LEVEL | {Relation.SPECIALIST}


@transaction.atomic
def accept(*, ticket: Ticket, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Take the ticket into one's own hands; this is a first response."""
    ticket, viewer = begin(Step.ACCEPT, ticket, by=by, at=at, version=version)
    move(Step.ACCEPT, ticket, at=at)
    ticket.assignee = by
    record(ticket, "accepted", viewer=viewer, at=at)
    _respond(ticket, relations_of(viewer, ticket), at).settle(at)
    save(ticket)
    return ticket


@transaction.atomic
def release(*, ticket: Ticket, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Put the ticket back into the queue of whoever is on duty."""
    ticket, viewer = begin(Step.RELEASE, ticket, by=by, at=at, version=version)
    move(Step.RELEASE, ticket, at=at)
    ticket.assignee = None
    record(ticket, "released", viewer=viewer, at=at)
    Clocks(ticket).settle(at)
    save(ticket)
    return ticket


@transaction.atomic
def assign(*, ticket: Ticket, person: User, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Hand the ticket to somebody of the first level; the state stays, and it is no first response.

    Raises ValidationError where the person does not work at the first level for this school.
    """
    ticket, viewer = begin(Step.ASSIGN, ticket, by=by, at=at, version=version)
    if not workers_for(ticket.school, viewer).filter(pk=person.pk).exists():
        raise ValidationError({"person": _("This person does not work for this school. Choose somebody of the list.")})
    move(Step.ASSIGN, ticket, at=at)
    ticket.assignee = person
    record(ticket, "assigned", viewer=viewer, at=at, public=False, to=person.name)
    save(ticket)
    return ticket


@transaction.atomic
def classify(
    *,
    ticket: Ticket,
    by: User,
    at: datetime,
    category: Category | None = None,
    impact: str | None = None,
    urgency: str | None = None,
    version: int | None = None,
) -> Ticket:
    """Correct category, impact or urgency; the due times follow, and nothing used up is forgotten.

    What turns out to belong into a category that is confidential at first becomes confidential.
    """
    ticket, viewer = begin(Step.CLASSIFY, ticket, by=by, at=at, version=version)
    before = {"category": ticket.category.slug, "impact": ticket.impact, "urgency": ticket.urgency}
    ticket.category = category or ticket.category
    ticket.impact = impact or ticket.impact
    ticket.urgency = urgency or ticket.urgency
    after = {"category": ticket.category.slug, "impact": ticket.impact, "urgency": ticket.urgency}
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if not changed:
        raise ValidationError(_("Nothing was changed. Choose another category or urgency."))
    ticket.priority = priority_of(ticket.impact, ticket.urgency)
    if "category" in changed:
        ticket.kind = kind_of(ticket.category)
        if ticket.category.confidential_at_first and not ticket.confidential:
            ticket.confidential = changed["confidential"] = True
    record(ticket, "classified", viewer=viewer, at=at, **changed)
    clocks = Clocks(ticket)
    clocks.retarget()
    clocks.settle(at)
    save(ticket)
    return ticket


@transaction.atomic
def comment(*, ticket: Ticket, text: str, by: User, at: datetime, internal: bool = False) -> TicketEvent:
    """Add a message, or a remark only those who work on tickets see. Always applies, whatever version was seen.

    The first level's next words answer what the Systemhaus has asked them.
    """
    ticket, viewer = begin(Step.COMMENT, ticket, by=by, at=at)
    if internal and not may_write_internally(viewer, ticket):
        raise StepForbidden(Step.COMMENT)
    event = record(ticket, "commented", viewer=viewer, at=at, public=not internal, text=text, keeps_version=True)
    relations = relations_of(viewer, ticket)
    if ticket.mediator_question and relations & FIRST_LEVEL:
        Ticket.objects.filter(pk=ticket.pk).update(mediator_question="")
    if not internal and relations & STAFF and ticket.reporter_id != by.pk and ticket.is_open:
        _respond(ticket, relations, at).save()
        Ticket.objects.filter(pk=ticket.pk).update(due_at=ticket.due_at, team_due_at=ticket.team_due_at)
    return event


@transaction.atomic
def ask(*, ticket: Ticket, text: str, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Ask the reporter something; the clocks pause until the answer. Whoever asks about a new ticket takes it."""
    ticket, viewer = begin(Step.ASK, ticket, by=by, at=at, version=version)
    relations = relations_of(viewer, ticket)
    asked_before = ticket.status == Status.WAITING_REPORTER
    move(Step.ASK, ticket, at=at)
    _take(ticket, viewer, relations)
    ticket.question = text
    record(ticket, "asked", viewer=viewer, at=at, text=text)
    clocks = _respond(ticket, relations, at)
    if asked_before:
        clocks.ask_again(at)
    clocks.settle(at)
    save(ticket)
    return ticket


@transaction.atomic
def answer(*, ticket: Ticket, text: str, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Answer the open question; the clocks run on where they paused. A late answer opens the ticket again."""
    ticket, viewer = begin(Step.ANSWER, ticket, by=by, at=at, version=version)
    late = ticket.closed_while_waiting
    move(Step.ANSWER, ticket, at=at)
    if late:
        ticket.closed_at, ticket.closed_from, ticket.assignee, ticket.team = None, "", None, None
    record(ticket, "answered", viewer=viewer, at=at, text=text)
    clocks = Clocks(ticket)
    if late:
        clocks.resume_resolution()
    clocks.settle(at)
    save(ticket)
    return ticket


@transaction.atomic
def wait(
    *,
    ticket: Ticket,
    party: str,
    until: date,
    by: User,
    at: datetime,
    reference: str = "",
    version: int | None = None,
) -> Ticket:
    """Wait for somebody outside until a Berlin day. Whoever does so with a new ticket takes it.

    Raises ValidationError for a day that has passed.
    """
    ticket, viewer = begin(Step.WAIT, ticket, by=by, at=at, version=version)
    if until < berlin_day(at):
        raise ValidationError({"until": _("This day has passed. Choose today or a later day.")})
    relations = relations_of(viewer, ticket)
    move(Step.WAIT, ticket, at=at)
    _take(ticket, viewer, relations)
    ticket.waiting_party, ticket.waiting_until, ticket.waiting_reference = party, until, reference
    record(ticket, "waiting", viewer=viewer, at=at, party=party, until=until.isoformat(), reference=reference)
    clocks = Clocks(ticket)
    if Relation.SPECIALIST in relations:
        clocks.meet(Kind.SECOND_RESPONSE, at)
    clocks.settle(at)
    save(ticket)
    return ticket


@transaction.atomic
def resume(*, ticket: Ticket, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Go on working after waiting for somebody outside."""
    ticket, viewer = begin(Step.RESUME, ticket, by=by, at=at, version=version)
    move(Step.RESUME, ticket, at=at)
    record(ticket, "resumed", viewer=viewer, at=at)
    Clocks(ticket).settle(at)
    save(ticket)
    return ticket


@transaction.atomic
def restrict(*, ticket: Ticket, confidential: bool, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Make the ticket confidential, or visible to the school again."""
    ticket, viewer = begin(Step.RESTRICT, ticket, by=by, at=at, version=version)
    if ticket.confidential == confidential:
        raise ValidationError(
            _("The report is already confidential.") if confidential else _("The report is not confidential.")
        )
    ticket.confidential = confidential
    record(ticket, "restricted", viewer=viewer, at=at, confidential=confidential)
    save(ticket)
    return ticket


def _take(ticket, viewer, relations) -> None:
    """Whoever works on what nobody has taken takes it; the mediator takes nothing that lies with the Systemhaus."""
    if ticket.assignee_id is None and (ticket.level == Level.FIRST or Relation.SPECIALIST in relations):
        ticket.assignee = viewer.person


def _respond(ticket, relations, at) -> Clocks:
    """Meet the promise of a response, if it is still open; return the clocks, to be saved or settled."""
    clocks = Clocks(ticket)
    clocks.meet(Kind.FIRST_RESPONSE, at)
    if Relation.SPECIALIST in relations:
        clocks.meet(Kind.SECOND_RESPONSE, at)
    return clocks
