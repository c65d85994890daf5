"""What a page shows about a school itself: sites, contacts, rooms, technical profile and who is on duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import urlsplit

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from .models import Contact, Room, School, Site, TechnicalProfile
from .permissions import keeps, sees_access
from .roster import Manager
from .viewer import Viewer

MANY_ROOMS = 30  # from here on the list of rooms stays closed until somebody opens it


@dataclass(frozen=True)
class Building:
    """The rooms under one heading; the name is empty for rooms that state none."""

    name: str
    rooms: list[Room]


class Portrait:
    """One school as the viewer sees it; a single statement, however many rooms and contacts there are.

    Raises School.DoesNotExist where the school is not theirs to see.
    """

    def __init__(self, viewer: Viewer, number: str):
        self.viewer = viewer
        self.school = _with_all_of_it(School.objects.visible_to(viewer)).get(number=number)

    @property
    def manager(self) -> Manager | None:
        """Who is on duty today; None where the coordination steps in."""
        return self.viewer.manager_of(self.school)

    @property
    def may_keep(self) -> bool:
        return keeps(self.viewer, self.school)

    @cached_property
    def profile(self) -> TechnicalProfile | None:
        """The technical profile, for those who come to help or let them in."""
        if not sees_access(self.viewer, self.school):
            return None
        return getattr(self.school, "profile", None) or TechnicalProfile(school=self.school)

    @property
    def website(self) -> tuple[str, str] | None:
        """The address of the website and how it reads; only what a browser opens as a page."""
        address = self.school.website
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        return address, parts.hostname.removeprefix("www.")

    @cached_property
    def sites(self) -> list[Site]:
        return [Site(school=self.school, **row) for row in self.school.site_rows]

    @cached_property
    def contacts(self) -> list[Contact]:
        return [Contact(school=self.school, **row) for row in self.school.contact_rows]

    @cached_property
    def rooms(self) -> list[Room]:
        """The rooms in use, in German order."""
        return [Room(school=self.school, **row) for row in self.school.room_rows]

    @property
    def buildings(self) -> list[Building]:
        return by_building(self.rooms)

    @property
    def has_many_rooms(self) -> bool:
        return len(self.rooms) > MANY_ROOMS


def by_building(rooms: Iterable[Room]) -> list[Building]:
    """Return the rooms under their buildings, buildings in order; those that state none come last."""
    ordered = sorted(rooms, key=lambda room: (not room.building, room.building.casefold()))
    return [Building(group[0].building, group) for group in _grouped(ordered)]


def _grouped(rooms):
    for _key, group in groupby(rooms, key=lambda room: room.building.casefold()):
        yield list(group)


def _with_all_of_it(schools: QuerySet[School]) -> QuerySet[School]:
    def rows(queryset, *fields):
        found = queryset.filter(school=OuterRef("pk")).values(row=JSONObject(**{name: name for name in fields}))
        return ArraySubquery(found)

    return schools.select_related("campus", "profile", "calendar").annotate(
        site_rows=rows(Site.objects.order_by("-is_main", "name"), "id", "name", "street", "is_main", "note"),
        contact_rows=rows(
            Contact.objects.order_by("order", "name", "pk"),
            "id",
            "name",
            "function",
            "phone",
            "email",
            "reachable",
        ),
        room_rows=rows(Room.objects.in_use().alphabetical(), "id", "name", "building", "site_id"),
    )
