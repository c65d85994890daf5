"""The packet as those read it who go on with the report: in the words it was made by, whatever happens later."""

from datetime import timedelta

from django.utils import translation

from tests.city import MONDAY
from tickets.commands import escalate
from tickets.commands.checklists import publish_checklist
from tickets.models import Escalation, Ticket
from tickets.packet_card import packets_of
from tickets.ticket_page import TicketPage

LATER = MONDAY + timedelta(hours=1)


def test_a_packet_keeps_the_words_of_the_checklist_it_was_made_by(city):
    ticket = city.escalated()
    items = [{"key": "fuse", "text_de": "Sicherung an", "text_en": "The fuse is on"}]
    publish_checklist(category=city.network, items=items, by=city.administrator, at=LATER)
    (packet,) = packets_of(ticket)
    assert packet.findings[0].text == "Strom am Access Point oder Switch vorhanden"
    with translation.override("en"):
        (packet,) = packets_of(ticket)
        assert packet.findings[0].text == "The access point or switch has power"
    assert {finding.answer for finding in packet.findings} == {Escalation.Answer.YES}


def test_all_packets_are_read_in_one_statement_the_latest_first(city, django_assert_num_queries):
    ticket = city.escalated()
    escalate.return_to_first_level(ticket=ticket, text="Welche Dose?", by=city.specialist, at=LATER)
    city.escalated(ticket, at=LATER + timedelta(hours=1))
    ticket.refresh_from_db()
    with django_assert_num_queries(1):
        packets = packets_of(ticket)
        told = [(packet.is_open, packet.rooms, packet.row.team.name, packet.row.by.name) for packet in packets]
        assert [len(packet.findings) for packet in packets] == [6, 6]
    assert told == [
        (True, ["A 204"], "Netz & WLAN", city.manager.name),
        (False, ["A 204"], "Netz & WLAN", city.manager.name),
    ]
    assert packets[1].row.outcome == Escalation.Outcome.RETURNED


def test_what_went_over_without_a_packet_says_so(city):
    ticket = city.escalated()
    Escalation.objects.update(
        reason=Escalation.Reason.DEADLINE, by=None, checklist=None, answers={}, tried="", access="", is_complete=False
    )
    Escalation.objects.get().rooms.clear()
    (packet,) = packets_of(ticket)
    assert packet.by_itself and packet.is_empty and packet.findings == []


def test_the_school_reads_plain_words_and_no_packet(city, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    ticket = city.escalated()
    for person in (city.teacher, city.contact, city.head):
        seen = Ticket.objects.visible_to(city.viewer(person, LATER)).get()
        assert TicketPage(seen, city.viewer(person, LATER)).packets == []
        client.force_login(person)
        body = client.get(f"/tickets/{ticket.number}/").content.decode()
        assert "Das Systemhaus kümmert sich" in body and "Strom am Access Point" not in body
    for person in (city.manager, city.helpdesk, city.specialist, city.tablet_specialist):
        client.force_login(person)
        assert "Strom am Access Point" in client.get(f"/tickets/{ticket.number}/").content.decode()
