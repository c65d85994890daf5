"""What the helpdesk needs during one telephone call; built and tested without HTTP."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from calendars.reading import CalendarIsEmpty, hours_of
from foundation.berlin import berlin_day
from foundation.spelling import words_of
from schools.finding import Finder
from schools.models import Contact, Room, School, SchoolMembership
from schools.people import people_visible_to
from schools.roster import Manager
from schools.viewer import Viewer
from tickets.models import Category, Follower, Ticket

OPEN_AT_MOST = 40  # reports of one school; whoever has more is led to the list
STEM = 5  # letters two German words have in common when they mean the same
SHORTEST_WORD = 4
SAME_ROOM, SAME_CATEGORY = 2, 3
SIMILAR = 4  # the points of a report that may be the same fault
FILLERS = frozenset(
    ("nicht", "kein", "keine", "eine", "einen", "wird", "auch", "noch", "mehr", "sind", "seit", "haben", "oder")
)
SHOWN = (
    "number",
    "title",
    "description",
    "status",
    "level",
    "confidential",
    "category",
    "place",
    "created_at",
    "reporter",
    "room__name",
)


@dataclass(frozen=True)
class Hours:
    """The service hours of a school on one day, as people in Dortmund read the clock."""

    periods: tuple[tuple[time, time], ...]
    is_open: bool
    turns_at: datetime | None  # when it closes, or opens again


@dataclass
class Group:
    """Some of the open reports under one heading; `key` is own, similar, faults or others."""

    key: str
    tickets: list[Ticket] = field(default_factory=list)


class Call:
    """One call: who calls from where, what may be chosen, and what is open there.

    `school`, `person` and `contact` are what an address or a form names: a school's number, the public id of one
    of its members, the key of one of its contacts. What the viewer may not name is as if it had not been named.
    `told` is what the form says so far (category, place, description); it brings similar reports to the top.
    """

    def __init__(self, viewer: Viewer, *, school: str = "", person: str = "", contact: str = "", told=None):
        self.viewer = viewer
        self._number = school[:6].replace("\x00", "")
        self._caller = _uuid(person) or _key(contact)
        self.told = told or {}

    @cached_property
    def school(self) -> School | None:
        """The school with the names of its rooms, if it is running and in sight."""
        if self._row is not None:
            self._row.school.room_names = self._row.room_names
            return self._row.school
        return _with_rooms(self._schools, self.viewer, of="pk").first() if self._number else None

    @property
    def person(self) -> User | None:
        """Who calls, if they have an account at the school."""
        return self._row.person if isinstance(self._row, SchoolMembership) else None

    @property
    def contact(self) -> Contact | None:
        """Who calls, if the school has named them without an account."""
        return self._row if isinstance(self._row, Contact) else None

    @cached_property
    def _row(self) -> SchoolMembership | Contact | None:
        """The caller that was named, in one statement with their school."""
        if not self._number or self._caller is None:
            return None
        if isinstance(self._caller, uuid.UUID):
            rows = SchoolMembership.objects.on(self.viewer.day).select_related("person", "school")
            rows = rows.filter(person__public_id=self._caller, person__in=people_visible_to(self.viewer))
        else:
            rows = Contact.objects.visible_to(self.viewer).select_related("school")
            rows = rows.filter(person=None, pk=self._caller)
        return _with_rooms(rows.filter(school__in=self._schools), self.viewer, of="school").first()

    @property
    def _schools(self) -> QuerySet[School]:
        return School.objects.visible_to(self.viewer).running(self.viewer.day).filter(number=self._number)

    @property
    def on_duty(self) -> Manager | None:
        """The manager on duty for the school; None where the coordination steps in."""
        return self.viewer.manager_of(self.school)

    @cached_property
    def hours(self) -> Hours | None:
        """The service hours of today; None where the calendar says nothing."""
        at, day = self.viewer.at, berlin_day(self.viewer.at)
        try:
            movable = self.school.movable_days.all()
            hours = hours_of(self.school.calendar_id, since=day, movable_days=movable)
        except CalendarIsEmpty:
            return None
        opens, closes = next(hours.periods_after(at), (None, None))
        is_open = opens is not None and opens <= at
        return Hours(hours.periods_on(day), is_open, closes if is_open else opens)

    @cached_property
    def categories(self) -> list[Category]:
        return list(Category.objects.in_use().select_related("team"))

    def room(self, place: str) -> Room | None:
        """Return the room of the school that is meant, however it is spaced; None where the words are a place."""
        wanted = "".join(words_of(place))
        if self.school is None or not wanted:
            return None
        name = next((name for name in self.school.room_names if "".join(words_of(name)) == wanted), None)
        if name is None:
            return None
        return Room.objects.visible_to(self.viewer).in_use().filter(school=self.school, name=name).first()

    def found(self, typed: str) -> Finder:
        """Return who and what may be meant by a few letters; at a known school only its people."""
        return Finder(self.viewer, typed, school=self.school)

    @cached_property
    def _open(self) -> list[Ticket]:
        rows = Ticket.objects.visible_to(self.viewer).open().filter(school=self.school).with_affected()
        followed = Follower.objects.affected().filter(ticket=OuterRef("pk"), person=self.person)
        rows = rows.annotate(follows=Exists(followed) if self.person else Exists(Follower.objects.none()))
        rows = rows.select_related("room").only(*SHOWN)
        return list(rows.order_by("-pk")[: OPEN_AT_MOST + 1])

    @property
    def has_more(self) -> bool:
        return len(self._open) > OPEN_AT_MOST

    @cached_property
    def groups(self) -> list[Group]:
        """The open reports in sight: the caller's own, what sounds like it, known faults, the rest; newest first.

        `may_count` says of each whether the caller can be counted in.
        """
        groups = {key: Group(key) for key in ("own", "similar", "faults", "others")}
        for ticket in self._open[:OPEN_AT_MOST]:
            points = self._points(ticket)
            own = self.person is not None and ticket.reporter_id == self.person.pk
            fault = ticket.category_id in self._faults and not ticket.confidential
            followable = fault or self.person is None
            ticket.may_count = followable and not (own or ticket.follows or ticket.confidential)
            ticket.points = points
            key = "own" if own else "similar" if points >= SIMILAR else "faults" if fault else "others"
            groups[key].tickets.append(ticket)
        groups["similar"].tickets.sort(key=lambda ticket: -ticket.points)
        return [group for group in groups.values() if group.tickets]

    def _points(self, ticket: Ticket) -> int:
        """Return how much speaks for the same fault: kind, room, and each word of the description."""
        points = SAME_CATEGORY if ticket.category_id == self._told_category else 0
        place = "".join(words_of(self.told.get("place", "")))
        if place and place == "".join(words_of(ticket.where)):
            points += SAME_ROOM
        stems = self._stems
        if stems:
            points += len(stems & _stems_of(f"{ticket.title} {ticket.description}"))
        return points

    @cached_property
    def _faults(self) -> set[int]:
        return {category.pk for category in self.categories if category.is_known_fault}

    @cached_property
    def _told_category(self) -> int:
        slug = self.told.get("category", "")
        return next((category.pk for category in self.categories if category.slug == slug), 0)

    @cached_property
    def _stems(self) -> set[str]:
        return _stems_of(self.told.get("description", ""))


def _with_rooms(rows: QuerySet, viewer: Viewer, *, of: str) -> QuerySet:
    """Annotate the names of the rooms in use, in German order."""
    rooms = Room.objects.visible_to(viewer).filter(school=OuterRef(of)).in_use().alphabetical()
    return rows.annotate(room_names=ArraySubquery(rooms.values("name")))


def _stems_of(text: str) -> set[str]:
    return {word[:STEM] for word in words_of(text[:2000]) if len(word) >= SHORTEST_WORD and word not in FILLERS}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
