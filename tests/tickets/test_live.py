"""Pages that ask by themselves: nothing while nothing is new, what changed, and one plain sentence at the end."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.middleware import IDLE
from campuses.models import CampusAssignment
from tests.city import MONDAY
from tickets import presence
from tickets.commands import finish, work
from tickets.models import Presence, Ticket

POLLING = {"HX-Request": "true", "HX-Polling": "true", "HX-Current-URL": "http://testserver/queue/?tab=todo"}
SOON = MONDAY + timedelta(seconds=20)


@pytest.fixture(autouse=True)
def nine_o_clock(clock):
    pass


@pytest.fixture
def browser():
    """Sign a person in: browser(city.manager)."""

    def enter(person):
        client = Client()
        client.force_login(person)
        return client

    return enter


def seen_on(page) -> dict:
    """Return what a page, or the answer to a poll, sends along when it asks."""
    return dict(re.findall(r'<input type="hidden" name="(stamp|here|rows|more|since)" value="([^"]*)"', text_of(page)))


def text_of(answer) -> str:
    return answer.content.decode()


def ask_queue(client, seen, **more):
    return client.get("/queue/live/", {**seen, **more}, headers=POLLING)


def ask_ticket(client, ticket, seen, part="", **more):
    return client.post(f"/tickets/{ticket.number}/live/{part}", {**seen, **more}, headers=POLLING)


class TestQueue:
    def test_nothing_new_is_not_answered(self, city, browser):
        city.report()
        manager = browser(city.manager)
        seen = seen_on(manager.get("/queue/"))
        answer = ask_queue(manager, seen)
        assert (answer.status_code, answer.content) == (204, b"")
        assert "no-store" in answer.headers["Cache-Control"]

    def test_a_new_report_waits_behind_a_link_until_it_is_asked_for(self, city, browser):
        first = city.report()
        manager = browser(city.manager)
        seen = seen_on(manager.get("/queue/"))
        new = city.report(urgency="blocked", at=SOON)
        answer = ask_queue(manager, seen)
        assert answer.status_code == 200 and "<html" not in text_of(answer)
        assert first.number in text_of(answer) and new.number not in text_of(answer)
        assert "1 neue Meldung anzeigen" in text_of(answer) or "Show 1 new report" in text_of(answer)
        assert ask_queue(manager, seen_on(answer)).status_code == 204
        shown = ask_queue(manager, seen_on(answer), new="1")
        assert new.number in text_of(shown) and "data-focus" in text_of(shown)
        assert ask_queue(manager, seen_on(shown)).status_code == 204

    def test_a_row_changes_where_it_is_and_one_that_is_gone_is_left_out(self, city, browser):
        late, soon, done = (city.report(at=MONDAY + timedelta(minutes=n)) for n in range(3))
        manager = browser(city.manager)
        seen = seen_on(manager.get("/queue/"))
        order = seen["rows"]
        finish.resolve(ticket=done, by=city.helpdesk, at=SOON, solution="Kabel", cause="")
        work.classify(ticket=soon, urgency="blocked", by=city.manager, at=SOON)
        answer = ask_queue(manager, seen)
        assert seen_on(answer)["rows"] == order.replace(f",{done.pk}", "")
        assert "item--urgent" in text_of(answer) and done.number not in text_of(answer)
        assert Ticket.objects.order_by("due_at").first() == soon and order.startswith(f"{late.pk},")

    def test_where_nothing_could_move_a_new_report_is_shown_at_once(self, city, browser):
        manager = browser(city.manager)
        seen = seen_on(manager.get("/queue/"))
        new = city.report()
        assert new.number in text_of(ask_queue(manager, seen))

    def test_what_moves_up_from_the_next_page_is_not_new(self, city, browser):
        tickets = [city.report(at=MONDAY + timedelta(minutes=n)) for n in range(27)]
        manager = browser(city.manager)
        seen = seen_on(manager.get("/queue/"))
        assert seen["more"] == "1"
        finish.resolve(ticket=tickets[3], by=city.helpdesk, at=SOON, solution="Kabel", cause="")
        answer = ask_queue(manager, seen)
        assert 'live__new"' not in text_of(answer) and len(seen_on(answer)["rows"].split(",")) == 24

    def test_a_message_that_moves_the_due_time_is_noticed(self, city, browser):
        ticket = city.report()
        manager = browser(city.manager)
        seen = seen_on(manager.get("/queue/"))
        work.comment(ticket=ticket, text="Ich sehe nach.", by=city.helpdesk, at=SOON)
        assert ask_queue(manager, seen).status_code == 200

    def test_a_report_of_another_campus_changes_nothing(self, city, browser):
        city.report()
        manager = browser(city.manager)
        seen = seen_on(manager.get("/queue/"))
        city.report(by=city.kant_teacher, school=city.kant)
        assert ask_queue(manager, seen).status_code == 204

    def test_what_is_told_of_minutes_is_told_anew_after_a_few(self, city, browser, clock):
        city.report()
        manager = browser(city.manager)
        seen = seen_on(manager.get("/queue/"))
        clock.at = MONDAY + timedelta(minutes=6)
        assert ask_queue(manager, seen).status_code == 200

    def test_taking_a_report_in_an_answer_returns_to_the_page_and_not_to_the_answer(self, city, browser):
        city.report()
        manager = browser(city.manager)
        assert 'name="back" value="/queue/?tab=todo"' in text_of(ask_queue(manager, {}))

    def test_without_duties_it_ends_with_a_sentence(self, city, browser):
        manager = browser(city.manager)
        seen = seen_on(manager.get("/queue/"))
        CampusAssignment.objects.filter(person=city.manager).delete()
        answer = ask_queue(manager, seen)
        assert answer.status_code == 403 and "<html" not in text_of(answer)
        assert 'id="live"' in text_of(answer) and "notice" in text_of(answer)


class TestTicket:
    def test_nothing_new_is_not_answered(self, city, browser):
        ticket = city.report()
        teacher = browser(city.teacher)
        seen = seen_on(teacher.get(f"/tickets/{ticket.number}/"))
        assert ask_ticket(teacher, ticket, seen).status_code == 204

    def test_a_step_is_told_and_what_one_types_into_is_left_alone(self, city, browser):
        ticket = city.report()
        teacher = browser(city.teacher)
        seen = seen_on(teacher.get(f"/tickets/{ticket.number}/"))
        work.accept(ticket=ticket, by=city.manager, at=SOON)
        answer = ask_ticket(teacher, ticket, seen)
        assert answer.status_code == 200 and "<html" not in text_of(answer)
        assert city.manager.name in text_of(answer)
        for part in re.findall(r'id="([\w-]+)" (?:[^>]* )?hx-swap-oob', text_of(answer)):
            assert part != "comment"
        assert ask_ticket(teacher, ticket, seen_on(answer)).status_code == 204

    def test_a_remark_between_colleagues_does_not_even_stir_the_page_of_the_reporter(self, city, browser):
        ticket = city.report()
        teacher, helpdesk = browser(city.teacher), browser(city.helpdesk)
        seen, seen_by_helpdesk = (seen_on(b.get(f"/tickets/{ticket.number}/")) for b in (teacher, helpdesk))
        work.comment(ticket=ticket, text="Unter uns", internal=True, by=city.manager, at=SOON)
        assert ask_ticket(teacher, ticket, seen).status_code == 204
        assert "Unter uns" in text_of(ask_ticket(helpdesk, ticket, seen_by_helpdesk))

    def test_out_of_sight_is_said_in_a_sentence(self, city, browser):
        ticket = city.report()
        contact = browser(city.contact)
        seen = seen_on(contact.get(f"/tickets/{ticket.number}/"))
        work.restrict(ticket=ticket, confidential=True, by=city.teacher, at=SOON)
        answer = ask_ticket(contact, ticket, seen)
        assert answer.status_code == 404 and "<html" not in text_of(answer)
        assert 'id="live"' in text_of(answer) and ticket.title not in text_of(answer)

    def test_beside_a_step_one_reads_what_happened(self, city, browser):
        ticket = city.report()
        manager = browser(city.manager)
        seen = seen_on(manager.get(f"/tickets/{ticket.number}/ask/"))
        work.comment(ticket=ticket, text="Es geht wieder", by=city.teacher, at=SOON)
        answer = ask_ticket(manager, ticket, seen, part="?part=line")
        assert "Es geht wieder" in text_of(answer) and "textarea" not in text_of(answer)


class TestSession:
    def test_who_is_not_signed_in_any_more_is_told_so_and_led_nowhere(self, city, browser, client):
        answer = ask_queue(client, {})
        assert answer.status_code == 401 and "<html" not in text_of(answer)
        assert "/login/?next=/queue/%3Ftab%3Dtodo" in text_of(answer)

    def test_a_page_of_somebody_else_is_not_told_what_the_next_person_sees(self, city, browser):
        city.report()
        seen = seen_on(browser(city.manager).get("/queue/"))
        assert ask_queue(browser(city.helpdesk), seen).status_code == 401

    def test_asking_keeps_no_session_alive(self, city, browser, clock):
        ticket = city.report()
        manager = browser(city.manager)
        queue = seen_on(manager.get("/queue/"))
        page = seen_on(manager.get(f"/tickets/{ticket.number}/"))
        expires = Session.objects.get().expire_date
        for minutes in range(20, int(IDLE.total_seconds() // 60), 20):
            clock.at = MONDAY + timedelta(minutes=minutes)
            assert ask_queue(manager, queue).status_code == 200
            assert ask_ticket(manager, ticket, page).status_code == 200
        assert Session.objects.get().expire_date == expires
        clock.at = MONDAY + IDLE + timedelta(minutes=1)
        assert ask_queue(manager, queue).status_code == 401


class TestPresence:
    def look(self, browser, person, ticket, **more):
        client = browser(person)
        seen = seen_on(client.get(f"/tickets/{ticket.number}/"))
        return ask_ticket(client, ticket, seen, **more)

    def test_colleagues_see_who_looks_and_who_types(self, city, browser):
        ticket = city.report()
        assert self.look(browser, city.manager, ticket).status_code == 204
        answer = text_of(self.look(browser, city.helpdesk, ticket, typing="1"))
        assert "Mona Mobil" in answer and "item" not in answer
        answer = text_of(self.look(browser, city.manager, ticket))
        assert "Hedwig Hörer" in answer and "state--wait" in answer and "Mona Mobil" not in answer

    @pytest.mark.parametrize("who", ["teacher", "contact", "head", "city_reader"])
    def test_nobody_else_is_shown_anybody_or_is_shown(self, city, browser, who):
        ticket = city.report()
        self.look(browser, city.manager, ticket, typing="1")
        answer = self.look(browser, getattr(city, who), ticket)
        assert "Mona" not in text_of(answer) or answer.status_code == 404
        assert list(Presence.objects.values_list("person", flat=True)) == [city.manager.pk]

    def test_whoever_left_is_not_shown_for_long(self, city, browser, clock):
        ticket = city.report()
        self.look(browser, city.manager, ticket, typing="1")
        clock.at = MONDAY + timedelta(seconds=45)
        assert "state--wait" not in text_of(self.look(browser, city.helpdesk, ticket))
        clock.at = MONDAY + timedelta(seconds=70)
        assert "Mona" not in text_of(self.look(browser, city.helpdesk, ticket))

    def test_a_confidential_report_tells_nobody_who_is_there(self, city, browser):
        ticket = city.report(confidential=True)
        self.look(browser, city.manager, ticket)
        helpdesk = browser(city.helpdesk)
        answer = ask_ticket(helpdesk, ticket, {})
        assert answer.status_code == 404 and "Mona" not in text_of(answer)
        assert Presence.objects.count() == 1

    def test_the_rows_of_those_who_left_are_removed(self, city, browser):
        ticket = city.report()
        self.look(browser, city.manager, ticket)
        assert presence.remove_outdated(at=MONDAY + timedelta(seconds=50)) == 0
        assert presence.remove_outdated(at=MONDAY + timedelta(minutes=2)) == 1
        assert not Presence.objects.exists()
