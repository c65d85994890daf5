"""Who hears what: turns an event of a ticket into outbox rows, in the same transaction."""

from foundation.berlin import berlin_day
from notifications import outbox
from notifications.topics import Topic
from schools.models import SchoolMembership
from schools.viewer import Viewer
from teams.models import TeamMembership
from tickets import topics
from tickets.lifecycle import Level, Priority
from tickets.models import Follower, Ticket, TicketEvent
from tickets.routing import works_on

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
        "reporter_reminded",
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
        "reminded",
        "follow_up_due",
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


#: Under what name a notice goes out, where it is not that of the event.
KINDS = {"told": "deadline_missed"}


def announce(event: TicketEvent, ticket: Ticket, viewer: Viewer) -> int:
    """Owe a notice to those concerned by `event`, never to the person who caused it; return how many they are."""
    recipients = recipients_of(event, ticket, viewer)
    recipients.pop(viewer.person.pk, None)
    if recipients:
        outbox.post(
            recipients=recipients,
            kind=KINDS.get(event.verb, event.verb),
            about=ticket.number,
            effect=f"event:{event.pk}",
            at=event.at,
            data=told(event),
            # What somebody did may not wait at night where a whole school stands still; clocks run by day only.
            urgent=ticket.priority == Priority.CRITICAL and event.by_id is not None,
        )
    return len(recipients)


def told(event: TicketEvent) -> dict:
    """Return what a notice says besides its kind: codes and instants, never typed words."""
    codes = ("clock", "percent", "due", "because", "reason")
    return {"event": event.pk, **{name: event.data[name] for name in codes if name in event.data}}


def recipients_of(event: TicketEvent, ticket: Ticket, viewer: Viewer) -> dict[int, Topic]:
    """Return the ids of those whom an event concerns, the one who caused it among them, and what it is to each.

    Who is concerned in several ways hears of it in the last of them: as the one who is to act, if they are.
    """
    verb, recipients = event.verb, {}
    if event.public and verb in FOR_FOLLOWERS and event.by_staff and not ticket.confidential:
        recipients |= dict.fromkeys(_followers(ticket, viewer), topics.for_watcher(verb))
    if verb in FOR_THE_MEDIATOR and (ticket.level == Level.SECOND or verb == "returned"):
        recipients |= dict.fromkeys(_mediator(event, ticket, viewer), topics.for_watcher(verb))
    if verb == "escalated" and event.by_id is None:  # nobody of the first level has done it
        recipients |= dict.fromkeys(_mediator(event, ticket, viewer), Topic.REMINDERS)
    if event.public and verb in FOR_THE_REPORTER and ticket.reporter_id is not None:
        recipients[ticket.reporter_id] = topics.for_reporter(verb)
    if verb in FOR_THE_RESPONSIBLE:
        recipients |= dict.fromkeys(_responsible(event, ticket, viewer), topics.for_worker(verb))
    if verb == "told":
        recipients |= dict.fromkeys(WHOM[event.data["whom"]](event, ticket, viewer), Topic.REMINDERS)
    return recipients


def _followers(ticket, viewer) -> set[int]:
    """Return who is affected and still belongs to the school."""
    members = SchoolMembership.objects.on(berlin_day(viewer.at)).filter(school=ticket.school_id)
    followers = Follower.objects.affected().filter(ticket=ticket, person__is_active=True)
    return set(followers.filter(person__in=members.values("person")).values_list("person", flat=True))


def _responsible(event, ticket, viewer) -> set[int]:
    if ticket.assignee_id is not None and works_on(ticket, viewer.roster):
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
    # Internal remarks are not for the coordination; that a time runs out is, though the school does not see it.
    if event.public or event.by_id is None:
        return _coordination(ticket, viewer)
    return set()


def _coordination(ticket, viewer) -> set[int]:
    return set() if ticket.confidential else set(viewer.roster.coordination)


def _coordination_and_whoever_is_on_duty(event, ticket, viewer) -> set[int]:
    """The manager on duty may be the one who stands in, and may not be the one who has it in hand."""
    return _coordination(ticket, viewer) | _mediator(event, ticket, viewer)


def _lead(event, ticket, viewer) -> set[int]:
    """Return who leads the team a ticket lies with; a team without a lead is told as a whole."""
    if ticket.team_id is None:
        return _responsible(event, ticket, viewer)
    members = TeamMembership.objects.on(berlin_day(viewer.at)).filter(team=ticket.team_id, person__is_active=True)
    rows = list(members.values_list("person", "is_lead"))
    return {person for person, leads in rows if leads} or {person for person, _leads in rows}


WHOM = {"coordination": _coordination_and_whoever_is_on_duty, "lead": _lead}
