"""A short form of `races`: a hundred rounds of two at once, and nothing is lost."""

import pytest

from tests.city import City
from tests.rehearsals.racing import ACTS, TEN, play


@pytest.fixture
def city(transactional_db, django_db_serialized_rollback, monkeypatch):
    """The city, committed, so that every connection sees it; with the rows of the migrations beneath it."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)
    return City()


def test_a_hundred_rounds_of_two_at_once_lose_nothing(city):
    report = play(city, rounds=100, seed=3)
    assert not report.violations, report.told()
    assert set(report.acts) == set(ACTS)
