"""What every command does in the same beat: lock, may, move, save, record, clock."""

from datetime import datetime

from accounts.models import User
from schools.duties import viewer_of
from schools.viewer import Viewer
from tickets import notices, permissions
from tickets.lifecycle import Status, Step, level_after, status_after
from tickets.models import Ticket, TicketEvent


class StaleTicket(Exception):
    """Somebody changed the ticket since the version that was seen: 412, with the ticket as it is now."""

    def __init__(self, ticket: Ticket):
        self.ticket = ticket
        super().__init__(ticket.number)


def begin(step: Step, ticket: Ticket, *, by: User, at: datetime, version: int | None = None):
    """Lock the ticket in the scope of `by` and make sure the step is theirs and possible.

    Returns the locked ticket and the viewer. Raises Ticket.DoesNotExist (not theirs to see), StaleTicket (another
    version than the one seen), StepForbidden or StepNotAllowed. Call inside a transaction.
    """
    viewer = viewer_of(by, at)
    locked = (
        Ticket.objects.visible_to(viewer)
        .select_for_update(of=("self",))
        .select_related("school", "category", "room", "assignee", "team")
        .get(pk=ticket.pk)
    )
    if version is not None and version != locked.version:
        raise StaleTicket(locked)
    permissions.require(viewer, step, locked)
    return locked, viewer


def move(step: Step, ticket: Ticket, *, at: datetime) -> None:
    """Set the state and level the step leads to; what belongs to the state it leaves goes with that state.

    An open question stays with a ticket that is closed over it: it may still be answered.
    """
    waiting = {"closed_while_waiting": ticket.closed_while_waiting}
    status = status_after(step, ticket.status, ticket.level, **waiting)
    ticket.level = level_after(step, ticket.status, ticket.level, **waiting)
    if status == ticket.status:
        return
    if ticket.status == Status.WAITING_EXTERNAL:
        ticket.waiting_party, ticket.waiting_until, ticket.waiting_reference = "", None, ""
    if status not in (Status.WAITING_REPORTER, Status.CLOSED):
        ticket.question = ""
    ticket.status, ticket.changed_at = status, at


def save(ticket: Ticket) -> None:
    """Write the ticket as its next version."""
    ticket.version += 1
    ticket.save(force_update=True)


def record(
    ticket: Ticket, verb: str, *, viewer: Viewer, at: datetime, public: bool = True, text: str = "", **data
) -> TicketEvent:
    """Add the event to the ticket's history and owe notices to those concerned."""
    event = TicketEvent.objects.create(
        ticket=ticket,
        verb=verb,
        by=viewer.person,
        at=at,
        status=ticket.status,
        public=public,
        text=text,
        data=data,
    )
    notices.announce(event, ticket, viewer)
    return event
