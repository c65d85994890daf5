"""Who may change accounts and rights."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import CityRole, User
from accounts.models.roles import Role
from foundation.berlin import berlin_day


def is_administrator(person, *, at: datetime) -> bool:
    """Return whether the person holds the administrator role today and may sign in."""
    if not person.is_authenticated:
        return False
    return CityRole.objects.for_person(person, on=berlin_day(at)).filter(role=Role.ADMINISTRATOR).exists()


def require_administrator(by: User | None, *, at: datetime) -> None:
    """Refuse anybody but an administrator; `by` is empty on the command line of the server."""
    if by is not None and not is_administrator(by, at=at):
        raise PermissionDenied("Only an administrator changes accounts and rights.")


def require_open(person: User) -> None:
    """Refuse a role for somebody whose account is closed."""
    if not person.is_active:
        raise ValidationError(_("This account is closed. Open it again before you grant a role."))


def other_administrators_exist(person: User, *, at: datetime, from_role: CityRole | None = None) -> bool:
    """Return whether somebody administers today besides this person, or by another row than `from_role`."""
    rows = CityRole.objects.on(berlin_day(at)).filter(role=Role.ADMINISTRATOR, person__is_active=True)
    # Locked, so that two administrators cannot withdraw each other at the same moment.
    left = rows.filter(~Q(pk=from_role.pk) if from_role else ~Q(person=person)).order_by("pk")
    return bool(left.select_for_update(of=("self",)))
