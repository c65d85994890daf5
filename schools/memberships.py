"""Granting and ending the roles that are tied to a school, a campus or a team; every change is audited.

Roles for the whole city are granted in accounts; `grant` takes any of the nine and knows where each belongs.
"""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.commands import grant_role, record
from accounts.models import AccountEvent, CityRole, User
from accounts.permissions import is_administrator, other_administrators_exist, require_open
from campuses.models import Campus, CampusAssignment
from foundation.berlin import berlin_day
from foundation.periods import DayPeriod
from teams import commands as teams
from teams.models import Team, TeamMembership

from .models import School, SchoolMembership
from .viewer import Role


def grant(
    *,
    person: User,
    role: str,
    scope: School | Campus | Team | None,
    starts_on: date,
    by: User | None,
    at: datetime,
    ends_on: date | None = None,
) -> DayPeriod:
    """Give the person the role where it belongs; ValidationError where they hold it already in that period."""
    period = {"starts_on": starts_on, "ends_on": ends_on, "by": by, "at": at}
    if role in CityRole.Role:
        return grant_role(person=person, role=role, **period)
    if role == Role.CAMPUS_MANAGER:
        return assign_campus(campus=scope, person=person, **period)
    if role == Role.SECOND_LEVEL:
        return teams.join_team(team=scope, person=person, **period)
    return grant_school_role(school=scope, person=person, role=role, **period)


@transaction.atomic
def grant_school_role(
    *,
    school: School,
    person: User,
    role: str,
    starts_on: date,
    by: User | None,
    at: datetime,
    ends_on: date | None = None,
) -> SchoolMembership:
    """Make the person teacher, IT contact or head of the school, from the first to the last day."""
    row = SchoolMembership(person=person, school=school, role=role, starts_on=starts_on, ends_on=ends_on)
    return _granted(row, by=by, at=at)


@transaction.atomic
def assign_campus(
    *,
    campus: Campus,
    person: User,
    starts_on: date,
    by: User | None,
    at: datetime,
    ends_on: date | None = None,
) -> CampusAssignment:
    """Put the person in charge of the campus; refuses days on which somebody else is."""
    row = CampusAssignment(campus=campus, person=person, starts_on=starts_on, ends_on=ends_on)
    return _granted(row, by=by, at=at)


@transaction.atomic
def set_last_day(*, row: DayPeriod, ends_on: date | None, by: User | None, at: datetime) -> DayPeriod:
    """Let a role of any kind end on another day, or on none; the day itself still counts.

    Raises ValidationError where the new period is none or meets another one, or where nobody would administer.
    """
    _require_grantor(row, by=by, at=at)
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    today = berlin_day(at)
    sooner = ends_on is not None and (row.ends_on is None or ends_on < row.ends_on)
    administers = isinstance(row, CityRole) and row.role == CityRole.Role.ADMINISTRATOR and row.holds_on(today)
    if administers and sooner and not other_administrators_exist(row.person, at=at, from_role=row):
        raise ValidationError(_("Somebody has to administer. Grant the role to another person first."))
    row.ends_on = ends_on
    row.enter()
    verb = AccountEvent.Verb.ROLE_WITHDRAWN if sooner else AccountEvent.Verb.ROLE_GRANTED
    record(verb, person=row.person, by=by, at=at, **told(row))
    return row


def role_of(row: DayPeriod) -> str:
    """Return which of the nine roles a row stands for."""
    if isinstance(row, CampusAssignment):
        return Role.CAMPUS_MANAGER.value
    if isinstance(row, TeamMembership):
        return Role.SECOND_LEVEL.value
    return row.role


def told(row: DayPeriod) -> dict:
    """Return what the history of accounts keeps about a role: codes, ids and days."""
    if isinstance(row, TeamMembership):
        return teams.told(row)
    scope = {name: getattr(row, f"{name}_id") for name in ("school", "campus") if hasattr(row, f"{name}_id")}
    return {"role": role_of(row), **scope, **row.days}


def _granted(row, *, by, at):
    _require_grantor(row, by=by, at=at)
    require_open(row.person)
    row.enter()
    record(AccountEvent.Verb.ROLE_GRANTED, person=row.person, by=by, at=at, **told(row))
    return row


def _require_grantor(row, *, by, at) -> None:
    """Refuse anybody but an administrator, or a coordinator for campuses; the command line has no person."""
    if by is None or is_administrator(by, at=at):
        return
    coordinates = User.objects.filter(pk=by.pk).with_city_role(CityRole.Role.COORDINATOR, at=at).exists()
    if not (isinstance(row, CampusAssignment) and coordinates):
        raise PermissionDenied("Only an administrator grants this role.")
