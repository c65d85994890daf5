"""What a specialist sees around one report: what else is open there, what was there before, how many are affected."""

from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from schools.viewer import Viewer
from tickets.lifecycle import OPEN, Status
from tickets.models import Attachment, Ticket

IN_THE_ROOM, AT_THE_SCHOOL = 12, 6
SIMILAR_FOR = timedelta(days=365)
NEIGHBOUR = {name: F(name) for name in ("number", "title", "status", "level", "created_at")}


def with_surroundings(tickets: QuerySet[Ticket], viewer: Viewer) -> QuerySet[Ticket]:
    """Bring along photos, counts and neighbours in the statement that finds the ticket itself.

    `in_the_room` and `at_the_school` are read by `Surroundings`; `similar` counts the last twelve months.
    """
    others = Ticket.objects.visible_to(viewer).exclude(pk=OuterRef("pk")).order_by("-pk")
    room = others.filter(room=OuterRef("room"))
    school = others.open().filter(school=OuterRef("school"), category=OuterRef("category"))
    alike = room.filter(category=OuterRef("category"), created_at__gte=viewer.at - SIMILAR_FOR)
    photos = Attachment.objects.filter(ticket=OuterRef("pk")).order_by("pk")
    return tickets.with_affected().annotate(
        in_the_room=ArraySubquery(room.values(told=JSONObject(**NEIGHBOUR))[:IN_THE_ROOM]),
        at_the_school=ArraySubquery(school.values(told=JSONObject(**NEIGHBOUR))[:AT_THE_SCHOOL]),
        similar=Coalesce(Subquery(_count(alike), output_field=IntegerField()), 0),
        pictures=ArraySubquery(photos.values(told=JSONObject(key="key", width="width", height="height"))),
    )


class Surroundings:
    """What stands around a report that was found `with_surroundings`; reads nothing more."""

    def __init__(self, ticket: Ticket):
        self.ticket = ticket

    @property
    def affected(self) -> int:
        """How many said that it is there for them, the reporter among them."""
        return 1 + self.ticket.affected

    @property
    def related(self) -> list[Ticket]:
        """Open reports of the same room, or of the same kind at the same school."""
        found = {told["number"]: told for told in (*self.ticket.in_the_room, *self.ticket.at_the_school)}
        return [_read(told) for told in found.values() if told["status"] in OPEN]

    @property
    def earlier(self) -> list[Ticket]:
        """What was in the same room before and is over."""
        return [_read(told) for told in self.ticket.in_the_room if told["status"] not in OPEN]


def _read(told: dict) -> Ticket:
    """Return as much of a ticket as a line about it shows."""
    ticket = Ticket(title=told["title"], status=Status(told["status"]), level=told["level"])
    ticket.number, ticket.created_at = told["number"], datetime.fromisoformat(told["created_at"])
    return ticket


def _count(tickets: QuerySet[Ticket]) -> QuerySet:
    return tickets.order_by().values("room").annotate(count=Count("pk")).values("count")
