"""What goes along when a report is handed over: the diagnosis of the first level, and whether it is complete."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from devices.models import Device
from foundation.berlin import BERLIN
from schools.models import Room
from teams.models import Team
from tickets.models import Category, Checklist, Escalation, PacketDraft, Ticket

LONGEST_AGO = timedelta(days=5 * 366)
ITEM = "checklist."


class IncompletePacket(ValidationError):
    """What is missing in a packet, by field: `checklist.<item>`, tried, since, access, rooms, team. 422."""


@dataclass(frozen=True)
class Packet:
    """What the first level found out. `answers` maps the items of the checklist to yes, no or not_possible."""

    answers: Mapping[str, str] = field(default_factory=dict)
    tried: str = ""
    since: datetime | None = None
    access: str = ""
    rooms: Sequence[Room] = ()
    devices: Sequence[Device] = ()
    team: Team | None = None
    spoken_with: str = ""


def checklist_of(category: Category) -> Checklist | None:
    """Return the version in use with its items in order, in two statements; None where there is no checklist."""
    return Checklist.objects.filter(category=category).prefetch_related("items").order_by("-version").first()


def team_for(packet: Packet, category: Category) -> Team | None:
    """Return the team a packet goes to: the one that was chosen, else that of the category."""
    return packet.team or category.team


def require_complete(packet: Packet, ticket: Ticket, checklist: Checklist | None, at: datetime) -> None:
    """Raise IncompletePacket that names every gap and every entry that cannot be right."""
    gaps = _unanswered(packet, checklist)
    for name, sentence in (
        ("tried", _("What you have tried is missing. A few words are enough.")),
        ("since", _("Since when is missing. An estimate is enough.")),
        ("access", _("When and how somebody gets in is missing.")),
        ("rooms", _("The room is missing. Choose at least one.")),
    ):
        if not getattr(packet, name):
            gaps[name] = sentence
    if packet.since is not None and not at - LONGEST_AGO < packet.since <= at:
        gaps["since"] = _("This point in time cannot be right. It lies ahead, or very long ago.")
    if any(room.school_id != ticket.school_id for room in packet.rooms):
        gaps["rooms"] = _("One of the rooms belongs to another school. Choose rooms of this school.")
    if any(device.school_id != ticket.school_id for device in packet.devices):
        gaps["devices"] = _("One of the devices belongs to another school.")
    team = team_for(packet, ticket.category)
    if team is None:
        gaps["team"] = _("The team is missing. Choose who shall take care.")
    elif not team.is_active:
        gaps["team"] = _("This team takes no new work. Choose another one.")
    if gaps:
        raise IncompletePacket(gaps)


def begun_packet(ticket: Ticket, checklist: Checklist | None) -> Packet:
    """Return what is known of a diagnosis that nobody has finished: the draft, as far as it still makes sense.

    Room and beginning are those of the report where the draft names none; nothing is made up.
    """
    draft = PacketDraft.objects.filter(ticket=ticket).first()
    words = draft.words if draft else {}
    items = {item.key for item in checklist.items.all()} if checklist else set()
    answers = {
        name.removeprefix(ITEM): answer
        for name, answer in words.items()
        if name.startswith(ITEM) and name.removeprefix(ITEM) in items and answer in Escalation.Answer.values
    }
    rooms = [key for key in words.get("rooms", ()) if str(key).isdigit()] or [ticket.room_id or 0]
    return Packet(
        answers=answers,
        tried="\n".join(filter(None, [*words.get("tips", ()), str(words.get("tried", "")).strip()])),
        since=_moment(words.get("since")) or ticket.created_at,
        access=str(words.get("access", "")),
        rooms=list(Room.objects.filter(school=ticket.school_id, pk__in=rooms)),
        devices=list(Device.objects.filter(school=ticket.school_id, code__in=words.get("devices", ()))),
        spoken_with=str(words.get("spoken_with", ""))[:80],
    )


def _moment(words) -> datetime | None:
    try:
        return datetime.fromisoformat(words).replace(tzinfo=BERLIN)
    except (TypeError, ValueError):
        return None


def _unanswered(packet, checklist) -> dict[str, str]:
    items = {item.key for item in checklist.items.all()} if checklist else set()
    gaps = {
        ITEM + key: _("The answer is missing. Choose yes, no or not possible.")
        for key in sorted(items)
        if packet.answers.get(key) not in Escalation.Answer.values
    }
    unknown = {ITEM + key: _("This item is not on the checklist.") for key in sorted(set(packet.answers) - items)}
    return gaps | unknown
