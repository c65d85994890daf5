"""The way to the second level and back: hand over, take over, pass on, ask, return.

The campus manager stays the mediator all the while; that is derived from the roster and needs no step. Every command
is one transaction and keyword-only, and raises what `base.begin` raises.
"""

from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from schools.viewer import Viewer
from teams.models import Team
from tickets.deadlines import Clocks, Kind
from tickets.lifecycle import Step
from tickets.models import Escalation, PacketDraft, Ticket
from tickets.packets import IncompletePacket, Packet, begun_packet, checklist_of, require_complete, team_for

from .base import begin, end_escalation, move, record, save


@transaction.atomic
def escalate(*, ticket: Ticket, packet: Packet, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Hand the ticket to a team of the Systemhaus with a complete packet; somebody has looked at it, so it is a
    first response too.

    Raises IncompletePacket, which names every gap.
    """
    ticket, viewer = begin(Step.ESCALATE, ticket, by=by, at=at, version=version)
    checklist = checklist_of(ticket.category)
    require_complete(packet, ticket, checklist, at)
    move(Step.ESCALATE, ticket, at=at)
    _open_escalation(ticket, team_for(packet, ticket.category), packet, checklist, by=by, at=at)
    record(ticket, "escalated", viewer=viewer, at=at, team=ticket.team.slug)
    clocks = Clocks(ticket)
    clocks.meet(Kind.FIRST_RESPONSE, at)
    clocks.start_second_response(at)
    clocks.settle(at)
    save(ticket)
    return ticket


def escalate_by_itself(ticket: Ticket, clocks: Clocks, *, viewer: Viewer, at: datetime) -> None:
    """Hand a locked ticket over because the time for a solution has run out, with whatever packet there is.

    Nobody has looked at it, so it is no first response. It goes to the team of its category, else to the one the
    promise names. The caller settles the clocks and saves.
    """
    checklist = checklist_of(ticket.category)
    packet = begun_packet(ticket, checklist)
    team = ticket.category.team
    if team is None or not team.is_active:
        team = Team.objects.get(pk=clocks.around.promise.automatic_team_id)
    packet = replace(packet, team=team)
    try:
        require_complete(packet, ticket, checklist, at)
        is_complete = True
    except IncompletePacket:
        is_complete = False
    move(Step.ESCALATE, ticket, at=at)
    deadline = {"reason": Escalation.Reason.DEADLINE, "is_complete": is_complete}
    _open_escalation(ticket, team, packet, checklist, by=None, at=at, **deadline)
    record(ticket, "escalated", viewer=viewer, at=at, team=team.slug, reason=Escalation.Reason.DEADLINE)
    clocks.start_second_response(at)


def _open_escalation(ticket, team, packet, checklist, *, by, at, **facts) -> None:
    """Let the ticket lie with a team, together with the packet; an unfinished one of before has gone into it."""
    ticket.team, ticket.assignee = team, None
    ticket.first_escalated_at = ticket.first_escalated_at or at
    escalation = Escalation.objects.create(
        ticket=ticket,
        team=team,
        by=by,
        at=at,
        checklist=checklist,
        answers=dict(packet.answers),
        tried=packet.tried,
        since=packet.since,
        access=packet.access,
        spoken_with=packet.spoken_with,
        **facts,
    )
    escalation.rooms.set(packet.rooms)
    escalation.devices.set(packet.devices)
    PacketDraft.objects.filter(ticket=ticket).delete()


@transaction.atomic
def keep_packet_draft(*, ticket: Ticket, words: dict, by: User, at: datetime) -> PacketDraft:
    """Keep what has been put together so far for whoever of the first level goes on with it."""
    ticket, _viewer = begin(Step.ESCALATE, ticket, by=by, at=at)
    draft, _created = PacketDraft.objects.update_or_create(
        ticket=ticket, defaults={"words": words, "by": by, "saved_at": at}
    )
    return draft


@transaction.atomic
def accept_escalation(*, ticket: Ticket, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Take the ticket into one's own hands at the second level; this is its response, and a first response."""
    ticket, viewer = begin(Step.ACCEPT_ESCALATION, ticket, by=by, at=at, version=version)
    move(Step.ACCEPT_ESCALATION, ticket, at=at)
    ticket.assignee = by
    record(ticket, "escalation_accepted", viewer=viewer, at=at)
    clocks = Clocks(ticket)
    clocks.meet(Kind.FIRST_RESPONSE, at)
    clocks.meet(Kind.SECOND_RESPONSE, at)
    clocks.settle(at)
    save(ticket)
    return ticket


@transaction.atomic
def transfer(*, ticket: Ticket, team: Team, reason: str, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Pass the ticket on to another team, with its packet; the clock of the second level's response runs on.

    Raises ValidationError for the team it lies with, and for one that takes no new work.
    """
    ticket, viewer = begin(Step.TRANSFER, ticket, by=by, at=at, version=version)
    if team.pk == ticket.team_id:
        raise ValidationError({"team": _("The report lies with this team already. Choose another one.")})
    if not team.is_active:
        raise ValidationError({"team": _("This team takes no new work. Choose another one.")})
    move(Step.TRANSFER, ticket, at=at)
    left = ticket.team
    ticket.team, ticket.assignee = team, None
    Escalation.objects.open().filter(ticket=ticket).update(team=team)
    record(
        ticket,
        "transferred",
        viewer=viewer,
        at=at,
        text=reason,
        words_for_staff=True,
        team=team.slug,
        left=left.slug,
    )
    Clocks(ticket).settle(at)
    save(ticket)
    return ticket


@transaction.atomic
def return_to_first_level(*, ticket: Ticket, text: str, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Give the ticket back to the queue of the campus manager on duty, who reads `text`; the reporter does not."""
    ticket, viewer = begin(Step.RETURN, ticket, by=by, at=at, version=version)
    left = ticket.team
    clocks = Clocks(ticket)
    clocks.meet(Kind.SECOND_RESPONSE, at)
    end_escalation(ticket, Escalation.Outcome.RETURNED, at)
    move(Step.RETURN, ticket, at=at)
    record(ticket, "returned", viewer=viewer, at=at, text=text, words_for_staff=True, left=left.slug)
    clocks.settle(at)
    ticket.team = ticket.assignee = None
    save(ticket)
    return ticket


@transaction.atomic
def ask_mediator(*, ticket: Ticket, text: str, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Ask the campus management something; nothing pauses, and their next message is the answer."""
    ticket, viewer = begin(Step.ASK_MEDIATOR, ticket, by=by, at=at, version=version)
    ticket.mediator_question = text
    record(ticket, "asked_mediator", viewer=viewer, at=at, public=False, text=text)
    clocks = Clocks(ticket)
    clocks.meet(Kind.SECOND_RESPONSE, at)
    clocks.save()
    save(ticket)
    return ticket
