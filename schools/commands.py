"""What the IT contact and the first level change about a school: rooms, contacts and how to get in."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User

from .duties import viewer_of
from .models import Contact, Room, School, Site, TechnicalProfile
from .permissions import require_keeper


@transaction.atomic
def add_room(
    *, school: School, name: str, by: User, at: datetime, building: str = "", site: Site | None = None
) -> Room:
    """Add a room; refuses a name the school already has, however it is spelled."""
    school = _locked(school, by=by, at=at)
    room = Room(school=school, name=name, building=building, site=site)
    require_unlike_others(room)
    return _saved(room)


@transaction.atomic
def rename_room(*, room: Room, name: str, building: str, site: Site | None, by: User, at: datetime) -> Room:
    """Change what a room is called and where it is; reports and devices stay with it."""
    _locked(room.school, by=by, at=at)
    room.name, room.building, room.site = name, building, site
    require_unlike_others(room)
    return _saved(room)


@transaction.atomic
def use_room(*, room: Room, active: bool, by: User, at: datetime) -> Room:
    """Offer a room for new reports, or no longer; nothing that happened there is lost."""
    _locked(room.school, by=by, at=at)
    room.active = active
    room.save(update_fields=["active"])
    return room


@transaction.atomic
def add_contact(*, school: School, by: User, at: datetime, **facts: str) -> Contact:
    """Add a contact person at the end of the list; `facts` are name, function, phone, email, reachable."""
    school = _locked(school, by=by, at=at)
    return _saved(Contact(school=school, **facts))


@transaction.atomic
def change_contact(*, contact: Contact, by: User, at: datetime, **facts: str) -> Contact:
    _locked(contact.school, by=by, at=at)
    for name, value in facts.items():
        setattr(contact, name, value)
    return _saved(contact)


@transaction.atomic
def remove_contact(*, contact: Contact, by: User, at: datetime) -> None:
    """Forget a contact person; the account, if there is one, stays."""
    _locked(contact.school, by=by, at=at)
    contact.delete()


@transaction.atomic
def describe_access(*, school: School, iserv_host: str, access_notes: str, by: User, at: datetime) -> TechnicalProfile:
    """Write down how to get in; the measured facts beside it are the administration's."""
    school = _locked(school, by=by, at=at)
    profile, _created = TechnicalProfile.objects.get_or_create(school=school)
    profile.iserv_host, profile.access_notes = iserv_host, access_notes
    return _saved(profile)


def _locked(school: School, *, by: User, at: datetime) -> School:
    """Lock the school in the scope of `by`, so that two people cannot add the same room at once.

    Raises School.DoesNotExist where it is not theirs to see, PermissionDenied where not theirs to keep.
    """
    viewer = viewer_of(by, at)
    school = School.objects.visible_to(viewer).select_for_update().get(pk=school.pk)
    require_keeper(viewer, school)
    return school


def _saved(row):
    row.full_clean()
    row.save()
    return row


def require_unlike_others(room: Room) -> None:
    """Refuse a second "A 204", also as "a204": people would report the same fault in two places."""
    if room.site is not None and room.site.school_id != room.school_id:
        raise ValidationError({"site": _("This site belongs to another school.")})
    others = Room.objects.filter(school=room.school_id).exclude(pk=room.pk)
    for name, active in others.values_list("name", "active"):
        if _spoken(name) != _spoken(room.name):
            continue
        if active:
            sentence = _("This school already has a room “%(name)s”. Choose another name.")
        else:
            sentence = _("The room “%(name)s” is listed as no longer in use. Take it back into use instead.")
        raise ValidationError({"name": sentence % {"name": name}})


def _spoken(name: str) -> str:
    return "".join(name.casefold().split())
