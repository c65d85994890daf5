"""A report becomes a ticket, with clocks, history and notices."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from notifications.models import OutboxMessage
from tests.city import MONDAY, berlin
from tickets.lifecycle import Status
from tickets.models import Category, Deadline, Ticket


def test_three_taps_make_a_ticket_with_a_title_nobody_typed(city):
    ticket = city.report()
    assert ticket.title == "Bild, Ton, Tafel: A 204"
    assert ticket.status == Status.NEW
    assert ticket.number.startswith("DO-2026-")
    assert Ticket.objects.numbered(ticket.number).get() == ticket


def test_the_beginning_of_the_description_becomes_the_title(city):
    ticket = city.report(description="Kein Bild auf der Tafel.\nSeit der ersten Stunde.")
    assert ticket.title == "Kein Bild auf der Tafel."


def test_both_promises_start_with_the_report(city):
    ticket = city.report(at=MONDAY)
    due = dict(ticket.deadlines.values_list("kind", "due_at"))
    # Normal: one service day (8.5 h) for the first response, three for the solution.
    assert due[Deadline.Kind.FIRST_RESPONSE] == berlin(2026, 3, 3, 9)
    assert due[Deadline.Kind.RESOLUTION] == berlin(2026, 3, 5, 9)
    assert ticket.due_at == berlin(2026, 3, 3, 9)


def test_a_report_on_friday_evening_counts_from_monday_morning(city):
    ticket = city.report(at=berlin(2026, 3, 6, 20))
    assert ticket.due_at == berlin(2026, 3, 9, 16)


def test_the_manager_on_duty_gets_a_notice_and_the_reporter_none(city):
    ticket = city.report()
    assert list(OutboxMessage.objects.notices().values_list("recipient", "kind", "about")) == [
        (city.manager.pk, "reported", ticket.number)
    ]


def test_the_ticket_remembers_the_campus_of_its_creation(city):
    assert city.report().campus == city.kirchlinde


def test_a_security_report_is_confidential_at_first(city):
    assert city.report(category=Category.objects.get(slug="security")).confidential


@pytest.mark.parametrize("who", ["kant_teacher", "asseln_manager", "city_reader", "administrator", "stranger"])
def test_nobody_reports_for_a_school_that_is_not_theirs(city, who):
    with pytest.raises(PermissionDenied):
        city.report(by=getattr(city, who))
    assert not Ticket.objects.exists()


def test_the_it_contact_reports_for_a_colleague_and_both_stay_known(city):
    ticket = city.report(by=city.contact, reporter=city.colleague)
    assert (ticket.reporter, ticket.created_by) == (city.colleague, city.contact)


def test_a_teacher_does_not_report_in_the_name_of_a_colleague(city):
    with pytest.raises(PermissionDenied):
        city.report(by=city.teacher, reporter=city.colleague)


def test_a_room_of_another_school_is_refused(city):
    with pytest.raises(ValidationError):
        city.report(room=city.kant_room)
