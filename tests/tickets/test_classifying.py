"""What happens to a report that was filed under the wrong category."""

import pytest

from notifications.models import OutboxMessage
from tests.city import MONDAY, berlin
from tickets.commands import finish, work
from tickets.models import Category, Ticket
from tickets.ticket_page import TicketPage

LATER = berlin(2026, 3, 2, 10)


@pytest.fixture
def security(db):
    return Category.objects.get(slug="security")


def test_what_turns_out_to_be_phishing_becomes_confidential_and_a_security_incident(city, security):
    ticket = work.classify(ticket=city.report(), category=security, by=city.manager, at=LATER)
    assert ticket.confidential and ticket.kind == Ticket.Kind.SECURITY
    assert not Ticket.objects.visible_to(city.viewer(city.contact)).exists()
    assert TicketPage(ticket, city.viewer(city.manager)).history[0].details.endswith("Jetzt vertraulich.")


def test_it_stays_confidential_when_it_was_no_phishing_after_all(city, security):
    ticket = work.classify(ticket=city.report(), category=security, by=city.manager, at=LATER)
    ticket = work.classify(ticket=ticket, category=city.network, by=city.manager, at=LATER)
    assert ticket.confidential and ticket.kind == Ticket.Kind.INCIDENT


def test_a_long_history_of_classifying_takes_one_statement_for_all_categories(city, django_assert_max_num_queries):
    ticket = city.report()
    for category in (city.network, city.display, city.network):
        ticket = work.classify(ticket=ticket, category=category, by=city.manager, at=LATER)
    page = TicketPage(ticket, city.viewer(city.manager))
    with django_assert_max_num_queries(2):
        assert len(page.history) == 4


def test_a_report_that_comes_back_is_told_to_the_manager_whoever_had_solved_it(city):
    ticket = city.report()
    ticket = finish.resolve(ticket=ticket, solution="Neu gestartet", cause="restart", by=city.helpdesk, at=LATER)
    OutboxMessage.objects.all().delete()
    finish.reopen(ticket=ticket, by=city.teacher, at=LATER)
    assert list(OutboxMessage.objects.notices().values_list("recipient", "kind")) == [(city.manager.pk, "reopened")]


def test_the_coordination_is_not_told_of_remarks_it_does_not_read(city):
    city.brecht.campus = None
    city.brecht.save()
    ticket = city.report()
    OutboxMessage.objects.all().delete()
    work.comment(ticket=ticket, text="Nur unter uns", internal=True, by=city.helpdesk, at=MONDAY)
    assert not OutboxMessage.objects.exists()
    work.comment(ticket=ticket, text="Wir kommen", by=city.helpdesk, at=MONDAY)
    assert city.coordinator.pk in OutboxMessage.objects.values_list("recipient", flat=True)
