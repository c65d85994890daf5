"""What every command does in the same beat: lock, may, move, save, record, clock."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from schools.duties import viewer_of
from schools.viewer import Viewer
from tickets import notices, permissions
from tickets.lifecycle import ENDED, Level, Status, Step, level_after, status_after
from tickets.models import Escalation, Ticket, TicketEvent


class StaleTicket(Exception):
    """Somebody changed the ticket since the version that was seen: 412, with the ticket as it is now."""

    def __init__(self, ticket: Ticket):
        self.ticket = ticket
        super().__init__(ticket.number)


def begin(
    step: Step,
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    version: int | None = None,
    scope: Callable[[Viewer], QuerySet[Ticket]] = Ticket.objects.visible_to,
):
    """Lock the ticket in the scope of `by` and make sure the step is theirs and possible.

    Returns the locked ticket and the viewer. Raises Ticket.DoesNotExist (not theirs to see), StaleTicket (another
    version than the one seen), StepForbidden or StepNotAllowed. Call inside a transaction.
    """
    viewer = viewer_of(by, at)
    [ticket] = locked(scope(viewer), pk=ticket.pk) or [None]
    if ticket is None:
        raise Ticket.DoesNotExist
    if version is not None and version != ticket.version:
        raise StaleTicket(ticket)
    permissions.require(viewer, step, ticket)
    return ticket, viewer


def locked(tickets: QuerySet[Ticket], *, skip_locked: bool = False, **which) -> list[Ticket]:
    """Return the tickets locked, in the order of their keys, with what a step looks at.

    With `skip_locked` those that somebody else has locked are left out instead of waited for.

    In two statements: whoever waits for a lock gets the new row of the ticket, but the old rows joined to it. A ticket
    that changed its category meanwhile would not be found at all, one that was taken would look as if nobody had it.
    """
    rows = tickets.filter(**which).select_for_update(of=("self",), skip_locked=skip_locked).order_by("pk")
    keys = list(rows.values_list("pk", flat=True))
    found = Ticket.objects.filter(pk__in=keys).order_by("pk") if keys else Ticket.objects.none()
    return list(found.select_related("school", "category__team", "room", "assignee", "team"))


def move(step: Step, ticket: Ticket, *, at: datetime) -> None:
    """Set the state and level the step leads to; what belongs to the state it leaves goes with that state.

    An open question stays with a ticket that is closed over it: it may still be answered.
    """
    waiting = {"closed_while_waiting": ticket.closed_while_waiting}
    status = status_after(step, ticket.status, ticket.level, **waiting)
    ticket.level = level_after(step, ticket.status, ticket.level, **waiting)
    if ticket.level == Level.FIRST or status in ENDED:
        ticket.mediator_question = ""
    if status == ticket.status:
        return
    if ticket.status == Status.WAITING_EXTERNAL:
        ticket.waiting_party, ticket.waiting_until, ticket.waiting_reference = "", None, ""
    if status not in (Status.WAITING_REPORTER, Status.CLOSED):
        ticket.question = ""
    ticket.status, ticket.changed_at = status, at


def end_escalation(ticket: Ticket, outcome: str, at: datetime) -> None:
    """End the open escalation of a ticket that leaves the second level; nothing where there is none."""
    if ticket.level == Level.SECOND:
        Escalation.objects.open().filter(ticket=ticket).update(ended_at=at, outcome=outcome)


def save(ticket: Ticket) -> None:
    """Write the ticket as its next version."""
    ticket.version += 1
    ticket.save(force_update=True)


def record(
    ticket: Ticket,
    verb: str,
    *,
    viewer: Viewer,
    at: datetime,
    public: bool = True,
    text: str = "",
    words_for_staff: bool = False,
    keeps_version: bool = False,
    **data,
) -> TicketEvent:
    """Add the event to the ticket's history and owe notices to those concerned; `told` says to how many.

    `public` says whether the reporter sees that it happened, `words_for_staff` that they do not read `text`, and
    `keeps_version` that the step applies whatever version was seen. What happens by itself has `duties.nobody` as its
    viewer; its event has no person, and counts as said by those who work on it.
    """
    event = TicketEvent.objects.create(
        ticket=ticket,
        verb=verb,
        by=viewer.person if viewer.person.pk else None,
        at=at,
        status=ticket.status,
        public=public,
        text=text,
        words_for_staff=words_for_staff,
        by_staff=viewer.person.pk is None or permissions.acts_as_staff(viewer, ticket),
        version=ticket.version + (not keeps_version),
        data=data,
    )
    event.told = notices.announce(event, ticket, viewer)
    return event
