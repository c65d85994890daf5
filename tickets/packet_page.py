"""What the page of handing over shows, and what of it is known already; built and tested without HTTP."""

from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
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
        """The version in use, to check a packet by."""
        return checklist_of(self.ticket.category)

    @cached_property
    def items(self) -> list[ChecklistItem]:
        """The statements of that version, in order."""
        return [ChecklistItem(**facts) for facts in self._around["items"]]

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
        """The devices of the room, and those that are meant already, which come first."""
        known = self.known["devices"]
        rows = [Device(school_id=self.ticket.school_id, **facts) for facts in self._around["devices"]]
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

    @property
    def _remarks(self) -> list[str]:
        """What the first level noted among themselves since it was last handed over."""
        return [text.strip() for text in self._around["remarks"] if text.strip()]

    @cached_property
    def _around(self) -> dict:
        """Remarks, devices and statements in one statement."""
        ticket = Ticket.objects.visible_to(self.viewer).filter(pk=self.ticket.pk)
        remarks = TicketEvent.objects.visible_to(self.viewer).filter(
            ticket=OuterRef("pk"), verb="commented", public=False
        )
        if self._last is not None:
            remarks = remarks.filter(at__gt=self._last.at)
        meant = Q(code__in=self._meant) | Q(pk=self.ticket.device_id or 0)
        near = meant | Q(room=self.ticket.room_id) if self.ticket.room_id else meant
        devices = self.devices_of_school.filter(near).order_by("code")
        latest = Checklist.objects.filter(category=self.ticket.category_id).order_by("-version")
        items = ChecklistItem.objects.filter(checklist=Subquery(latest.values("pk")[:1])).order_by("order", "pk")
        return ticket.values(
            remarks=ArraySubquery(remarks.in_order().values("text")),
            devices=_facts(devices, "id", "code", "kind", "model", "room_id"),
            items=_facts(items, "key", "text_de", "text_en"),
        ).get()

    @property
    def _meant(self) -> list[str]:
        """The numbers of devices that are meant whatever room they lie in."""
        if self.draft:
            return self.draft.words.get("devices", [])
        return [device.code for device in self._last.devices.all()] if self._last else []

    @property
    def _rooms(self) -> QuerySet[Room]:
        return Room.objects.visible_to(self.viewer).filter(school=self.ticket.school_id).in_use()


def _minutes(at) -> str:
    return timezone.localtime(at, BERLIN).strftime(MINUTES)


def _facts(rows: QuerySet, *names: str) -> ArraySubquery:
    return ArraySubquery(rows.values(facts=JSONObject(**{name: name for name in names})))
