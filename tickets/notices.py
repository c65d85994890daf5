"""Who hears what: turns an event of a ticket into outbox rows, in the same transaction."""

from accounts.models import CityRole
from foundation.berlin import berlin_day
from notifications import outbox
from schools.viewer import Viewer
from tickets.models import Ticket, TicketEvent

#: Events the reporter is told about, when somebody else caused them.
FOR_THE_REPORTER = frozenset(
    {"reported", "accepted", "commented", "asked", "waiting", "resolved", "reopened", "closed", "answered"}
)
#: Events that whoever works on the ticket is told about.
FOR_THE_RESPONSIBLE = frozenset(
    {
        "reported",
        "commented",
        "answered",
        "reopened",
        "confirmed",
        "withdrawn",
        "assigned",
        "released",
        "restricted",
    }
)


def announce(event: TicketEvent, ticket: Ticket, viewer: Viewer) -> None:
    """Owe a notice to those concerned by `event`; never to the person who caused it."""
    recipients = set()
    if event.public and event.verb in FOR_THE_REPORTER:
        recipients.add(ticket.reporter_id)
    if event.verb in FOR_THE_RESPONSIBLE:
        recipients |= _responsible(event, ticket, viewer)
    recipients.discard(viewer.person.pk)
    if recipients:
        outbox.post(
            recipients=recipients,
            kind=event.verb,
            about=ticket.number,
            effect=f"event:{event.pk}",
            at=event.at,
        )


def _responsible(event, ticket, viewer) -> set[int]:
    if ticket.assignee_id is not None and ticket.assignee_id not in viewer.roster.absent:
        return {ticket.assignee_id}
    manager = viewer.manager_of(ticket.school)
    if manager is not None:
        return {manager.id}
    if ticket.confidential or not event.public:
        return set()  # not for the coordination's eyes
    coordinators = CityRole.objects.on(berlin_day(viewer.at)).filter(role=CityRole.Role.COORDINATOR)
    return set(coordinators.values_list("person_id", flat=True))
