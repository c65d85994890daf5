"""Who stands in while a campus manager is absent. A cover opens schools to somebody, so it is on record."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.commands import record
from accounts.models import AccountEvent, User
from campuses.models import Absence, CampusAssignment

from .duties import viewer_of
from .models import Cover, School
from .viewer import Role


@transaction.atomic
def cover_school(
    *,
    absence: Absence,
    school: School,
    substitute: User,
    starts_on: date,
    by: User | None,
    at: datetime,
    ends_on: date | None = None,
) -> Cover:
    """Let `substitute` stand in at one school; refuses days on which somebody else does.

    Without a last day they stand in for as long as the absence lasts, also where it becomes longer.
    """
    require_steering(by, at=at)
    row = Cover(absence=absence, school=school, substitute=substitute, starts_on=starts_on, ends_on=ends_on)
    _require_sense(row)
    row.enter()
    record(AccountEvent.Verb.ROLE_GRANTED, person=substitute, by=by, at=at, **told(row))
    return row


@transaction.atomic
def cover_schools(
    *,
    absence: Absence,
    schools: Iterable[School],
    substitute: User,
    starts_on: date,
    by: User | None,
    at: datetime,
    ends_on: date | None = None,
) -> list[Cover]:
    """Let `substitute` stand in at each of these schools; all or none."""
    period = {"absence": absence, "substitute": substitute, "starts_on": starts_on, "ends_on": ends_on}
    return [cover_school(school=school, **period, by=by, at=at) for school in schools]


@transaction.atomic
def cover_all_schools(
    *,
    absence: Absence,
    substitute: User,
    starts_on: date,
    by: User | None,
    at: datetime,
    ends_on: date | None = None,
) -> list[Cover]:
    """Let `substitute` stand in at every school the absent person looks after at the beginning; all or none."""
    campuses = CampusAssignment.objects.on(starts_on).filter(person=absence.person_id).values("campus")
    schools = School.objects.filter(campus__in=campuses).alphabetical()
    period = {"starts_on": starts_on, "ends_on": ends_on}
    covers = cover_schools(absence=absence, schools=schools, substitute=substitute, **period, by=by, at=at)
    if not covers:
        raise ValidationError(_("The absent person looks after no school on the first day. Choose a school."))
    return covers


@transaction.atomic
def set_last_day(*, row: Cover, ends_on: date | None, by: User | None, at: datetime) -> Cover:
    """Let a cover end on another day, or with the absence."""
    require_steering(by, at=at)
    row = Cover.objects.select_for_update(of=("self",)).get(pk=row.pk)
    sooner = ends_on is not None and (row.ends_on is None or ends_on < row.ends_on)
    row.ends_on = ends_on
    row.enter()
    verb = AccountEvent.Verb.ROLE_WITHDRAWN if sooner else AccountEvent.Verb.ROLE_GRANTED
    record(verb, person=row.substitute, by=by, at=at, **told(row))
    return row


def require_steering(by: User | None, *, at: datetime) -> None:
    """Refuse anybody but coordination and administration; the command line has no person."""
    if by is None:
        return
    viewer = viewer_of(by, at)
    if not (viewer.is_coordinator or viewer.is_administrator):
        raise PermissionDenied("Only coordination and administration decide who stands in.")


def told(row: Cover) -> dict:
    """Return what the history of accounts keeps about a cover: codes, ids and days."""
    return {
        "role": Role.CAMPUS_MANAGER.value,
        "school": row.school_id,
        "covers_for": row.absence.person_id,
        **row.days,
    }


def _require_sense(row: Cover) -> None:
    """Refuse what could never help: oneself, a closed account, days or schools that are not the absent person's."""
    absence, substitute = row.absence, row.substitute
    if substitute.pk == absence.person_id:
        raise ValidationError({"substitute": _("Nobody stands in for themselves. Choose another person.")})
    if not substitute.is_active:
        raise ValidationError({"substitute": _("This account is closed. Choose another person.")})
    if not (absence.holds_on(row.starts_on) and absence.holds_on(row.ends_on or row.starts_on)):
        raise ValidationError({"starts_on": _("Some of these days lie outside the absence. Choose days within it.")})
    other = _others(row).select_related("substitute").first()
    if other is not None:
        told = _("At %(school)s, %(person)s already stands in on some of these days. End that first.")
        raise ValidationError(told % {"school": row.school.name, "person": other.substitute.name})
    if not _lies_with(absence, row):
        told = _("%(person)s does not look after %(school)s on these days.")
        raise ValidationError({"school": told % {"person": absence.person.name, "school": row.school.name}})


def _others(row: Cover) -> QuerySet[Cover]:
    """Return who else stands in there for the same absence on some of the days."""
    days = (row.starts_on, row.ends_on)
    return Cover.objects.overlapping(*days).filter(absence=row.absence, school=row.school).order_by("starts_on")


def _lies_with(absence: Absence, row: Cover) -> bool:
    """Whether the school is the absent person's on some of the days: by their campus, or as somebody's substitute."""
    days = (row.starts_on, row.ends_on)
    manages = CampusAssignment.objects.overlapping(*days).filter(person=absence.person, campus=row.school.campus_id)
    return manages.exists() or _stands_in(absence.person, row.school, days)


def _stands_in(person: User, school: School, days) -> bool:
    return Cover.objects.overlapping(*days).filter(substitute=person, school=school).exists()
