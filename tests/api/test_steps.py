"""Steps through the API: the same commands as on the pages, the same refusals, as problems."""

import pytest

from tests.city import MONDAY, berlin
from tickets.commands import work
from tickets.lifecycle import Step
from tickets.permissions import WHO, steps_for

#: Asking the campus management is `ask` too; the other one never will be a step.
NOWHERE = ["ask-mediator", "explode"]
ADDRESSED = sorted(step.value for step in WHO if step != Step.ASK_MEDIATOR)


def test_a_ticket_is_taken_asked_about_answered_and_solved(city, program):
    ticket = city.report()
    manager, teacher = program(city.manager), program(city.teacher)
    assert manager.step(ticket, "accept").json()["responsible"] == {"kind": "person", "name": "Mona Mobil"}
    asked = manager.step(ticket, "ask", {"text": "Welche Tafel?", "to": "reporter"}).json()
    assert (asked["status"], asked["question"]) == ("waiting_reporter", "Welche Tafel?")
    assert asked["resolution_due_at"] is None
    assert "answer" in teacher.get(f"tickets/{ticket.number}/").json()["steps"]
    assert teacher.step(ticket, "answer", {"text": "Die linke."}).json()["status"] == "in_progress"
    waits = manager.step(ticket, "wait", {"party": "Hersteller", "until": "2026-03-09", "reference": "A-7"}).json()
    assert waits["waiting"] == {"party": "Hersteller", "until": "2026-03-09", "reference": "A-7"}
    assert manager.step(ticket, "resume").json()["waiting"] is None
    solved = manager.step(ticket, "resolve", {"solution": "Kabel getauscht", "cause": "cable"}).json()
    assert (solved["status"], solved["solution"], solved["cause"]) == ("resolved", "Kabel getauscht", "cable")
    assert solved["responsible"] is None
    assert teacher.step(ticket, "reopen", {"reason": "Wieder dunkel"}).json()["status"] == "reopened"
    assert manager.step(ticket, "accept").status_code == 200
    assert manager.step(ticket, "resolve", {"solution": "Tafel getauscht"}).status_code == 200
    assert teacher.step(ticket, "confirm").json()["status"] == "closed"
    assert city.verbs_of(ticket) == [
        "reported", "accepted", "asked", "answered", "waiting", "resumed", "resolved", "reopened", "accepted",
        "resolved", "confirmed",
    ]  # fmt: skip


def test_the_other_first_level_steps(city, program):
    ticket = city.report()
    manager, teacher = program(city.manager), program(city.teacher)
    assert manager.step(ticket, "accept").status_code == 200
    assert manager.step(ticket, "release").json()["status"] == "new"
    assigned = manager.step(ticket, "assign", {"person": city.helpdesk.email}).json()
    assert assigned["responsible"]["name"] == "Hedwig Hörer"
    told = manager.step(ticket, "classify", {"category": "network", "urgency": "blocked"}).json()
    assert (told["category"], told["urgency"], told["priority"]) == ("network", "blocked", "high")
    assert manager.step(ticket, "restrict", {"confidential": True}).json()["confidential"] is True
    assert manager.step(ticket, "restrict", {"confidential": False}).json()["confidential"] is False
    assert manager.step(ticket, "comment", {"text": "Intern", "internal": True}).status_code == 200
    assert manager.step(ticket, "close", {"reason": "Doppelt gemeldet"}).json()["status"] == "closed"
    other = city.report()
    assert teacher.step(other, "withdraw").json()["status"] == "withdrawn"


def test_page_api_and_command_offer_the_same_steps(city, program):
    ticket = city.report()
    viewer = city.viewer(city.manager)
    assert program(city.manager).get(f"tickets/{ticket.number}/").json()["steps"] == [
        step.value for step in steps_for(viewer, ticket)
    ]


def test_every_offered_step_has_an_address_and_no_other_has(city, program):
    ticket = city.report()
    manager = program(city.manager)
    for step in ADDRESSED:
        assert manager.get(f"tickets/{ticket.number}/{step}/").status_code == 405
    for name in NOWHERE:
        answer = manager.step(ticket, name)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("step", ADDRESSED)
def test_a_step_that_is_not_yours_is_refused_before_its_body_is_looked_at(city, program, step):
    ticket = city.report()
    offered = program(city.head).get(f"tickets/{ticket.number}/").json()["steps"]
    assert program(city.head).step(ticket, step).status_code == (422 if step in offered else 403)


def test_a_step_that_is_not_possible_now_names_the_state(city, program):
    ticket = city.report()
    problem = program(city.manager).step(ticket, "resume")
    assert problem.status_code == 409
    assert problem.json()["state"] == "new"
    assert set(problem.json()) == {"type", "title", "status", "detail", "state"}


@pytest.mark.parametrize("seen", ['"1"', "1", "*"])
def test_a_step_applies_to_the_version_that_was_seen(city, program, seen):
    ticket = city.report()
    answer = program(city.manager).step(ticket, "accept", If_Match=seen)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')


def test_a_step_on_an_older_version_is_refused_and_told_the_present_one(city, program):
    ticket = city.report()
    work.accept(ticket=ticket, by=city.manager, at=MONDAY)
    problem = program(city.helpdesk).step(ticket, "accept", If_Match='"1"')
    assert problem.status_code == 412
    assert (problem.json()["version"], problem.json()["state"]) == (2, "in_progress")
    assert problem.headers["ETag"] == '"2"'
    huge = program(city.helpdesk).step(ticket, "close", If_Match=f'"{"9" * 18}"')
    assert huge.status_code == 412


@pytest.mark.parametrize("seen", ["abc", '"a"', 'W/"1"', '"1", "2"', '"-1"', '"', '"' + "9" * 40 + '"', "²"])
def test_a_version_that_is_none_is_not_understood(city, program, seen):
    ticket = city.report()
    assert program(city.manager).step(ticket, "accept", If_Match=seen).status_code == 400
    assert city.verbs_of(ticket) == ["reported"]


def test_a_message_applies_whatever_version_was_seen(city, program):
    ticket = city.report()
    work.accept(ticket=ticket, by=city.manager, at=MONDAY)
    assert program(city.teacher).step(ticket, "comment", {"text": "Eilt"}, If_Match='"1"').status_code == 200
    assert program(city.teacher).step(ticket, "comment", {"text": "Eilt"}, If_Match="Unsinn").status_code == 200


def test_who_no_longer_sees_a_ticket_after_a_step_is_told_no_more(city, program):
    ticket = city.report(confidential=True)
    work.assign(ticket=ticket, person=city.helpdesk, by=city.manager, at=MONDAY)
    # The helpdesk sees it as long as it is theirs.
    assert program(city.helpdesk).get(f"tickets/{ticket.number}/").status_code == 200
    assert program(city.manager).step(ticket, "assign", {"person": city.manager.email}).status_code == 200
    assert program(city.helpdesk).get(f"tickets/{ticket.number}/").status_code == 404


@pytest.mark.parametrize("person", ["teacher", "asseln_manager", "nobody"])
def test_only_who_works_for_the_school_is_assigned(city, program, person):
    email = getattr(city, person).email if person != "nobody" else "niemand@city.example"
    answer = program(city.manager).step(city.report(), "assign", {"person": email})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["person"])


def test_reopening_is_possible_to_the_end_of_the_seventh_day(city, program, clock):
    ticket = city.report()
    teacher = program(city.teacher)
    program(city.manager).step(ticket, "resolve", {"solution": "Kabel"})
    clock.at = berlin(2026, 3, 9, 23, 59)
    assert "reopen" in teacher.get(f"tickets/{ticket.number}/").json()["steps"]
    clock.at = berlin(2026, 3, 10)
    assert teacher.step(ticket, "reopen").status_code == 409


def test_a_step_stays_within_its_statements(city, program, count_sql):
    ticket = city.report()
    manager = program(city.manager)
    count, answer, sql = count_sql(lambda: manager.step(ticket, "accept", Idempotency_Key="k", If_Match='"1"'))
    assert answer.status_code == 200
    assert count <= 18, sql  # four of them for the clocks: promise, service hours, history
