"""Taking a role at a school, a campus or a cover away from this moment on."""

from datetime import datetime

from django.db import transaction

from accounts.commands import record
from accounts.models import AccountEvent, User
from accounts.permissions import require_administrator
from campuses.models import CampusAssignment
from foundation.berlin import berlin_day

from . import covers, memberships
from .models import Cover, SchoolMembership


@transaction.atomic
def withdraw(*, row: SchoolMembership | CampusAssignment | Cover, by: User | None, at: datetime) -> None:
    """End the row now. One that began today or later leaves only its history.

    Raises ValidationError where it has ended already, PermissionDenied where it is not theirs to end.
    """
    _require_allowed(row, by=by, at=at)
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    person, told = _person_and_facts(row)
    row.end_before(berlin_day(at))
    record(AccountEvent.Verb.ROLE_WITHDRAWN, person=person, by=by, at=at, **told)


def _require_allowed(row, *, by, at):
    if isinstance(row, SchoolMembership):
        require_administrator(by, at=at)
    else:
        covers.require_steering(by, at=at)


def _person_and_facts(row):
    if isinstance(row, Cover):
        return row.substitute, covers.told(row)
    return row.person, memberships.told(row)
