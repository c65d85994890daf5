"""The two journeys through the pages: a teacher reports, the campus manager solves."""

import re

import pytest

from tests.city import MONDAY
from tickets.models import Draft, Ticket


@pytest.fixture
def at(monkeypatch):
    """Let the request clock show Monday morning."""
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


def hidden(html: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def report_form(client, **words):
    page = client.get("/tickets/new/").content.decode()
    return {
        "idempotency_key": hidden(page, "idempotency_key"),
        "school": hidden(page, "school"),
        "category": "display",
        "urgency": "hampered",
        **words,
    }


def test_tile_room_send_is_all_it_takes(city, client, at):
    client.force_login(city.teacher)
    sent = report_form(client, room=city.a204.pk)
    answer = client.post("/tickets/new/", sent, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    ticket = Ticket.objects.get()
    body = answer.content.decode()
    assert ticket.number in body and city.manager.name in body


def test_pressed_twice_is_one_ticket(city, client, at):
    client.force_login(city.teacher)
    sent = report_form(client, room=city.a204.pk)
    first, second = (client.post("/tickets/new/", sent) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_a_rejected_form_keeps_every_word(city, client, at):
    client.force_login(city.teacher)
    answer = client.post("/tickets/new/", report_form(client, room="", description="Der Beamer summt."))
    assert answer.status_code == 422
    assert "Der Beamer summt." in answer.content.decode()
    assert Draft.objects.get().words["description"] == "Der Beamer summt."


def test_the_campus_manager_takes_it_from_the_queue_and_solves_it(city, client, at):
    ticket = city.report()
    client.force_login(city.manager)
    queue = client.get("/queue/").content.decode()
    assert ticket.title in queue
    answer = client.post(f"/tickets/{ticket.number}/accept/", {"idempotency_key": "a1", "version": 1}, follow=True)
    assert answer.status_code == 200
    answer = client.post(
        f"/tickets/{ticket.number}/resolve/", {"idempotency_key": "a2", "version": 2, "cause": "cable"}, follow=True
    )
    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    assert city.verbs_of(ticket) == ["reported", "accepted", "resolved"]
