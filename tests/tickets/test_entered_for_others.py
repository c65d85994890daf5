"""Who enters a confidential report for a colleague does not see it afterwards, and is told so."""

from tests.city import MONDAY
from tickets.models import Ticket


def test_the_it_contact_enters_a_confidential_report_for_a_colleague(city, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    client.force_login(city.contact)
    sent = {
        "school": city.brecht.number,
        "category": "security",
        "urgency": "hampered",
        "room": city.a204.pk,
        "reporter": city.colleague.public_id,
        "idempotency_key": "k1",
    }
    answer = client.post("/tickets/new/", sent, follow=True)
    assert answer.status_code == 200
    ticket = Ticket.objects.get()
    assert ticket.reporter == city.colleague
    assert ticket.number in answer.content.decode()
