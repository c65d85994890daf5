"""Granting and withdrawing roles for the city."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.commands.record import record
from accounts.models import AccountEvent, CityRole, User
from accounts.models.roles import Role
from accounts.permissions import other_administrators_exist, require_administrator
from foundation.berlin import berlin_day


@transaction.atomic
def grant_role(
    *, person: User, role: str, starts_on: date, by: User | None, at: datetime, ends_on: date | None = None
) -> CityRole:
    """Give the person a role from the first to the last day; refuses days on which they hold it already."""
    require_administrator(by, at=at)
    row = CityRole(person=person, role=role, starts_on=starts_on, ends_on=ends_on)
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # granted by somebody else between the check and the save
        raise ValidationError(_("This person already holds this role on some of these days.")) from None
    record(AccountEvent.Verb.ROLE_GRANTED, person=person, by=by, at=at, **_told(row))
    return row


@transaction.atomic
def withdraw_role(*, role: CityRole, by: User | None, at: datetime) -> None:
    """Take the role away from this moment on. A role that began today or later leaves only its history."""
    require_administrator(by, at=at)
    role = CityRole.objects.select_for_update().get(pk=role.pk)
    today = berlin_day(at)
    if role.ends_on is not None and role.ends_on < today:
        raise ValidationError(_("This role has already ended."))
    administers = role.role == Role.ADMINISTRATOR and role.holds_on(today)
    if administers and not other_administrators_exist(role.person, at=at, from_role=role):
        raise ValidationError(_("Somebody has to administer. Grant the role to another person first."))
    told = _told(role)
    # The last day of a period counts, so a role that ends now ended yesterday.
    if role.starts_on >= today:
        role.delete()
    else:
        role.ends_on = today - timedelta(days=1)
        role.save(update_fields=["ends_on"])
    record(AccountEvent.Verb.ROLE_WITHDRAWN, person=role.person, by=by, at=at, **told)


def _told(role: CityRole) -> dict:
    return {
        "role": role.role,
        "starts_on": role.starts_on.isoformat(),
        "ends_on": role.ends_on.isoformat() if role.ends_on else None,
    }
