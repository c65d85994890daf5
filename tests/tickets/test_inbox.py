"""The notices of one person: together by report, unread or not, leading where the person may go."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import delivery, outbox
from notifications.models import OutboxMessage
from notifications.topics import Topic
from tests.city import MONDAY, berlin
from tickets import letters
from tickets.commands import work

TEN = berlin(2026, 3, 2, 10)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)


@pytest.fixture
def ticket(city):
    """A report about which the reporter has been told three things."""
    ticket = city.report(title="Beamer bleibt dunkel")
    work.accept(ticket=ticket, by=city.manager, at=TEN)
    work.comment(ticket=ticket, text="Ich komme", by=city.manager, at=TEN)
    work.ask(ticket=ticket, text="Welcher?", by=city.manager, at=TEN)
    return ticket


def shown(client, person, address="/notices/"):
    client.force_login(person)
    return client.get(address).content.decode()


def remind(ticket, *people, kind="deadline_missed"):
    outbox.post(
        recipients=[person.pk for person in people],
        kind=kind,
        about=ticket.number,
        effect=kind,
        at=TEN,
        topic=Topic.REMINDERS,
        data={"clock": "first_response", "percent": 100},
    )


def test_what_happened_to_one_report_stands_together_the_latest_first(city, client, ticket):
    page = shown(client, city.teacher)
    assert page.count('<li class="item') == 1
    order = ["Eine Rückfrage an Sie", "Neue Nachricht", "Jemand kümmert sich um Ihre Meldung"]
    assert sorted(order, key=page.index) == order


def test_opening_a_notice_reads_all_about_the_report_and_leads_there(city, client, ticket):
    other = city.report()
    work.accept(ticket=other, by=city.manager, at=TEN)
    client.force_login(city.teacher)
    notice = OutboxMessage.objects.unread().filter(about=ticket.number, recipient=city.teacher).first()
    answer = client.post(f"/notices/{notice.pk}/opening/")
    assert (answer.status_code, answer.url) == (302, f"/tickets/{ticket.number}/")
    left = OutboxMessage.objects.unread().filter(recipient=city.teacher)
    assert list(left.values_list("about", flat=True)) == [other.number]
    page = shown(client, city.teacher, "/notices/?show=unread")
    assert other.number in page and ticket.number not in page
    assert client.get(f"/notices/{notice.pk}/opening/").status_code == 405


def test_nobody_opens_the_notice_of_somebody_else(city, client, ticket):
    notice = OutboxMessage.objects.unread().filter(recipient=city.teacher).first()
    client.force_login(city.manager)
    assert client.post(f"/notices/{notice.pk}/opening/").status_code == 404
    row = OutboxMessage.objects.filter(channel="email", recipient=city.manager).first()
    assert client.post(f"/notices/{row.pk}/opening/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_the_coordination_is_led_to_who_is_responsible(city, client, ticket):
    remind(ticket, city.coordinator)
    page = shown(client, city.coordinator)
    assert "Eine Frist ist abgelaufen" in page and "Beamer" not in page and "A 204" not in page
    notice = OutboxMessage.objects.unread().get(recipient=city.coordinator)
    answer = client.post(f"/notices/{notice.pk}/opening/")
    assert answer.url == "/campuses/responsibility/?school=100001"
    assert 'href="/campuses/responsibility/?school=100001"' in client.get("/notices/").content.decode()


def test_everything_the_clock_tells_has_words_and_an_icon(city, client, ticket):
    for kind in ("reminded", "deadline_missed", "reporter_reminded", "follow_up_due"):
        remind(ticket, city.manager, kind=kind)
    page = shown(client, city.manager)
    for words in (
        "Eine Frist rückt näher",
        "Eine Frist ist abgelaufen",
        "Eine Meldung wartet auf eine Antwort",
        "Heute endet die Wartezeit einer Meldung",
    ):
        assert words in page


def test_empty_places_say_what_is_next(city, client):
    assert "Es gibt keine Mitteilungen" in shown(client, city.stranger)
    page = shown(client, city.stranger, "/notices/?show=unread")
    assert "Sie haben alles gelesen" in page and 'href="/notices/"' in page


@pytest.mark.parametrize("who", ["teacher", "manager", "coordinator", "specialist"])
def test_many_notices_take_no_more_statements(city, client, who):
    person = getattr(city, who)

    def counted():
        with CaptureQueriesContext(connection) as statements:
            assert client.get("/notices/").status_code == 200
        return len(statements)

    client.force_login(person)
    client.get("/notices/")
    remind(city.report(), person, kind="first")
    few = counted()
    for number in range(20):
        remind(city.report(category=city.network), person, kind=f"k{number}")
    assert counted() <= max(few, 9)


class TestTheMailsOfTheDemo:
    def test_one_reads_ones_own_as_they_would_be_written(self, city, client, ticket):
        delivery.deliver_outbox(at=TEN, compose=letters.compose)
        page = shown(client, city.teacher, "/demo/mails/")
        assert f"[{ticket.number}] Eine Rückfrage an Sie: Beamer bleibt dunkel" in page
        assert "&gt; Welcher?" in page and "Gesendet" in page
        # Progress comes with the daily e-mail.
        assert "Neues zu 1 Meldung wartet auf eine E-Mail." in page
        assert f"[{ticket.number}] Jemand kümmert sich um Ihre Meldung: Beamer bleibt dunkel" in page
        assert "Welcher?" not in shown(client, city.colleague, "/demo/mails/")

    def test_what_people_typed_is_text_on_the_page(self, city, client):
        ticket = city.report(title="<b>Fett</b>")
        work.ask(ticket=ticket, text="<script>alert(1)</script>", by=city.manager, at=TEN)
        delivery.deliver_outbox(at=TEN, compose=letters.compose)
        page = shown(client, city.teacher, "/demo/mails/")
        assert "&gt; &lt;script&gt;alert(1)" in page and "<b>Fett" not in page and "<script>alert" not in page
        assert "&lt;h2 style=" in page and "<h2 style=" not in page

    def test_more_mails_take_no_more_statements(self, city, client):
        counts = []
        for _ in range(2):
            for _ in range(4):
                city.report()
            delivery.deliver_outbox(at=MONDAY, compose=letters.compose)
            client.force_login(city.manager)
            client.get("/demo/mails/")
            with CaptureQueriesContext(connection) as statements:
                page = client.get("/demo/mails/").content.decode()
            assert page.count("Gesendet") == 4 * len(counts) + 4
            counts.append(len(statements))
        assert counts[0] == counts[1] <= 12

    def test_outside_the_demo_there_is_no_such_page(self, city, client, settings):
        settings.DEMO = False
        client.force_login(city.teacher)
        assert client.get("/demo/mails/").status_code == 404
        assert "/demo/mails/" not in client.get("/notices/").content.decode()


def test_more_than_99_unread_notices_are_not_counted(client, city):
    def badge():
        page = shown(client, city.stranger, "/notices/")
        return re.search(r'<span class="count">([^<]*)</span>', page).group(1)

    def add(number):
        have = OutboxMessage.objects.count()
        OutboxMessage.objects.bulk_create(
            OutboxMessage(key=f"{have + n}", recipient=city.stranger, kind="resolved", about="DO-1", created_at=MONDAY)
            for n in range(number)
        )

    add(99)
    assert badge() == "99"
    add(200)
    assert badge() == "99+"
