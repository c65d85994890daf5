"""The same request with the same key takes effect once."""

from tests.city import MONDAY
from tickets.commands import work
from tickets.models import Ticket


def body(city, **more):
    return {"school": city.brecht.number, "category": "display", **more}


def test_a_report_sent_twice_becomes_one_ticket(city, program):
    teacher = program(city.teacher)
    first = teacher.post("tickets/", body(city), Idempotency_Key="7e0c")
    again = teacher.post("tickets/", body(city), Idempotency_Key='"7e0c"')
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert Ticket.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(city, program):
    teacher = program(city.teacher)
    teacher.post("tickets/", body(city), Idempotency_Key="k")
    problem = teacher.post("tickets/", body(city, urgency="blocked"), Idempotency_Key="k")
    assert problem.status_code == 422
    assert list(problem.json()["errors"]) == ["Idempotency-Key"]
    assert Ticket.objects.count() == 1


def test_the_order_of_keys_does_not_make_it_another_request(city, program):
    teacher = program(city.teacher)
    teacher.post("tickets/", '{"school": "100001", "category": "display"}', Idempotency_Key="k")
    again = teacher.post("tickets/", '{"category": "display", "school": "100001"}', Idempotency_Key="k")
    assert again.headers["Idempotent-Replayed"] == "true"


def test_keys_of_two_people_do_not_meet(city, program):
    for person in (city.teacher, city.contact):
        assert program(person).post("tickets/", body(city), Idempotency_Key="k").status_code == 201
    assert Ticket.objects.count() == 2


def test_a_key_that_is_none_is_not_understood(city, program):
    for key in ("", "a b", "x" * 129, "ä"):
        assert program(city.teacher).post("tickets/", body(city), Idempotency_Key=key).status_code == 400
    assert not Ticket.objects.exists()


def test_a_repeated_step_is_answered_as_before_though_it_is_no_longer_possible(city, program):
    ticket = city.report()
    manager = program(city.manager)
    first = manager.step(ticket, "accept", Idempotency_Key="k", If_Match='"1"')
    work.release(ticket=ticket, by=city.manager, at=MONDAY)
    again = manager.step(ticket, "accept", Idempotency_Key="k", If_Match='"1"')
    assert again.json() == first.json()
    assert city.verbs_of(ticket) == ["reported", "accepted", "released"]


def test_a_message_sent_twice_stands_there_once(city, program):
    ticket = city.report()
    for _ in range(2):
        program(city.teacher).step(ticket, "comment", {"text": "Eilt"}, Idempotency_Key="k")
    assert city.verbs_of(ticket) == ["reported", "commented"]
