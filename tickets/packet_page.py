"""What the page of handing over shows, and what of it is known already; built and tested without HTTP."""

from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils import timezone

from devices.models import Device
from foundation.berlin import BERLIN
from schools.models import Room
from schools.viewer import Viewer
from teams.models import Team
from tickets.models import Checklist, ChecklistItem, Escalation, PacketDraft, Ticket, TicketEvent
from tickets.packets import ITEM, checklist_of

NEAR = 8  # rooms in reach; the others open below
DEVICES = 12  # of the room; any other is named by its number
MINUTES = "%Y-%m-%dT%H:%M"  # as browsers write a moment into a form


class PacketPage:
    """The packet of one ticket as it is being put together by the viewer.

    `ticket` comes with its school's profile and its draft. What a colleague has kept goes before what the last
    packet said, and that before what the ticket itself knows: nothing known is asked for again.
    """

    def __init__(self, ticket: Ticket, viewer: Viewer):
        self.ticket = ticket
        self.viewer = viewer

    @cached_property
    def checklist(self) -> Checklist | None:
        return checklist_of(self.ticket.category)

    @property
    def items(self) -> list[ChecklistItem]:
        return list(self.checklist.items.all()) if self.checklist else []

    @cached_property
    def draft(self) -> PacketDraft | None:
        return getattr(self.ticket, "packet_draft", None)

    @cached_property
    def rooms(self) -> list[Room]:
        """The rooms of the school: first those that are meant already, then their neighbours, then all others."""
        rooms = list(self._rooms.alphabetical())
        chosen = {str(key) for key in self.known["rooms"]}
        buildings = {room.building for room in rooms if str(room.pk) in chosen and room.building}
        return sorted(rooms, key=lambda room: (str(room.pk) not in chosen, room.building not in buildings))

    @property
    def rooms_in_reach(self) -> int:
        """How many rooms stand there without opening the list of all: the chosen ones always do."""
        return max(NEAR, len(self.known["rooms"]))

    @cached_property
    def devices(self) -> list[Device]:
        """The devices of the room, and those that are meant already."""
        known = self.known["devices"]
        near = Q(code__in=known)
        if self.ticket.room_id:
            near |= Q(room=self.ticket.room_id)
        elif not known:
            return []
        rows = list(self.devices_of_school.filter(near).order_by("code"))
        return sorted(rows, key=lambda device: device.code not in known)[: max(DEVICES, len(known))]

    @property
    def devices_of_school(self) -> QuerySet[Device]:
        return Device.objects.visible_to(self.viewer).filter(school=self.ticket.school_id)

    @cached_property
    def teams(self) -> list[Team]:
        return list(Team.objects.active().in_order())

    @cached_property
    def photos(self) -> list:
        photos = list(self.ticket.attachments.order_by("pk"))
        for photo in photos:
            photo.ticket = self.ticket
        return photos

    @cached_property
    def known(self) -> dict:
        """The words the form begins with, by the names of its fields."""
        told = self._of_the_ticket | self._of_the_last_packet
        words = self.draft.words if self.draft else {}
        return told | {name: word for name, word in words.items() if name in told or name.startswith(ITEM)}

    @property
    def _of_the_ticket(self) -> dict:
        ticket = self.ticket
        profile = getattr(ticket.school, "profile", None)
        team = ticket.category.team_id
        return {
            "tried": "" if self.draft else "\n".join(self._remarks),
            "tips": [],
            "since": _minutes(ticket.created_at),
            "access": profile.access_notes if profile else "",
            "rooms": [str(ticket.room_id)] if ticket.room_id else [],
            "devices": [ticket.device.code] if ticket.device_id else [],
            "device_codes": "",
            "team": next((row.slug for row in self.teams if row.pk == team), ""),
            "spoken_with": "",
        }

    @property
    def _of_the_last_packet(self) -> dict:
        """What went along the last time; it has come back, so most of it still holds."""
        if self._last is None:
            return {}
        row = self._last
        told = {f"{ITEM}{key}": answer for key, answer in row.answers.items()}
        told |= {
            "tried": "\n".join(filter(None, [row.tried, *([] if self.draft else self._remarks)])),
            "since": _minutes(row.since) if row.since else "",
            "access": row.access,
            "rooms": [str(room.pk) for room in row.rooms.all()],
            "devices": [device.code for device in row.devices.all()],
            "team": next((team.slug for team in self.teams if team.pk == row.team_id), ""),
        }
        return {name: word for name, word in told.items() if word}

    @cached_property
    def _last(self) -> Escalation | None:
        if self.ticket.first_escalated_at is None or self.draft:
            return None
        return Escalation.objects.of(self.ticket).prefetch_related("rooms", "devices").first()

    @cached_property
    def _remarks(self) -> list[str]:
        """What the first level noted among themselves since it was last handed over."""
        rows = TicketEvent.objects.visible_to(self.viewer).filter(ticket=self.ticket, verb="commented", public=False)
        if self._last is not None:
            rows = rows.filter(at__gt=self._last.at)
        return [text.strip() for text in rows.in_order().values_list("text", flat=True) if text.strip()]

    @property
    def _rooms(self) -> QuerySet[Room]:
        return Room.objects.visible_to(self.viewer).filter(school=self.ticket.school_id).in_use()


def _minutes(at) -> str:
    return timezone.localtime(at, BERLIN).strftime(MINUTES)
