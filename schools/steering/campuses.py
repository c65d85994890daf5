"""Giving a campus to another person, and a school to another campus. Rights and queues follow that day."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.commands import record
from accounts.models import AccountEvent, User
from campuses.models import Campus, CampusAssignment
from foundation.berlin import berlin_day
from schools.covers import require_steering
from schools.memberships import assign_campus, set_last_day
from schools.models import School
from schools.withdrawal import withdraw

from .load import MOST_SCHOOLS, TooManySchools


@transaction.atomic
def change_manager(
    *,
    campus: Campus,
    person: User | None,
    starts_on: date,
    by: User | None,
    at: datetime,
    accepts_load: bool = False,
) -> CampusAssignment | None:
    """Put `person` in charge of the campus from a day on; without a person it lies with the coordination.

    The present assignment ends the day before, and changes planned for that day or later are taken back. Raises
    TooManySchools where the person would have more than agreed, unless that is accepted.
    """
    require_steering(by, at=at)
    campus = Campus.objects.select_for_update().get(pk=campus.pk)  # one change at a time
    if starts_on < berlin_day(at):
        raise ValidationError({"starts_on": _("This day is over. Choose today or a later day.")})
    rows = list(campus.assignments.overlapping(starts_on, None).select_related("person").order_by("starts_on"))
    _require_change(rows, person, starts_on)
    if person is not None and not accepts_load:
        _require_few(person, starts_on, School.objects.filter(campus=campus))
    for row in rows:
        if row.starts_on >= starts_on:
            withdraw(row=row, by=by, at=at)
        else:
            set_last_day(row=row, ends_on=starts_on - timedelta(days=1), by=by, at=at)
    if person is None:
        return None
    return assign_campus(campus=campus, person=person, starts_on=starts_on, by=by, at=at)


@transaction.atomic
def move_school(
    *, school: School, campus: Campus | None, by: User | None, at: datetime, accepts_load: bool = False
) -> School:
    """Give the school to another campus now, with its open reports; they keep the campus they were reported under.

    Without a campus it lies with the coordination. Raises TooManySchools as `change_manager` does.
    """
    require_steering(by, at=at)
    school = School.objects.select_for_update().get(pk=school.pk)
    before = school.campus_id
    if before == (campus.pk if campus else None):
        raise ValidationError({"campus": _("The school belongs to this campus already. Choose another one.")})
    day = berlin_day(at)
    row = CampusAssignment.objects.on(day).filter(campus=campus).select_related("person").first() if campus else None
    if row is not None and not accepts_load:
        _require_few(row.person, day, School.objects.filter(pk=school.pk))
    school.campus = campus
    school.save(update_fields=["campus"])
    to = campus.pk if campus else None
    record(AccountEvent.Verb.SCHOOL_MOVED, person=None, by=by, at=at, school=school.pk, campus=to, before=before)
    return school


def _require_change(rows, person, starts_on) -> None:
    if person is None and not rows:
        raise ValidationError(_("Nobody looks after this campus on that day. There is nothing to end."))
    first = rows[0] if rows else None
    stays = first is not None and first.person == person and first.holds_on(starts_on) and first.ends_on is None
    if stays:
        raise ValidationError({"person": _("%(person)s looks after this campus already.") % {"person": person.name}})


def _require_few(person: User, day: date, coming) -> None:
    """Raise TooManySchools where the schools that come make the person's too many on that day."""
    own = CampusAssignment.objects.on(day).filter(person=person).values("campus")
    schools = School.objects.running(day).filter(campus__in=own) | coming.running(day)
    count = schools.count()
    if count > MOST_SCHOOLS:
        raise TooManySchools(person.name, count)
