"""Tickets through the API: reported, found and read by those whose they are."""

import pytest

from tests.city import MONDAY, berlin
from tickets.commands import finish, work
from tickets.models import Ticket

FIELDS = {
    "number", "version", "school", "campus", "room", "category", "title", "description", "status", "level",
    "priority", "impact", "urgency", "confidential", "reporter", "responsible", "mediator", "team",
    "followers_count", "created_at", "first_response_due_at", "resolution_due_at", "solution", "steps",
}  # fmt: skip


def report(city, **more):
    return {"school": city.brecht.number, "category": "display", **more}


def test_school_and_category_are_enough_to_report(city, program):
    answer = program(city.teacher).post("tickets/", report(city))
    assert answer.status_code == 201
    told = answer.json()
    assert set(told) >= FIELDS
    assert told["school"] == {"number": "100001", "name": "Bert-Brecht-Gymnasium"}
    assert told["campus"] == "kirchlinde"
    assert told["responsible"] == {"kind": "queue", "name": "Mona Mobil"}
    assert told["mediator"] == "Mona Mobil"
    assert told["steps"] == ["comment", "withdraw", "restrict"]
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"].endswith(f"/api/v1/tickets/{told['number']}/")


def test_the_answer_to_a_report_is_what_reading_the_ticket_answers(city, program):
    teacher = program(city.teacher)
    told = teacher.post("tickets/", report(city, room=city.a204.pk, description="Kein Bild.", urgency="blocked"))
    assert teacher.get(told.headers["Location"].partition("8000")[2]).json() == told.json()


def test_all_that_was_said_is_on_the_ticket(city, program):
    told = (
        program(city.teacher)
        .post(
            "tickets/",
            report(
                city,
                title="Tafel dunkel",
                description="Seit heute früh.\nAuch nach dem Neustart.",
                impact="school",
                urgency="blocked",
                room=city.b112.pk,
                confidential=True,
            ),
        )
        .json()
    )
    assert (told["title"], told["priority"], told["room"], told["where"]) == (
        "Tafel dunkel",
        "critical",
        city.b112.pk,
        "B 112",
    )
    assert told["confidential"] is True
    assert told["description"] == "Seit heute früh.\nAuch nach dem Neustart."


def test_the_it_contact_reports_for_a_colleague(city, program):
    told = program(city.contact).post("tickets/", report(city, reporter=city.colleague.email.upper()))
    assert told.json()["reporter"] == "Kolja Kreide"
    assert Ticket.objects.get().created_by == city.contact


@pytest.mark.parametrize("named", ["colleague", "kant_teacher", "nobody"])
def test_a_teacher_reports_for_no_one_else_and_learns_nothing(city, program, named):
    email = getattr(city, named).email if named != "nobody" else "niemand@city.example"
    answer = program(city.teacher).post("tickets/", report(city, reporter=email))
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["reporter"]


@pytest.mark.parametrize("number", ["100003", "999999", "abc"])
def test_a_school_of_others_and_no_school_are_the_same(city, program, number):
    answer = program(city.teacher).post("tickets/", report(city) | {"school": number})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["school"]


def test_a_room_of_another_school_does_not_exist_here(city, program):
    answer = program(city.teacher).post("tickets/", report(city, room=city.kant_room.pk))
    assert list(answer.json()["errors"]) == ["room"]


def test_who_sees_all_schools_still_reports_for_none(city, program):
    assert program(city.city_reader).post("tickets/", report(city)).status_code == 403
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("who", ["teacher", "manager", "contact", "head", "helpdesk"])
def test_those_whose_it_is_see_a_ticket(city, program, who):
    ticket = city.report()
    someone = program(getattr(city, who))
    assert someone.get(f"tickets/{ticket.number}/").status_code == 200
    assert [row["number"] for row in someone.get("tickets/").json()["results"]] == [ticket.number]


@pytest.mark.parametrize(
    "who",
    [
        "colleague",
        "kant_teacher",
        "asseln_manager",
        "specialist",
        "coordinator",
        "city_reader",
        "administrator",
        "stranger",
    ],
)
def test_for_everybody_else_it_does_not_exist(city, program, who):
    ticket = city.report()
    someone = program(getattr(city, who))
    for address in ("", "events/", "attachments/", "attachments/00000000-0000-4000-8000-000000000000/"):
        assert someone.get(f"tickets/{ticket.number}/{address}").status_code == 404
    assert someone.step(ticket, "comment", {"text": "?"}).status_code == 404
    assert someone.upload(f"tickets/{ticket.number}/attachments/", {}).status_code == 404
    assert someone.get("tickets/").json() == {"results": [], "next": None}
    assert someone.get("tickets/", {"q": ticket.number}).json()["results"] == []


def test_the_number_may_be_typed_in_small_letters(city, program):
    ticket = city.report()
    assert program(city.teacher).get(f"tickets/{ticket.number.lower()}/").json()["number"] == ticket.number


def test_a_list_has_25_rows_and_the_address_of_the_next(city, program):
    tickets = [city.report() for _ in range(30)]
    manager = program(city.manager)
    first = manager.get("tickets/").json()
    second = manager.get(first["next"].partition("8000")[2]).json()
    numbers = [row["number"] for row in first["results"] + second["results"]]
    assert numbers == [ticket.number for ticket in reversed(tickets)]
    assert (len(first["results"]), second["next"]) == (25, None)


def test_filters_stay_on_the_next_page(city, program):
    for _ in range(27):
        city.report()
        city.report(category=city.network)
    manager = program(city.manager)
    first = manager.get("tickets/", {"category": "network"}).json()
    second = manager.get(first["next"].partition("8000")[2]).json()
    assert {row["category"] for row in second["results"]} == {"network"}
    assert len(second["results"]) == 2


def test_by_due_time_what_is_owed_first_comes_first_and_what_is_not_owed_last(city, program):
    late = city.report(at=berlin(2026, 3, 2, 11))
    soon = city.report(urgency="blocked")
    done = city.report()
    work.accept(ticket=done, by=city.manager, at=MONDAY)
    finish.resolve(ticket=done, solution="Kabel", cause="", by=city.manager, at=MONDAY)
    rows = program(city.manager).get("tickets/", {"ordering": "due_at"}).json()["results"]
    assert [row["number"] for row in rows] == [soon.number, late.number, done.number]


def test_pages_by_due_time_reach_every_ticket_once(city, program):
    tickets = [city.report() for _ in range(56)]
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets[::2]]).update(due_at=None)
    manager, address, seen = program(city.manager), "/api/v1/tickets/?ordering=due_at", []
    while address:
        page = manager.get(address).json()
        seen += [row["number"] for row in page["results"]]
        address = page["next"] and page["next"].partition("8000")[2]
    assert sorted(seen) == sorted(ticket.number for ticket in tickets)
    assert seen[:28] == [ticket.number for ticket in tickets[1::2]]


def test_filters_narrow(city, program, clock):
    old = city.report(at=berlin(2026, 2, 2, 9))
    new = city.report(category=city.network, urgency="blocked", description="Kein WLAN in der Mensa")
    work.accept(ticket=new, by=city.manager, at=MONDAY)
    helpdesk = program(city.helpdesk)

    def found(**filters):
        return {row["number"] for row in helpdesk.get("tickets/", filters).json()["results"]}

    assert found(overdue="true") == {old.number}
    assert found(overdue="false") == {new.number}
    assert found(status="in_progress") == {new.number}
    assert found(priority="high") == {new.number}
    assert found(category="display") == {old.number}
    assert found(school="100003") == set()
    assert found(school="100001", level="first") == {old.number, new.number}
    assert found(q="mensa wlan") == {new.number}
    assert found(q=old.number) == {old.number}


@pytest.mark.parametrize(
    "filters",
    [
        {"state": "new"},
        {"status": "neu"},
        {"status": ""},
        {"school": "1"},
        {"school": "999999"},
        {"school": "\x00"},
        {"category": "nichts"},
        {"overdue": "vielleicht"},
        {"ordering": "reporter"},
        {"ordering": "-due_at"},
        {"cursor": "gibt-es-nicht"},
        {"cursor": "WyJcdTAwMDAiXQ"},
        {"cursor": "WzFd"},
        {"cursor": "W251bGxd"},
        {"page_size": "1000"},
        {"reporter__email": "a"},
        {"q": "x" * 201},
        {"status": ["new", "closed"]},
    ],
)
def test_a_filter_nobody_knows_is_refused_with_a_sentence(city, program, filters):
    answer = program(city.manager).get("tickets/", filters)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_cursor_may_point_far_beyond_what_a_number_holds(city, program):
    city.report()
    beyond = "WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ"  # ["99999999999999999999999999"]
    assert program(city.manager).get("tickets/", {"cursor": beyond}).status_code == 200


def test_words_of_any_kind_may_be_searched(city, program):
    city.report()
    for words in ("", "'", "\\", "a' & !b | (", "\x00", "%_", "🙂", ":*", "<->"):
        assert program(city.manager).get("tickets/", {"q": words}).status_code == 200


def test_the_history_hides_internal_remarks_from_the_school(city, program):
    ticket = city.report()
    work.comment(ticket=ticket, text="Beamer ist bekannt", by=city.manager, at=MONDAY, internal=True)
    work.comment(ticket=ticket, text="Ich komme morgen", by=city.manager, at=MONDAY)

    def texts(person):
        events = program(person).get(f"tickets/{ticket.number}/events/").json()["results"]
        return [event["data"].get("text") for event in events]

    assert texts(city.manager) == [None, "Beamer ist bekannt", "Ich komme morgen"]
    for person in (city.teacher, city.contact, city.head):
        assert texts(person) == [None, "Ich komme morgen"]


def test_an_event_says_who_did_what_and_when(city, program):
    ticket = city.report(by=city.contact, reporter=city.colleague)
    (event,) = program(city.manager).get(f"tickets/{ticket.number}/events/").json()["results"]
    assert event == {
        "verb": "reported",
        "by": "Ina Index",
        "at": "2026-03-02T09:00:00+01:00",
        "public": True,
        "status": "new",
        "data": {},
    }


@pytest.mark.parametrize("who", ["teacher", "manager", "helpdesk"])
def test_a_list_costs_the_same_however_many_tickets_there_are(city, program, count_sql, who):
    someone = program(getattr(city, who))
    city.report()
    few, _answer, _sql = count_sql(lambda: someone.get("tickets/"))
    for number in range(60):
        city.report(category=(city.display, city.network)[number % 2], room=(city.a204, None)[number % 2])
    many, answer, sql = count_sql(lambda: someone.get("tickets/"))
    assert len(answer.json()["results"]) == 25
    assert few == many <= 10, sql


def test_one_ticket_and_a_report_stay_within_their_statements(city, program, count_sql):
    teacher = program(city.teacher)
    body = report(city, room=city.a204.pk)
    count, answer, sql = count_sql(lambda: teacher.post("tickets/", body, Idempotency_Key="a"))
    assert answer.status_code == 201
    assert count <= 16, sql
    count, _answer, sql = count_sql(lambda: teacher.get(f"tickets/{answer.json()['number']}/"))
    assert count <= 10, sql
