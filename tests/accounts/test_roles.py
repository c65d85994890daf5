from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts import commands
from accounts.models import AccountEvent, CityRole
from accounts.permissions import is_administrator
from accounts.roles import city_role_lines, city_roles
from tests.city import MONDAY, berlin

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
ROLE = CityRole.Role


def grant(person, ada, starts_on=TODAY, ends_on=None, role=ROLE.HELPDESK):
    return commands.grant_role(person=person, role=role, starts_on=starts_on, ends_on=ends_on, by=ada, at=MONDAY)


def test_a_person_may_hold_several_roles_at_once(ada, tilda):
    grant(tilda, ada)
    grant(tilda, ada, role=ROLE.CITY_READER)
    assert city_roles(tilda, at=MONDAY) == {"helpdesk", "city_reader"}
    assert AccountEvent.objects.filter(person=tilda, by=ada, verb="role_granted").count() == 2


@pytest.mark.parametrize(
    ("at", "held"),
    [
        (berlin(2026, 3, 1, 23, 59), False),
        (berlin(2026, 3, 2, 0, 0), True),
        (berlin(2026, 3, 6, 23, 59), True),
        (berlin(2026, 3, 7, 0, 0), False),
    ],
)
def test_a_role_holds_from_its_first_to_the_end_of_its_last_day_in_dortmund(ada, tilda, at, held):
    grant(tilda, ada, date(2026, 3, 2), date(2026, 3, 6))
    assert bool(city_roles(tilda, at=at)) is held


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "refused"),
    [
        (date(2026, 3, 6), None, True),
        (date(2026, 3, 1), date(2026, 3, 2), True),
        (date(2026, 1, 1), date(2026, 12, 31), True),
        (date(2026, 3, 7), None, False),
        (date(2026, 2, 1), date(2026, 3, 1), False),
    ],
)
def test_the_same_role_is_not_held_twice_on_one_day(ada, tilda, starts_on, ends_on, refused):
    grant(tilda, ada, date(2026, 3, 2), date(2026, 3, 6))
    if not refused:
        assert grant(tilda, ada, starts_on, ends_on)
        return
    with pytest.raises(ValidationError):
        grant(tilda, ada, starts_on, ends_on)
    with pytest.raises(IntegrityError), transaction.atomic():
        CityRole.objects.create(person=tilda, role="helpdesk", starts_on=starts_on, ends_on=ends_on)


def test_a_last_day_before_the_first_and_an_unknown_role_are_refused(ada, tilda):
    with pytest.raises(ValidationError):
        grant(tilda, ada, TODAY, TODAY - timedelta(days=1))
    with pytest.raises(ValidationError):
        grant(tilda, ada, role="king")
    with pytest.raises(IntegrityError), transaction.atomic():
        CityRole.objects.create(person=tilda, role="king", starts_on=TODAY)


def test_a_withdrawn_role_ends_at_once(ada, tilda):
    old = grant(tilda, ada, date(2026, 1, 1))
    new = grant(tilda, ada, role=ROLE.COORDINATOR)
    commands.withdraw_role(role=old, by=ada, at=MONDAY)
    commands.withdraw_role(role=new, by=ada, at=MONDAY)
    assert city_roles(tilda, at=MONDAY) == frozenset()
    assert CityRole.objects.get(person=tilda).ends_on == TODAY - timedelta(days=1)
    told = AccountEvent.objects.filter(person=tilda, verb="role_withdrawn").order_by("pk")
    assert [event.data["role"] for event in told] == ["helpdesk", "coordinator"]
    with pytest.raises(ValidationError):
        commands.withdraw_role(role=old, by=ada, at=MONDAY)


def test_an_administrator_whose_role_has_ended_grants_nothing(ada, tilda):
    row = ada.city_roles.get()
    row.ends_on = date(2026, 3, 1)
    row.save()
    assert not is_administrator(ada, at=MONDAY)
    with pytest.raises(PermissionDenied):
        grant(tilda, ada)


def test_the_account_page_lists_roles_of_today_and_later(ada, tilda):
    grant(tilda, ada, date(2026, 1, 1), date(2026, 2, 1))
    grant(tilda, ada, date(2026, 4, 1))
    (line,) = city_role_lines(tilda, at=MONDAY)
    assert line.starts_on == date(2026, 4, 1)
    assert line.ends_on is None
