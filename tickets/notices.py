"""Who hears what: turns an event of a ticket into outbox rows, in the same transaction."""

from accounts.models import CityRole
from foundation.berlin import berlin_day
from notifications import outbox
from schools.models import SchoolMembership
from schools.viewer import Viewer
from teams.models import TeamMembership
from tickets.lifecycle import Level
from tickets.models import Follower, Ticket, TicketEvent

#: Events the reporter is told about, when somebody else caused them.
FOR_THE_REPORTER = frozenset(
    {
        "reported",
        "accepted",
        "commented",
        "asked",
        "waiting",
        "escalated",
        "resolved",
        "reopened",
        "closed",
        "answered",
        "merged",
    }
)
#: Events those who are affected too are told about, when somebody of the staff caused them.
FOR_FOLLOWERS = frozenset({"commented", "waiting", "escalated", "resolved", "reopened", "closed"})
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
        "escalated",
        "transferred",
        "absorbed",
    }
)
#: Events at the second level that the campus manager hears of, who stays the mediator all the while.
FOR_THE_MEDIATOR = frozenset(
    {
        "escalation_accepted",
        "transferred",
        "asked_mediator",
        "asked",
        "commented",
        "answered",
        "waiting",
        "resolved",
        "returned",
    }
)


def announce(event: TicketEvent, ticket: Ticket, viewer: Viewer) -> None:
    """Owe a notice to those concerned by `event`; never to the person who caused it."""
    recipients = set()
    if event.public and event.verb in FOR_THE_REPORTER and ticket.reporter_id is not None:
        recipients.add(ticket.reporter_id)
    if event.public and event.verb in FOR_FOLLOWERS and event.by_staff and not ticket.confidential:
        recipients |= _followers(ticket, viewer)
    if event.verb in FOR_THE_RESPONSIBLE:
        recipients |= _responsible(event, ticket, viewer)
    if event.verb in FOR_THE_MEDIATOR and (ticket.level == Level.SECOND or event.verb == "returned"):
        recipients |= _mediator(event, ticket, viewer)
    recipients.discard(viewer.person.pk)
    if recipients:
        outbox.post(
            recipients=recipients,
            kind=event.verb,
            about=ticket.number,
            effect=f"event:{event.pk}",
            at=event.at,
        )


def _followers(ticket, viewer) -> set[int]:
    """Return who is affected and still belongs to the school."""
    members = SchoolMembership.objects.on(berlin_day(viewer.at)).filter(school=ticket.school_id)
    followers = Follower.objects.affected().filter(ticket=ticket, person__is_active=True)
    return set(followers.filter(person__in=members.values("person")).values_list("person", flat=True))


def _responsible(event, ticket, viewer) -> set[int]:
    if ticket.assignee_id is not None and ticket.assignee_id not in viewer.roster.absent:
        return {ticket.assignee_id}
    if ticket.level == Level.SECOND:
        members = TeamMembership.objects.on(berlin_day(viewer.at)).filter(team=ticket.team_id, person__is_active=True)
        return set(members.values_list("person", flat=True))
    return _mediator(event, ticket, viewer)


def _mediator(event, ticket, viewer) -> set[int]:
    """Return the manager on duty; where nobody is, the coordination, unless it is not for their eyes."""
    manager = viewer.manager_of(ticket.school)
    if manager is not None:
        return {manager.id}
    if ticket.confidential or not event.public:
        return set()
    coordinators = CityRole.objects.on(berlin_day(viewer.at)).filter(role=CityRole.Role.COORDINATOR)
    return set(coordinators.values_list("person_id", flat=True))
