"""Roles for the whole city, as words for the floors above."""

from datetime import datetime
from typing import NamedTuple

from accounts.models import CityRole, User
from accounts.models.roles import Role
from foundation.berlin import berlin_day

__all__ = ["Role", "RoleLine", "city_role_lines", "city_roles"]


class RoleLine(NamedTuple):
    """One held role, as the account page lists it."""

    label: str
    scope: str
    starts_on: object
    ends_on: object


def city_roles(person: User, *, at: datetime) -> frozenset[str]:
    """Return the city roles the person holds on the day of `at`."""
    if not person.is_authenticated or not person.is_active:
        return frozenset()
    rows = CityRole.objects.on(berlin_day(at)).filter(person=person)
    return frozenset(rows.values_list("role", flat=True))


def city_role_lines(person: User, *, at: datetime) -> list[RoleLine]:
    """Return the person's city roles of today and later for the account page."""
    rows = CityRole.objects.filter(person=person).overlapping(berlin_day(at), None).order_by("starts_on", "role")
    return [
        RoleLine(row.get_role_display(), "", row.starts_on, row.ends_on) for row in rows.order_by("starts_on", "role")
    ]
