"""The list of the second level and the report beside it refresh themselves together."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.city import MONDAY
from tickets.commands import escalate, work
from tickets.models import Presence

POLLING = {"HX-Request": "true", "HX-Polling": "true"}
SOON = MONDAY + timedelta(seconds=20)
FIELDS = re.compile(r'<input type="hidden" name="(stamp|here|rows|more|report)" value="([^"]*)"')


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: SOON)


@pytest.fixture
def desk(city):
    client = Client()
    client.force_login(city.specialist)
    return client


def text_of(answer):
    return answer.content.decode()


def seen_on(page):
    return dict(FIELDS.findall(text_of(page)))


def ask(client, seen, address="?view=inbox", **more):
    return client.post(f"/triage/live/{address}", {**seen, **more}, headers=POLLING)


def test_nothing_new_is_not_answered(city, desk):
    city.escalated()
    assert ask(desk, seen_on(desk.get("/triage/"))).status_code == 204


def test_a_report_that_was_handed_over_waits_behind_a_link(city, desk):
    first = city.escalated()
    seen = seen_on(desk.get("/triage/"))
    second = city.escalated()
    answer = ask(desk, seen)
    assert first.number in text_of(answer) and second.number not in text_of(answer)
    assert 'hx-post="/triage/live/?view=inbox&amp;new=1"' in text_of(answer)
    assert ask(desk, seen_on(answer)).status_code == 204
    assert second.number in text_of(ask(desk, seen_on(answer), "?view=inbox&new=1"))


def test_the_report_beside_the_list_is_told_anew_but_for_what_one_types_into(city, desk):
    ticket = city.escalated()
    seen = seen_on(desk.get(f"/triage/?ticket={ticket.number}"))
    work.comment(ticket=ticket, text="Jetzt flackert es", by=city.teacher, at=SOON)
    answer = ask(desk, seen, ticket=ticket.number)
    assert "Jetzt flackert es" in text_of(answer)
    parts = re.findall(r'id="([\w-]+)"[^>]*hx-swap-oob', text_of(answer))
    assert "report-history" in parts and not {"step", "comment", "report"} & set(parts)
    assert ask(desk, seen | seen_on(answer), ticket=ticket.number).status_code == 204


def test_colleagues_of_both_levels_see_each_other(city, desk):
    ticket = city.escalated()
    manager = Client()
    manager.force_login(city.manager)
    manager.post(f"/tickets/{ticket.number}/live/", {"typing": "1"}, headers=POLLING)
    seen = seen_on(desk.get(f"/triage/?ticket={ticket.number}"))
    answer = ask(desk, seen, ticket=ticket.number)
    assert city.manager.name in text_of(answer) and "state--wait" in text_of(answer)
    assert Presence.objects.filter(person=city.specialist).exists()


def test_a_report_that_went_out_of_sight_is_said_once_and_the_list_goes_on(city, desk):
    ticket, other = city.escalated(), city.escalated()
    seen = seen_on(desk.get(f"/triage/?ticket={ticket.number}"))
    work.restrict(ticket=ticket, confidential=True, by=city.manager, at=SOON)
    escalate.return_to_first_level(ticket=ticket, text="Kabel", by=city.specialist, at=SOON)
    answer = ask(desk, seen, ticket=ticket.number)
    assert answer.status_code == 200
    page = text_of(answer)
    assert other.number in page and ticket.title not in page.replace(other.title, "")
    assert 'value="gone"' in page
    assert ask(desk, seen | seen_on(answer), ticket=ticket.number).status_code == 204


def test_the_page_itself_carries_nothing_that_a_change_of_the_report_would_pull_out(city, desk):
    """htmx takes every part so marked out of every answer, also of one that replaces the report as a whole."""
    ticket = city.escalated()
    page = text_of(desk.get(f"/triage/?ticket={ticket.number}"))
    assert re.findall(r'id="([\w-]+)"[^>]*hx-swap-oob', page) == ["live"]
    part = desk.get(f"/triage/?ticket={ticket.number}", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "hx-swap-oob" not in text_of(part)


def test_asking_uses_up_no_sentence_that_the_next_page_has_to_say(city, desk):
    ticket = city.escalated()
    seen = seen_on(desk.get("/triage/"))
    sent = {"from": "triage", "back": "/triage/?view=inbox"}
    desk.post(f"/tickets/{ticket.number}/accept-escalation/", sent)
    ask(desk, seen)
    assert "notice--success" in text_of(desk.get("/triage/"))
