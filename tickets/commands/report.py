"""A report becomes a ticket."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from devices.models import Device
from foundation.berlin import berlin_day
from schools.duties import viewer_of
from schools.models import Room, School
from schools.people import colleagues_at
from tickets import deadlines
from tickets.lifecycle import Urgency, priority_of
from tickets.models import Category, Ticket
from tickets.photos import CleanPhoto

from .attach import add_photos
from .base import record

TITLE_LENGTH = 80


@transaction.atomic
def report_incident(
    *,
    school: School,
    category: Category,
    by: User,
    at: datetime,
    reporter: User | None = None,
    room: Room | None = None,
    place: str = "",
    device: Device | None = None,
    title: str = "",
    description: str = "",
    impact: str | None = None,
    urgency: str = Urgency.HAMPERED,
    confidential: bool = False,
    photos: Sequence[CleanPhoto] = (),
    caller_name: str = "",
    caller_phone: str = "",
) -> Ticket:
    """Create the ticket with its clocks, its first event and the notices it owes; return it.

    `by` types, `reporter` is whom it concerns (by default the same); both stay on the ticket. Somebody without an
    account who has called the helpdesk is a `caller_name` with a telephone, and there is no reporter. Raises
    PermissionDenied where `by` may not report at this school or for this person, ValidationError where room or
    device belong to another school.
    """
    viewer = viewer_of(by, at)
    reporter = None if caller_name else reporter or by
    _require_reportable(viewer, school, reporter)
    _require_same_school(school, room, device)
    impact = impact or category.default_impact
    ticket = Ticket(
        series=f"{settings.TICKET_PREFIX}-{berlin_day(at).year}",
        school=school,
        campus_id=school.campus_id,
        room=room,
        place=place,
        device=device,
        category=category,
        kind=kind_of(category),
        title=title or compose_title(category, room, place, description),
        description=description,
        reporter=reporter,
        caller_name=caller_name,
        caller_phone=caller_phone,
        created_by=by,
        confidential=confidential or category.confidential_at_first,
        impact=impact,
        urgency=urgency,
        priority=priority_of(impact, urgency),
        created_at=at,
        changed_at=at,
    )
    deadlines.start(ticket)
    ticket.save(force_insert=True)
    deadlines.store(ticket)
    on_behalf = {"for": reporter.pk} if reporter is not None and reporter != by else {}
    record(ticket, "reported", viewer=viewer, at=at, keeps_version=True, **on_behalf)
    if photos:
        add_photos(ticket, photos, by=by, at=at)
    return ticket


def compose_title(category: Category, room: Room | None, place: str, description: str) -> str:
    """Return a title nobody had to type: the beginning of the description, else category and place."""
    first_line = description.strip().split("\n", 1)[0].strip()
    if first_line:
        if len(first_line) <= TITLE_LENGTH:
            return first_line
        return first_line[:TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"
    where = room.name if room else place
    return f"{category.name_de}: {where}" if where else category.name_de


def kind_of(category: Category) -> str:
    """Return the kind a report of this category is."""
    by_slug = {
        "security": Ticket.Kind.SECURITY,
        "device-incident": Ticket.Kind.DEVICE,
        "advice": Ticket.Kind.ADVICE,
    }
    return by_slug.get(category.slug, Ticket.Kind.INCIDENT)


def _require_reportable(viewer, school, reporter) -> None:
    theirs = (
        viewer.is_helpdesk
        or school.pk in viewer.member_schools | viewer.covered_schools
        or school.campus_id in viewer.campuses
    )
    if not theirs:
        raise PermissionDenied(_("You cannot report for this school."))
    if reporter is None and not viewer.is_helpdesk:
        raise PermissionDenied(_("Only the helpdesk enters reports of people without an account."))
    if reporter not in (None, viewer.person) and not colleagues_at(school, viewer).filter(pk=reporter.pk).exists():
        raise PermissionDenied(_("You cannot report for this person at this school."))


def _require_same_school(school, room, device) -> None:
    if room is not None and room.school_id != school.pk:
        raise ValidationError({"room": _("This room belongs to another school. Choose a room of this school.")})
    if device is not None and device.school_id != school.pk:
        raise ValidationError({"device": _("This device belongs to another school.")})
