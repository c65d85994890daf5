"""Faults as those of a school may know them: category, room, state and promise, nothing that somebody typed.

A fault is read without the typed columns, so that no page made of it can show them by mistake.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from foundation.prepared import Prepared
from schools.models import Room, School
from schools.viewer import Viewer
from tickets.lifecycle import OPEN, Level, Status, Step
from tickets.models import Category, Follower, Ticket
from tickets.permissions import steps_for

FEW = 3
MOST = 30
FACTS = {
    **{name: name for name in ("pk", "number", "status", "level", "reporter_id", "room_id", "created_at")},
    **{name: name for name in ("affected", "rooms_affected", "own_voice", "in_full")},
    "room_name": "room__name",
    "due_at": "resolution_due_at",
}
TYPED = (
    "title",
    "description",
    "place",
    "question",
    "mediator_question",
    "caller_name",
    "caller_phone",
    "words",
)


@dataclass(frozen=True)
class Fault:
    """One fault for one person. `affected` counts who reported it as well; `rooms` are names of rooms.

    `in_full` says whether the viewer may open the report itself.
    """

    number: str
    title: str
    icon: str
    status: str
    level: str
    brief: str
    words: str
    since: datetime
    due_at: datetime | None
    affected: int
    rooms: tuple[str, ...]
    is_own: bool
    is_joined: bool
    in_full: bool
    may_join: bool

    @classmethod
    def of(cls, ticket: Ticket, viewer: Viewer) -> "Fault":
        """Return what a row of `faults` says to the viewer."""
        steps = steps_for(viewer, ticket)
        return cls(
            number=ticket.number,
            title=ticket.fault_title,
            icon=ticket.category.icon,
            status=ticket.status,
            level=ticket.level,
            brief=state_in_brief(ticket),
            words=state_in_words(ticket),
            since=ticket.created_at,
            due_at=ticket.resolution_due_at if ticket.is_open else None,
            affected=ticket.affected + 1,
            rooms=rooms_of(ticket),
            is_own=ticket.reporter_id == viewer.person.pk,
            is_joined=bool(ticket.own_voice),
            in_full=ticket.in_full,
            may_join=Step.JOIN in steps,
        )


class KnownFaults:
    """The open faults of one school for one viewer; what is not there for them is left out.

    `categories` are rows of `with_known_faults`, so that the page that shows them reads both in one statement. Faults
    of `category` (a slug) and `room` (a key as text) come first, then what is new to the viewer, then those that
    most people have.
    """

    def __init__(
        self, viewer: Viewer, school: School, *, categories: Iterable[Category], category: str = "", room: str = ""
    ):
        self.viewer = viewer
        self.school = school
        self.categories = categories
        self.category = category
        self.room = room

    @cached_property
    def all(self) -> list[Fault]:
        rows = [_read(facts, category, self.school) for category in self.categories for facts in category.known_faults]
        rows.sort(key=lambda row: (-self._fits(row), self._is_said(row), -row.affected, -row.pk))
        return [Fault.of(row, self.viewer) for row in rows]

    def _is_said(self, row: Ticket) -> bool:
        """Whether the viewer has said already that they have it; there is nothing left to tap."""
        return bool(row.own_voice) or row.reporter_id == self.viewer.person.pk

    def _fits(self, row: Ticket) -> int:
        return 2 * (row.category.slug == self.category) + (str(row.room_id) == self.room)

    @property
    def first(self) -> list[Fault]:
        return self.all[:FEW]

    @property
    def more(self) -> list[Fault]:
        return self.all[FEW:]


def with_known_faults(categories: QuerySet[Category], viewer: Viewer, school: School) -> QuerySet[Category]:
    """Annotate each category with what `KnownFaults` needs of its open faults at the school, the latest first."""
    known = Ticket.objects.known_faults_for(viewer).filter(school=school, category=OuterRef("pk"))
    rows = faults(known, viewer).filter(Q(own_voice=True) | Q(own_voice=None)).order_by("-pk")
    return categories.annotate(known_faults=ArraySubquery(rows.values(facts=JSONObject(**FACTS))[:MOST]))


def _read(facts: dict, category: Category, school: School) -> Ticket:
    """Return the row that the facts were taken from, without the columns that somebody typed."""
    row = Ticket(category=category, school=school, **{name: facts[name] for name in ("pk", "status", "level")})
    row.reporter_id, row.number = facts["reporter_id"], facts["number"]
    row.room = Room(pk=facts["room_id"], name=facts["room_name"]) if facts["room_id"] else None
    row.created_at, row.resolution_due_at = _instant(facts["created_at"]), _instant(facts["due_at"])
    for name in ("affected", "rooms_affected", "own_voice", "in_full"):
        setattr(row, name, facts[name])
    return row


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def followed_by(viewer: Viewer) -> list[Fault]:
    """Return the open faults the viewer is affected by, the latest first; most people are affected by none."""
    if not _own_voices(viewer.person.pk):
        return []
    rows = faults(Ticket.objects.followed_by(viewer).open(), viewer).order_by("-pk")
    return [Fault.of(row, viewer) for row in rows[:MOST]]


def _compose_own_voices(person):
    """Return whether a person has said of an open fault that it is there for them too."""
    voices = Follower.objects.affected().filter(person=person, ticket__status__in=sorted(OPEN))
    return voices.values_list("pk")[:1]


_own_voices = Prepared(_compose_own_voices, -1)


def faults(tickets: QuerySet[Ticket], viewer: Viewer) -> QuerySet[Ticket]:
    """Bring along what `Fault.of` needs, and leave what was typed in the database."""
    rows = tickets.select_related("school", "category", "room", "team").defer(*TYPED).with_due_times()
    seen = Ticket.objects.visible_to(viewer).filter(pk=OuterRef("pk"))
    return with_voices(rows, viewer).annotate(in_full=Exists(seen))


def with_voices(tickets: QuerySet[Ticket], viewer: Viewer) -> QuerySet[Ticket]:
    """Annotate `affected`, `rooms_affected` (names), and what the viewer has said themselves.

    `own_voice` is True, False, or None as long as they have not; `own_room` is the key of their room.
    """
    voices = Follower.objects.filter(ticket=OuterRef("pk"))
    rooms = voices.affected().filter(room__isnull=False).values("room__name").distinct().order_by("room__name")
    own = voices.filter(person=viewer.person)
    return tickets.with_affected().annotate(
        rooms_affected=ArraySubquery(rooms),
        own_voice=Subquery(own.values("is_affected")),
        own_room=Subquery(own.values("room")),
    )


def fitting(category: str, room: int | None) -> Case:
    """Return how well a fault fits what is being reported: its category counts more than its room."""
    both = When(Q(category__slug=category, room=room), then=3) if room else None
    cases = [both, When(category__slug=category, then=2), When(room=room, then=1) if room else None]
    return Case(*filter(None, cases), default=Value(0), output_field=IntegerField())


def rooms_of(ticket: Ticket) -> tuple[str, ...]:
    """Return the names of the rooms in which it is known to be, the reported one first."""
    own = [ticket.room.name] if ticket.room_id else []
    return tuple(dict.fromkeys(own + ticket.rooms_affected))


def state_in_brief(ticket: Ticket) -> str:
    """Return what the state means for somebody who reads a list."""
    if ticket.is_open and ticket.level == Level.SECOND:
        return _("the Systemhaus takes care of it")
    match ticket.status:
        case Status.NEW:
            return _("it has been reported")
        case Status.IN_PROGRESS:
            return _("we are on it")
        case Status.WAITING_REPORTER:
            return _("we wait for an answer")
        case Status.WAITING_EXTERNAL:
            return _("we wait for a third party")
        case Status.REOPENED:
            return _("it is still there")
    return _("it is over")


def state_in_words(ticket: Ticket) -> str:
    """Return what the state means for somebody who waits, in one sentence."""
    if ticket.is_open and ticket.level == Level.SECOND:
        return _("The Systemhaus takes care; your campus management remains your contact.")
    match ticket.status:
        case Status.NEW:
            return _("It is reported. The campus management looks at it next.")
        case Status.IN_PROGRESS:
            return _("Somebody is working on it.")
        case Status.WAITING_REPORTER:
            return _("The campus management has asked back and waits for the answer.")
        case Status.WAITING_EXTERNAL:
            return _("The campus management waits for a third party.")
        case Status.REOPENED:
            return _("It is still there. The campus management looks at it again.")
        case Status.RESOLVED:
            return _("It should work again.")
        case Status.MERGED:
            return _("It goes on in another report.")
        case Status.WITHDRAWN:
            return _("The report was withdrawn.")
    return _("The report is closed.")
