"""Who of the staff has a ticket open right now, and who is typing. Staff tell staff; nobody else ever reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.models import User
from schools.viewer import Viewer
from tickets.models import Presence, Ticket
from tickets.models.presence import TYPES_FOR


@dataclass(frozen=True)
class Colleague:
    """Somebody else at the same ticket."""

    name: str
    typing: bool


def attend(*, ticket: Ticket, by: User, at: datetime, typing: bool) -> None:
    """Note that `by` has the ticket open; one statement. Ask before whether they work on it."""
    Presence.objects.bulk_create(
        [Presence(ticket=ticket, person=by, seen_at=at, typing_at=at if typing else None)],
        update_conflicts=True,
        unique_fields=["ticket", "person"],
        update_fields=["seen_at", "typing_at"],
    )


def with_presence(tickets: QuerySet[Ticket], viewer: Viewer) -> QuerySet[Ticket]:
    """Annotate `present`, to be read by `colleagues_at`: who else of the staff is there."""
    others = Presence.objects.filter(ticket=OuterRef("pk")).looking(viewer.at).exclude(person=viewer.person)
    told = JSONObject(first="person__first_name", last="person__last_name", typing="typing_at")
    return tickets.annotate(present=ArraySubquery(others.order_by("person").values(told=told)))


def colleagues_at(ticket: Ticket, at: datetime) -> list[Colleague]:
    """Return who else is at a ticket that came `with_presence`. Only for those who work on it themselves."""
    return [
        Colleague(f"{row['first']} {row['last']}".strip(), _is_typing(row["typing"], at)) for row in ticket.present
    ]


def signature(colleagues: Iterable[Colleague]) -> str:
    """Return what the page compares to know whether somebody came, went or began to type."""
    return ",".join(f"{colleague.name}{'+' if colleague.typing else ''}" for colleague in colleagues)[:400]


def remove_outdated(*, at: datetime) -> int:
    """Remove the rows of those who left; return how many."""
    return Presence.objects.outdated(at).delete()[0]


def _is_typing(since: str | None, at: datetime) -> bool:
    return since is not None and datetime.fromisoformat(since) > at - TYPES_FOR
