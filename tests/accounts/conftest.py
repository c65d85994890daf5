"""A few people without schools, and a clock the tests move."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import CityRole, User
from tests.city import MONDAY, PASSWORD


class Clock:
    """Shows nine o'clock on an ordinary Monday until a test lets time pass."""

    def __init__(self):
        self.at: datetime = MONDAY

    def moves(self, **by):
        self.at += timedelta(**by)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.at)
    return clock


@pytest.fixture
def tilda(db) -> User:
    """Teaches; here she holds nothing at all."""
    return User.objects.create_user(
        "tilda.tafel@city.example", PASSWORD, first_name="Tilda", last_name="Tafel", created_at=MONDAY
    )


@pytest.fixture
def ada(db) -> User:
    """Administers the city since August."""
    person = User.objects.create_user(
        "ada.admin@city.example", PASSWORD, first_name="Ada", last_name="Admin", created_at=MONDAY
    )
    CityRole.objects.create(person=person, role=CityRole.Role.ADMINISTRATOR, starts_on=date(2025, 8, 1))
    return person
