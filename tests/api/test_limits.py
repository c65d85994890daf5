"""Whoever asks the API too often is asked to wait; nobody else is, and nobody because something broke."""

from datetime import timedelta

import pytest
from django.test import Client

from foundation.api import limits
from tests.city import MONDAY
from tickets.models import Ticket

SCHOOLS = "schools/"


@pytest.fixture(autouse=True)
def three_a_minute(settings, monkeypatch):
    settings.API_LIMIT = 3
    monkeypatch.setattr(limits, "_silent_until", 0.0)


@pytest.fixture
def clock(clock, city):
    """A minute in which nobody of this city has asked yet; ids of people are never given twice."""
    clock.at = MONDAY + timedelta(seconds=18)
    return clock


def test_the_fourth_request_of_a_minute_is_told_when_to_come_back(city, program, clock):
    teacher = program(city.teacher)
    assert [teacher.get(SCHOOLS).status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = teacher.post("tickets/", {"school": "100001", "category": "display"})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "42"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/api/v1/docs/#problem-429",
        "title": "Zu viele Anfragen",
        "status": 429,
        "detail": answer.json()["detail"],
    }
    assert not Ticket.objects.exists()
    clock.at += timedelta(seconds=42)
    assert teacher.get(SCHOOLS).status_code == 200


def test_keys_and_sessions_of_one_account_count_together_and_those_of_others_do_not(city, program, clock):
    one, other = program(city.teacher), program(city.teacher)
    browser = Client()
    browser.force_login(city.teacher)
    assert [asker.get("/api/v1/schools/").status_code for asker in (one, other, browser, one)] == [200, 200, 200, 429]
    assert browser.get("/api/v1/schools/").status_code == 429
    assert browser.get("/tickets/").status_code == 200  # pages are not counted
    assert program(city.colleague).get(SCHOOLS).status_code == 200


def test_who_is_not_signed_in_is_not_counted(city, client, clock):
    assert {client.get("/api/v1/schools/").status_code for _ in range(5)} == {401}
    assert {client.get("/api/v1/schema/").status_code for _ in range(5)} == {200}


def test_without_valkey_nobody_is_refused_and_one_request_waits_at_most(city, program, clock, settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    teacher = program(city.teacher)
    assert {teacher.get(SCHOOLS).status_code for _ in range(6)} == {200}
    assert [entry.getMessage() for entry in caplog.records if "counted" in entry.getMessage()] == [
        "requests are not counted: ConnectionError"
    ]


def test_zero_is_any_number(city, program, clock, settings):
    settings.API_LIMIT = 0
    assert {program(city.teacher).get(SCHOOLS).status_code for _ in range(6)} == {200}
