"""The steps of the second level by their pages, what the campus manager sees of them, and where they lead back to."""

import uuid
from datetime import timedelta

import pytest

from tests.city import MONDAY
from tickets.commands import escalate, finish, work
from tickets.models import Ticket
from tickets.queue import Queue
from tickets.ticket_page import TicketPage


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


@pytest.fixture
def ticket(city):
    return city.escalated(description="WLAN weg")


@pytest.fixture
def specialist(client, city):
    client.force_login(city.specialist)
    return client


def take(client, ticket, step, **sent):
    ticket.refresh_from_db()
    key = {"idempotency_key": str(uuid.uuid4()), "version": ticket.version}
    return client.post(f"/tickets/{ticket.number}/{step}/", {**key, **sent})


def tabs(city, person=None, at=MONDAY):
    return {tab.key: tab.count for tab in Queue(city.viewer(person or city.manager, at)).tabs}


class TestPages:
    def test_a_question_goes_to_the_campus_management_and_the_time_runs_on(self, specialist, ticket, city):
        assert take(specialist, ticket, "ask", to="mediator", text="Leuchtet die Lampe?").status_code == 302
        ticket.refresh_from_db()
        assert (ticket.mediator_question, ticket.status) == ("Leuchtet die Lampe?", "escalated")

    def test_or_to_the_reporter_and_the_time_pauses(self, specialist, ticket):
        take(specialist, ticket, "ask", to="reporter", text="Seit wann?")
        ticket.refresh_from_db()
        assert (ticket.question, ticket.status, ticket.mediator_question) == ("Seit wann?", "waiting_reporter", "")

    def test_whom_one_asks_has_to_be_chosen(self, specialist, ticket):
        assert take(specialist, ticket, "ask", text="Seit wann?").status_code == 422

    def test_the_first_level_asks_the_reporter_and_is_not_asked_whom(self, client, city):
        client.force_login(city.manager)
        ticket = city.report()
        assert b'name="to"' not in client.get(f"/tickets/{ticket.number}/ask/").content
        assert take(client, ticket, "ask", text="Seit wann?").status_code == 302

    def test_a_report_is_passed_on_to_another_team_that_takes_work(self, specialist, ticket):
        page = specialist.get(f"/tickets/{ticket.number}/transfer/").content.decode()
        assert 'value="tablets"' in page and 'value="network"' not in page
        assert take(specialist, ticket, "transfer", team="network", reason="Zurück").status_code == 422
        assert take(specialist, ticket, "transfer", team="tablets", reason="Am Gerät").status_code == 302
        ticket.refresh_from_db()
        assert ticket.team.slug == "tablets"

    def test_who_returns_says_why(self, specialist, ticket):
        assert take(specialist, ticket, "return").status_code == 422
        assert take(specialist, ticket, "return", text="Bitte das Kabel tauschen").status_code == 302
        ticket.refresh_from_db()
        assert (ticket.level, ticket.team) == ("first", None)


class TestWayBack:
    def test_a_step_leads_back_to_where_it_was_taken(self, specialist, ticket):
        back = "/triage/?view=inbox&ticket=DO-2026-4000"
        assert take(specialist, ticket, "accept-escalation", **{"from": "triage", "back": back}).url == back

    @pytest.mark.parametrize(
        "back", ["//evil.example/triage/?", "https://evil.example/", "/queue/?", "", "/triage/?//x"]
    )
    def test_and_nowhere_else(self, specialist, ticket, back):
        assert take(specialist, ticket, "accept-escalation", **{"from": "triage", "back": back}).url == "/triage/"

    def test_beside_the_list_a_form_comes_and_goes_as_a_part(self, specialist, ticket):
        asked = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}}
        part = specialist.get(f"/tickets/{ticket.number}/return/?from=triage&back=/triage/?view=inbox", **asked)
        assert b"<html" not in part.content and b"/triage/?view=inbox" in part.content
        gap = specialist.post(f"/tickets/{ticket.number}/return/", {"text": ""}, **asked)
        assert gap.status_code == 422 and b"<html" not in gap.content
        sent = {"text": "Bitte prüfen", "from": "triage", "back": "/triage/?view=inbox"}
        done = specialist.post(f"/tickets/{ticket.number}/return/", sent, **asked)
        assert done.headers["HX-Redirect"] == "/triage/?view=inbox"

    def test_one_goes_on_where_one_was_going_to_after_a_step_moved_the_report(self, specialist, city):
        one, two, three = (city.escalated(description=title) for title in ("Eins", "Zwei", "Drei"))
        page = specialist.get(f"/triage/?view=inbox&ticket={one.number}").content.decode()
        back = f"/triage/?view=inbox&ticket={one.number}&next={two.number}"
        assert back.replace("&", "&amp;") in page
        take(specialist, one, "accept-escalation")
        page = specialist.get(back).content.decode()
        assert f'data-onward="/triage/?view=inbox&amp;ticket={two.number}"' in page and three.number in page

    def test_a_message_leads_back_to_the_report_beside_the_list(self, specialist, ticket):
        back = f"/triage/?view=inbox&ticket={ticket.number}"
        assert (
            take(specialist, ticket, "comment", text="Ich sehe nach", **{"from": "triage", "back": back}).url == back
        )


class TestMediator:
    def test_a_question_lies_with_what_is_to_do_until_there_is_an_answer(self, city, ticket):
        assert tabs(city) == {"todo": 0, "waiting": 0, "elsewhere": 1, "solved": 0}
        escalate.ask_mediator(ticket=ticket, text="Leuchtet die Lampe?", by=city.specialist, at=MONDAY)
        assert tabs(city) == {"todo": 1, "waiting": 0, "elsewhere": 0, "solved": 0}
        work.comment(ticket=ticket, text="Sie leuchtet rot", internal=True, by=city.manager, at=MONDAY)
        assert tabs(city)["todo"] == 0

    def test_the_page_puts_the_question_first_and_the_answer_stays_among_those_who_work(self, city, ticket, client):
        escalate.ask_mediator(ticket=ticket, text="Leuchtet die Lampe?", by=city.specialist, at=MONDAY)
        for person, is_asked in ((city.manager, True), (city.teacher, False), (city.specialist, False)):
            shown = Ticket.objects.get(pk=ticket.pk)
            assert TicketPage(shown, city.viewer(person)).is_asked is is_asked, person
            client.force_login(person)
            page = client.get(f"/tickets/{ticket.number}/").content.decode()
            assert ("Leuchtet die Lampe?" in page) is (person != city.teacher), person
        client.force_login(city.manager)
        page = client.get(f"/tickets/{ticket.number}/").content.decode()
        assert 'name="internal"' in page and page.split('name="internal"')[1].split(">")[0].count("checked") == 1

    def test_what_the_systemhaus_has_solved_is_shown_for_as_long_as_it_may_be_opened_again(self, city, ticket):
        finish.resolve(ticket=ticket, solution="Port frei", cause="", by=city.specialist, at=MONDAY)
        own = finish.resolve(ticket=city.report(), solution="Kabel", cause="", by=city.manager, at=MONDAY)
        shown = Queue(city.viewer(city.manager), tab="solved").rows
        assert [row.pk for row in shown] == [ticket.pk] and own.pk not in shown
        assert tabs(city)["solved"] == 1
        assert tabs(city, city.asseln_manager)["solved"] == 0
        assert tabs(city, at=MONDAY + timedelta(days=7))["solved"] == 1
        assert tabs(city, at=MONDAY + timedelta(days=8))["solved"] == 0
        again = Ticket.objects.get(pk=ticket.pk)
        finish.reopen(ticket=again, reason="Geht nicht", by=city.manager, at=MONDAY + timedelta(days=1))
        assert tabs(city, at=MONDAY + timedelta(days=1)) == {"todo": 1, "waiting": 0, "elsewhere": 0, "solved": 0}


def test_the_second_level_begins_at_its_inbox(client, city):
    client.force_login(city.specialist)
    assert client.get("/").url == "/triage/"
    client.force_login(city.manager)
    assert client.get("/triage/").status_code == 403


def test_a_report_out_of_sight_is_not_there(specialist, city):
    assert specialist.get(f"/triage/?ticket={city.report().number}").status_code == 404
    assert specialist.get("/triage/?ticket=nonsense%00").status_code == 404
    assert specialist.get("/triage/?after=nonsense").status_code == 404
