"""What the clocks do by themselves, in the words of the history."""

from datetime import timedelta

import pytest

from teams.models import TeamMembership
from tests.city import MONDAY, berlin
from tickets.commands import escalate, finish, work
from tickets.commands.sweep import sweep
from tickets.models import Deadline, Ticket, TicketEvent
from tickets.packet_card import packets_of
from tickets.packets import ITEM, checklist_of
from tickets.ticket_page import TicketPage

pytestmark = pytest.mark.django_db


def told(city, person, at=MONDAY):
    """Return sentence and details of each line of the only report's history, newest first."""
    viewer = city.viewer(person, at)
    ticket = Ticket.objects.visible_to(viewer).get()
    return [(line.sentence, line.details) for line in TicketPage(ticket, viewer).history]


def test_reminders_and_missed_times_are_told_to_those_who_work_on_it_only(city):
    city.report()
    for at in (berlin(2026, 3, 2, 13, 15), berlin(2026, 3, 3, 9)):
        sweep(at=at)
    until = "Frist: 03.03.2026, 9:00\xa0Uhr"
    assert told(city, city.manager)[:3] == [
        ("Der Koordination gemeldet: 100 % der Zeit sind verbraucht (Erste Rückmeldung)", until),
        ("Frist verstrichen: Erste Rückmeldung", until),
        ("Erinnerung: 50 % der Zeit sind verbraucht (Erste Rückmeldung)", until),
    ]
    assert [sentence for sentence, _ in told(city, city.teacher)] == [f"Gemeldet von {city.teacher.name}"]


def test_the_lead_of_a_team_is_named_as_such(city):
    TeamMembership.objects.update(is_lead=True)
    city.escalated()
    sweep(at=Deadline.objects.get(kind="second_response").due_at)
    told_to = "Der Teamleitung gemeldet: 100 % der Zeit sind verbraucht (Reaktion des Systemhauses)"
    assert told_to in [sentence for sentence, _ in told(city, city.specialist)]


def test_what_went_over_by_itself_says_so_and_what_its_packet_lacks(city):
    ticket = work.accept(ticket=city.report(category=city.network), by=city.manager, at=MONDAY)
    item = checklist_of(city.network).items.first()
    words = {ITEM + item.key: "yes", "tried": "Neu gestartet"}
    escalate.keep_packet_draft(ticket=ticket, words=words, by=city.manager, at=MONDAY)
    sweep(at=Deadline.objects.get(kind="resolution").due_at)
    sentence = "Von selbst ans Systemhaus weitergegeben, weil die Zeit für eine Lösung abgelaufen war"
    for reader in (city.teacher, city.specialist):
        assert sentence in [sentence for sentence, _ in told(city, reader)]
    (packet,) = packets_of(Ticket.objects.get())
    assert not packet.is_empty
    assert packet.gaps == ["5 Antworten der Checkliste", "Zugang"]


def test_who_does_not_answer_reads_why_it_was_closed_and_until_when_an_answer_helps(city):
    ticket = work.ask(ticket=city.report(), text="Welche Lampe?", by=city.manager, at=MONDAY)
    reminded, closed = berlin(2026, 3, 4, 9), berlin(2026, 3, 9, 9)
    sweep(at=reminded)
    sweep(at=closed)
    assert told(city, city.teacher)[:2] == [
        ("Geschlossen, weil keine Antwort kam", "Eine Antwort bis 06.04.2026 öffnet die Meldung wieder."),
        ("Erinnerung, dass noch eine Antwort fehlt", "Frist: 09.03.2026, 9:00\xa0Uhr"),
    ]
    assert [event.by for event in TicketEvent.objects.filter(ticket=ticket, verb="closed")] == [None]


def test_a_solution_nobody_contests_closes_the_report(city):
    finish.resolve(ticket=city.report(), solution="Kabel", cause="", by=city.manager, at=MONDAY)
    sweep(at=MONDAY + timedelta(days=8))
    assert told(city, city.teacher)[0][0] == "Geschlossen: Der Lösung wurde nicht widersprochen"


def test_on_the_day_of_a_follow_up_those_who_work_on_it_read_that_it_has_come(city):
    ticket = work.accept(ticket=city.report(), by=city.manager, at=MONDAY)
    until = berlin(2026, 3, 5).date()
    work.wait(ticket=ticket, party="DOKOM21", until=until, reference="", by=city.manager, at=MONDAY)
    sweep(at=berlin(2026, 3, 5, 7, 30))
    assert told(city, city.manager)[0][0] == "Der Tag ist da, bis zu dem gewartet werden sollte"


def test_the_api_tells_what_happened_by_itself_with_nobody_who_did_it(city, client, monkeypatch):
    ticket = city.report()
    missed = berlin(2026, 3, 3, 9)
    sweep(at=missed)
    monkeypatch.setattr("django.utils.timezone.now", lambda: missed)
    client.force_login(city.manager)
    answer = client.get(f"/api/v1/tickets/{ticket.number}/events/").json()
    events = answer["results"] if isinstance(answer, dict) else answer
    (event,) = (event for event in events if event["verb"] == "deadline_missed")
    assert (event["by"], event["public"]) == (None, False)
    assert event["data"] == {"clock": "first_response", "percent": 100, "due": missed.isoformat()}
