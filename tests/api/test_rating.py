"""How well the reporter was helped, through the API: the same question, the same refusals, as problems."""

import pytest

from idempotency.models import IdempotencyRecord
from tests.city import MONDAY
from tickets.commands import finish


@pytest.fixture
def solved(city):
    return finish.resolve(ticket=city.report(), solution="Neu gestartet", cause="", by=city.manager, at=MONDAY)


def read(api, ticket):
    return api.get(f"tickets/{ticket.number}/").json()


def own(api, ticket):
    rating = read(api, ticket)["rating"]
    return rating["value"], rating["text"]


def test_it_is_answered_changed_and_read_by_the_reporter_alone(city, solved, program):
    teacher = program(city.teacher)
    assert teacher.get(f"tickets/{solved.number}/").json()["may_rate"] is True
    answered = teacher.step(solved, "rate", {"value": "good"})
    assert (answered.status_code, answered.content) == (204, b"")
    assert (own(teacher, solved), read(teacher, solved)["version"]) == (("good", ""), solved.version)
    teacher.step(solved, "rate", {"value": "poor", "text": "Zu spät"})
    assert own(teacher, solved) == ("poor", "Zu spät")
    teacher.step(solved, "rate", {"value": "partly"})
    assert own(teacher, solved) == ("partly", "Zu spät")
    events = teacher.get(f"tickets/{solved.number}/events/").json()["results"]
    assert [event["data"] for event in events if event["verb"] == "rated"] == [{}] * 3
    for who in (city.manager, city.contact, city.head):
        assert program(who).get(f"tickets/{solved.number}/").json()["rating"] is None
        events = program(who).get(f"tickets/{solved.number}/events/").json()["results"]
        assert "rated" not in [event["verb"] for event in events]


def test_it_is_no_step(city, solved, program):
    assert "rate" not in program(city.teacher).get(f"tickets/{solved.number}/").json()["steps"]


@pytest.mark.parametrize(
    ("who", "body", "status"),
    [
        ("stranger", {"value": "good"}, 404),
        ("manager", {"value": "good"}, 403),
        ("manager", {"value": "great"}, 403),  # nobody mends an answer that is not theirs to give
        ("teacher", {"value": "good", "stars": 5}, 400),
        ("teacher", {"value": "great"}, 422),
        ("teacher", {}, 422),
        ("teacher", {"value": "good", "text": 7}, 422),
        ("teacher", {"value": "good", "text": "x" * 1001}, 422),
    ],
)
def test_refusals(city, solved, program, who, body, status):
    assert program(getattr(city, who)).step(solved, "rate", body).status_code == status


def test_without_a_solution_it_is_too_early_and_the_state_is_said(city, program):
    refused = program(city.teacher).step(city.report(), "rate", {"value": "good"})
    assert (refused.status_code, refused.json()["state"]) == (409, "new")


def test_the_same_key_takes_effect_once(city, solved, program):
    teacher = program(city.teacher)
    first = teacher.step(solved, "rate", {"value": "good"}, Idempotency_Key="einmal")
    teacher.step(solved, "rate", {"value": "poor"})
    again = teacher.step(solved, "rate", {"value": "good"}, Idempotency_Key="einmal")
    assert (first.status_code, again.status_code, again.headers["Idempotent-Replayed"]) == (204, 204, "true")
    assert own(teacher, solved) == ("poor", "")


def test_nothing_of_it_is_kept_with_a_key(city, solved, program):
    teacher = program(city.teacher)
    teacher.step(solved, "rate", {"value": "poor", "text": "Zu spät"}, Idempotency_Key="antwort")
    teacher.step(solved, "comment", {"text": "Danke"}, Idempotency_Key="nachricht")
    confirmed = teacher.step(solved, "confirm", Idempotency_Key="schluss")
    assert confirmed.json()["rating"] is None
    kept = [bytes(record.body).decode() for record in IdempotencyRecord.objects.filter(owner=city.teacher)]
    assert len(kept) == 3
    for body in kept:
        assert "Zu spät" not in body and "poor" not in body
    assert own(teacher, solved) == ("poor", "Zu spät")
