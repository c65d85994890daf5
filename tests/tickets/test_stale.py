"""A save that comes too late shows both versions and loses neither; what can no longer be sent is kept to be read."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.city import MONDAY
from tickets.commands import finish, work

SOON = MONDAY + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: SOON)


@pytest.fixture
def ticket(city):
    return city.report()


@pytest.fixture
def manager(city):
    client = Client()
    client.force_login(city.manager)
    return client


def send(client, ticket, step, **entries):
    return client.post(f"/tickets/{ticket.number}/{step}/", entries)


def text_of(answer):
    return answer.content.decode()


def test_what_happened_stands_beside_what_was_typed(city, ticket, manager):
    work.accept(ticket=ticket, by=city.helpdesk, at=SOON)
    answer = send(manager, ticket, "ask", text="Welche Lampe leuchtet?", version=1)
    assert answer.status_code == 412
    page = text_of(answer)
    assert "Welche Lampe leuchtet?" in page and city.helpdesk.name in page
    assert 'name="version" value="2"' in page
    again = send(manager, ticket, "ask", text="Welche Lampe leuchtet?", version=2)
    assert again.status_code == 302
    ticket.refresh_from_db()
    assert ticket.question == "Welche Lampe leuchtet?"


def test_of_a_classification_each_field_is_shown_and_both_changes_last(city, ticket, manager):
    work.classify(ticket=ticket, urgency="blocked", by=city.helpdesk, at=SOON)
    sent = {"category": "display", "impact": "school", "urgency": "hampered", "version": 1}
    answer = send(manager, ticket, "classify", **sent)
    assert answer.status_code == 412
    rows = {row.name: row for row in answer.context["differences"]}
    assert (rows["urgency"].before, rows["urgency"].now, rows["urgency"].is_mine) == ("hampered", "blocked", False)
    assert rows["impact"].is_mine and rows["impact"].mine == "school"
    fields = {field.name: field.value() for field in answer.context["form"]}
    assert send(manager, ticket, "classify", **fields, version=2).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.impact, ticket.urgency) == ("school", "blocked")


def test_where_both_changed_the_same_field_mine_is_applied_only_when_i_say_so(city, ticket, manager):
    work.classify(ticket=ticket, urgency="blocked", by=city.helpdesk, at=SOON)
    sent = {"category": "display", "impact": ticket.impact, "urgency": "can_wait"}
    answer = send(manager, ticket, "classify", **sent, version=1)
    told = {row.name: row.told for row in answer.context["differences"]}
    assert len(set(told["urgency"])) == 3
    ticket.refresh_from_db()
    assert ticket.urgency == "blocked"
    assert send(manager, ticket, "classify", **sent, version=2).status_code == 302
    ticket.refresh_from_db()
    assert ticket.urgency == "can_wait"


def test_a_form_that_needs_mending_does_not_hide_that_it_is_too_late(city, ticket, manager):
    work.accept(ticket=ticket, by=city.helpdesk, at=SOON)
    answer = send(manager, ticket, "ask", text="", version=1)
    assert answer.status_code == 422 and 'name="version" value="1"' in text_of(answer)
    assert send(manager, ticket, "ask", text="Welche Lampe?", version=1).status_code == 412


def test_a_step_that_is_not_possible_any_more_keeps_the_words_of_its_form(city, ticket, manager):
    finish.resolve(ticket=ticket, by=city.helpdesk, at=SOON, solution="Kabel getauscht", cause="")
    answer = send(manager, ticket, "ask", text="Welche Lampe leuchtet?", version=1)
    assert answer.status_code == 409
    assert "Welche Lampe leuchtet?" in text_of(answer) and "Kabel getauscht" in text_of(answer)


def test_choices_that_came_too_late_are_told_in_words(city, ticket, manager):
    finish.resolve(ticket=ticket, by=city.helpdesk, at=SOON, solution="Kabel getauscht", cause="")
    sent = {"category": "network", "impact": "school", "urgency": "blocked", "version": 1}
    answer = send(manager, ticket, "classify", **sent)
    assert answer.status_code == 409
    assert city.network.name in dict(answer.context["written"]).values()


@pytest.mark.parametrize("step", ["comment", "ask"])
def test_out_of_sight_the_words_are_still_there_and_nothing_else(city, ticket, step):
    work.restrict(ticket=ticket, confidential=True, by=city.teacher, at=SOON)
    helpdesk = Client()
    helpdesk.force_login(city.helpdesk)
    answer = send(helpdesk, ticket, step, text="Ich bringe ein Kabel mit", idempotency_key="k-1")
    assert answer.status_code == 404
    assert "Ich bringe ein Kabel mit" in text_of(answer)
    assert ticket.number not in text_of(answer).replace(f"/tickets/{ticket.number}/", "")
    assert send(helpdesk, ticket, step, text="", idempotency_key="k-2").status_code == 404


def test_a_message_always_applies_and_says_that_something_happened(city, ticket, manager):
    work.accept(ticket=ticket, by=city.helpdesk, at=SOON)
    answer = manager.post(f"/tickets/{ticket.number}/comment/", {"text": "Bin da", "version": "1"}, follow=True)
    assert "Bin da" in text_of(answer) and "notice--info" in text_of(answer)
    answer = manager.post(f"/tickets/{ticket.number}/comment/", {"text": "Noch da", "version": "2"}, follow=True)
    assert "notice--info" not in text_of(answer)


def test_programs_are_told_the_version_and_the_state_there_is(city, ticket, manager):
    work.accept(ticket=ticket, by=city.helpdesk, at=SOON)
    answer = manager.post(
        f"/api/v1/tickets/{ticket.number}/ask/",
        {"text": "Welche Lampe?"},
        content_type="application/json",
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 412
    assert (answer.json()["version"], answer.json()["state"]) == (2, "in_progress")
    assert answer.headers["ETag"] == '"2"'
