"""Days and order, tried on the rows that use them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import CityRole, User
from foundation.periods import holds_on

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)


@pytest.fixture
def person():
    return User.objects.create_user("hedwig@city.example", first_name="Hedwig", last_name="Hörer")


@pytest.fixture
def week(person):
    return CityRole.objects.create(person=person, role="helpdesk", starts_on=MONDAY, ends_on=FRIDAY)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (MONDAY - timedelta(days=1), False),
        (MONDAY, True),
        (FRIDAY, True),
        (FRIDAY + timedelta(days=1), False),
    ],
)
def test_both_ends_of_a_period_belong_to_it(week, person, day, holds):
    assert CityRole.objects.on(day).exists() is holds
    assert week.holds_on(day) is holds
    assert User.objects.filter(holds_on(day, "city_roles__")).exists() is holds


def test_without_an_end_it_holds_until_further_notice(person):
    row = CityRole.objects.create(person=person, role="helpdesk", starts_on=MONDAY)
    assert row.holds_on(date(2099, 1, 1))
    assert CityRole.objects.on(date(2099, 1, 1)).exists()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "overlaps"),
    [
        (date(2026, 2, 1), date(2026, 3, 1), False),
        (date(2026, 2, 1), MONDAY, True),
        (FRIDAY, None, True),
        (date(2026, 3, 7), None, False),
        (date(2026, 2, 1), None, True),
    ],
)
def test_overlapping_periods_share_a_day(week, starts_on, ends_on, overlaps):
    assert CityRole.objects.overlapping(starts_on, ends_on).exists() is overlaps


def test_the_database_refuses_a_period_that_ends_before_it_begins(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        CityRole.objects.create(person=person, role="helpdesk", starts_on=FRIDAY, ends_on=MONDAY)
    with pytest.raises(ValidationError) as refused:
        CityRole(person=person, role="helpdesk", starts_on=FRIDAY, ends_on=MONDAY).full_clean()
    assert set(refused.value.message_dict) == {"ends_on"}


@pytest.mark.parametrize(
    ("last_name", "key"),
    [
        ("Öztürk", "ozturk a"),
        ("STRAẞE", "strasse a"),
        ("Weiß", "weiss a"),
        ("Núñez", "nunez a"),
        ("", " a"),
    ],
)
def test_the_sort_key_knows_the_letters_of_a_german_school(last_name, key):
    person = User.objects.create_user("a@city.example", first_name="A", last_name=last_name)
    person.refresh_from_db()
    assert person.sort_key == key
