"""Whether each event told exactly the right people, once in each channel, and each mail came."""

from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from datetime import datetime, timedelta

from accounts.models import User
from notifications.models import Mail, OutboxMessage
from schools.duties import nobody, viewer_of
from teams.models import Team, TeamMembership
from tests.rehearsals.chaos.kills import Kill
from tests.rehearsals.chaos.post import Taken
from tickets.lifecycle import Level
from tickets.models import Ticket, TicketEvent
from tickets.notices import recipients_of

BEFORE, AFTER = timedelta(seconds=2), timedelta(seconds=10)  # a kill so near a mail can have come between it and us


def wrong_messages(at: datetime) -> list[str]:
    """Return which messages are owed to nobody's knowledge, or are owed though they should not be.

    Roles do not change in this town; who has a ticket in hand is read anew from its history.
    """
    found = []
    viewers = {person.pk: viewer_of(person, at) for person in User.objects.all()}
    viewers[None] = nobody(at)
    owed: dict[str, set[str]] = {}
    for about, key in OutboxMessage.objects.values_list("about", "key"):
        owed.setdefault(about, set()).add(key)
    events: dict[int, list[TicketEvent]] = {}
    for event in TicketEvent.objects.order_by("pk"):
        events.setdefault(event.ticket_id, []).append(event)
    story = Story()
    for ticket in Ticket.objects.select_related("school"):
        expected = set()
        then = None
        for event, then in story.told(ticket, events.get(ticket.pk, [])):
            people = recipients_of(event, then, viewers[event.by_id]).keys() - {event.by_id}
            expected |= {
                f"event:{event.pk}:{person}:{channel}" for person in people for channel in ("in_app", "email")
            }
        keys = owed.pop(ticket.number, set())
        found += [f"{ticket.number}: the message {key} is missing" for key in sorted(expected - keys)]
        found += [f"{ticket.number}: nobody should get the message {key}" for key in sorted(keys - expected)]
        if then is not None and _standing(then) != _standing(ticket):
            found.append(f"{ticket.number} is at {_standing(ticket)}, by its history at {_standing(then)}")
    return [*found, *(f"{len(keys)} messages are about {about}, which does not exist" for about, keys in owed.items())]


class Story:
    """Reads from a history with whom a ticket lay when each event was told."""

    def __init__(self):
        self.teams = {team.slug: team for team in Team.objects.all()}
        self.specialists = set(TeamMembership.objects.values_list("person", flat=True))

    def told(self, ticket: Ticket, events: Iterable[TicketEvent]) -> Iterator[tuple[TicketEvent, Ticket]]:
        """Yield each event with the ticket as it was then, as far as it matters who is told."""
        then = copy(ticket)
        then.level, then.team, then.assignee_id = Level.FIRST, None, None
        for event in events:
            then.status = event.status
            self._go_on(then, event)
            yield event, then

    def _go_on(self, then: Ticket, event: TicketEvent) -> None:
        if event.verb in ("accepted", "escalation_accepted"):
            then.assignee_id = event.by_id
        elif event.verb == "escalated":
            then.level, then.team, then.assignee_id = Level.SECOND, self.teams[event.data["team"]], None
        elif event.verb in ("asked", "waiting"):
            may_take = then.level == Level.FIRST or event.by_id in self.specialists
            then.assignee_id = then.assignee_id or (event.by_id if may_take else None)
        elif event.verb == "resolved":
            then.assignee_id = then.assignee_id or event.by_id
        elif event.status == "reopened" and event.verb in ("reopened", "answered"):
            then.level, then.team, then.assignee_id = Level.FIRST, None, None


def wrong_mails(taken: Iterable[Taken], kills: Iterable[Kill], host: str = "localhost") -> list[str]:
    """Return messages that did not end in one mail, mails that did not come, and second copies nothing explains."""
    found = []
    rows = OutboxMessage.objects.filter(channel=OutboxMessage.Channel.EMAIL)
    found += [f"{key} is in no mail" for key in rows.filter(mail=None, settled_at=None).values_list("key", flat=True)]
    odd = rows.exclude(settled_as__in=["", OutboxMessage.Settled.NOT_WANTED])
    found += [f"{key} was settled as {why}" for key, why in odd.values_list("key", "settled_as")]
    came: dict[str, list[Taken]] = {}
    for copy_ in taken:
        came.setdefault(copy_.message_id, []).append(copy_)
    for mail in Mail.objects.select_related("recipient").order_by("pk"):
        copies = came.pop(f"<{mail.public_id}@{host}>", [])
        if mail.sent_at is None:
            found.append(f"mail {mail.pk} was not sent (attempts {mail.attempts}, last {mail.last_error})")
        elif not copies:
            found.append(f"mail {mail.pk} counts as sent and never came")
        found += [
            f"mail {mail.pk} came to {copy_.recipient} instead of {mail.recipient.email}"
            for copy_ in copies
            if copy_.recipient != mail.recipient.email
        ]
    for mail, count in Mail.objects.filter(messages=None).values_list("pk", "attempts"):
        found.append(f"mail {mail} holds no message ({count} attempts)")
    found += [f"{message_id} came and is no mail of ours" for message_id in came]
    return [*found, *unexplained(taken, kills)]


def resent(taken: Iterable[Taken]) -> int:
    """Return how many copies came beyond the first one."""
    return sum(count - 1 for count in Counter(copy_.message_id for copy_ in taken).values())


def unexplained(taken: Iterable[Taken], kills: Iterable[Kill]) -> list[str]:
    """Return second copies that no kill explains: the copy before was answered, and nobody was killed near it.

    Each kill explains as many mails as can have been in hand at it.
    """
    last: dict[str, Taken] = {}
    excused = Counter()
    kills = list(kills)
    found = []
    for copy_ in sorted(taken, key=lambda one: one.at):
        before = last.get(copy_.message_id)
        last[copy_.message_id] = copy_
        if before is None or not before.answered:
            continue
        near = [
            number
            for number, kill in enumerate(kills)
            if before.began - BEFORE <= kill.at <= before.at + AFTER and excused[number] < kill.mails
        ]
        if near:
            excused[min(near, key=lambda number: abs(kills[number].at - before.at))] += 1
        else:
            found.append(f"{copy_.message_id} came again at {copy_.at} after {before.at}, and nothing was killed then")
    return found


def _standing(ticket: Ticket) -> tuple:
    return ticket.level, ticket.team.slug if ticket.team else None, ticket.assignee_id
