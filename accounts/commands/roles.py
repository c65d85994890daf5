"""Granting and withdrawing roles for the city."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.commands.record import record
from accounts.models import AccountEvent, CityRole, User
from accounts.models.roles import Role
from accounts.permissions import other_administrators_exist, require_administrator, require_open
from foundation.berlin import berlin_day


@transaction.atomic
def grant_role(
    *, person: User, role: str, starts_on: date, by: User | None, at: datetime, ends_on: date | None = None
) -> CityRole:
    """Give the person a role from the first to the last day; refuses days on which they hold it already."""
    require_administrator(by, at=at)
    require_open(person)
    row = CityRole(person=person, role=role, starts_on=starts_on, ends_on=ends_on)
    row.enter()
    record(AccountEvent.Verb.ROLE_GRANTED, person=person, by=by, at=at, role=row.role, **row.days)
    return row


@transaction.atomic
def withdraw_role(*, role: CityRole, by: User | None, at: datetime) -> None:
    """Take the role away from this moment on. A role that began today or later leaves only its history."""
    require_administrator(by, at=at)
    role = CityRole.objects.select_for_update().get(pk=role.pk)
    today = berlin_day(at)
    administers = role.role == Role.ADMINISTRATOR and role.holds_on(today)
    if administers and not other_administrators_exist(role.person, at=at, from_role=role):
        raise ValidationError(_("Somebody has to administer. Grant the role to another person first."))
    told = role.days
    role.end_before(today)
    record(AccountEvent.Verb.ROLE_WITHDRAWN, person=role.person, by=by, at=at, role=role.role, **told)
