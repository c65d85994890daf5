"""The page a school head begins with: four numbers, what is open, and who does what next."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.keeping import keep_figures
from schools.models import SchoolMembership
from tests.city import MONDAY, SINCE, berlin
from tests.reports.twenty import NOW, twenty_kept
from tickets.commands import escalate, work
from tickets.whats_next import whats_next

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch):
    def clocks_show(instant):
        monkeypatch.setattr("django.utils.timezone.now", lambda: instant)

    clocks_show(NOW)
    return clocks_show


@pytest.fixture
def head(city, client, at):
    city.head.language = "de"
    city.head.save()
    client.force_login(city.head)
    return client


def words(answer):
    page = answer.content.decode()
    text = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def headed(city, school):
    SchoolMembership.objects.create(person=city.head, school=school, role="head", starts_on=SINCE)


def test_a_head_begins_with_the_overview(city, head):
    assert head.get("/").url == "/overview/"
    assert head.get("/start/head/").url == "/overview/"


def test_somebody_with_an_earlier_role_begins_there_and_finds_the_overview_by_the_role(city, client, at):
    SchoolMembership.objects.create(person=city.manager, school=city.brecht, role="head", starts_on=SINCE)
    client.force_login(city.manager)
    assert client.get("/").url == "/queue/"
    assert client.get("/start/head/", follow=True).status_code == 200


def test_four_numbers_say_how_the_school_is_served(city, head):
    twenty_kept(city)
    text = words(head.get("/overview/"))
    assert "Gemeldet 17" in text and "Jetzt offen 2 1 über der Frist" in text
    assert "Übliche Lösungszeit 3 Std. 30 Min." in text and "Frist eingehalten 87 %" in text


def test_a_year_later_the_numbers_stand_beside_those_of_the_year_before(city, head, at):
    twenty_kept(city)
    at(berlin(2026, 9, 1, 9))
    head.force_login(city.head)  # the session of last year is over
    text = words(head.get("/overview/"))
    assert "Gemeldet 0 Schuljahr 2025/26: 17" in text
    assert "Übliche Lösungszeit – Noch zu wenige Meldungen Schuljahr 2025/26: 3 Std. 30 Min." in text
    assert "Frist eingehalten – Noch zu wenige Meldungen Schuljahr 2025/26: 87 %" in text


def test_of_few_reports_no_time_and_no_share_is_told(city, head):
    for hour in (8, 9, 10, 11):
        ticket = city.report(at=berlin(2025, 11, 24, hour))
        work.accept(ticket=ticket, by=city.manager, at=berlin(2025, 11, 24, hour, 30))
    keep_figures(at=NOW)
    text = words(head.get("/overview/"))
    assert "Gemeldet 4" in text and text.count("Noch zu wenige Meldungen") == 2
    assert "Schuljahr 2024/25" not in text


def test_each_number_leads_to_what_it_is_made_of(city, head):
    page = head.get("/overview/").content.decode()
    assert re.findall(r'<a class="card figure figure--link" href="([^"]+)"', page) == [
        "/schools/100001/statistics/#months",
        "#open",
        "/schools/100001/statistics/#speed",
        "/schools/100001/statistics/#compared",
    ]


def test_an_open_report_says_its_state_its_deadline_and_who_does_what_next(city, head):
    ticket = city.report(at=NOW - timedelta(hours=1), description="Der Beamer bleibt dunkel")
    work.accept(ticket=ticket, by=city.manager, at=NOW)
    text = words(head.get("/overview/"))
    assert "Der Beamer bleibt dunkel" in text and "In Arbeit" in text
    assert "Nächster Schritt: Mona Mobil arbeitet daran." in text
    assert "Lösung: Do., 4. Dezember" in text


def test_while_an_answer_is_awaited_the_deadline_rests(city, head):
    work.ask(ticket=city.report(at=NOW), text="Welches Gerät?", by=city.manager, at=NOW)
    text = words(head.get("/overview/"))
    assert "Die meldende Person beantwortet eine Rückfrage." in text and "Die Frist ruht so lange" in text


def test_nothing_open_leads_on(city, head):
    text = words(head.get("/overview/"))
    assert "Jetzt offen 0 Keine Meldung wartet" in text
    assert "Für diese Schule ist nichts offen" in text


def test_confidential_reports_are_neither_listed_nor_counted(city, head):
    city.report(at=NOW, confidential=True, description="Geheime Kormorane")
    keep_figures(at=NOW)
    text = words(head.get("/overview/"))
    assert "Kormorane" not in text and "Jetzt offen 0" in text and "Gemeldet 0" in text


def test_the_open_reports_stand_in_the_order_of_the_deadlines_one_reads(city, head):
    """The new one owes its first response sooner than the taken one its solution, but that nobody reads."""
    taken = city.report(at=NOW - timedelta(hours=3), description="Der Beamer bleibt dunkel")
    work.accept(ticket=taken, by=city.manager, at=NOW)
    city.report(at=NOW, description="Das WLAN ist weg")
    asked = city.report(at=NOW - timedelta(hours=4), description="Der Ton fehlt")
    work.ask(ticket=asked, text="Welcher?", by=city.manager, at=NOW)
    text = words(head.get("/overview/"))
    assert text.index("Der Beamer") < text.index("Das WLAN") < text.index("Der Ton")


def test_the_next_due_come_first_and_the_rest_is_one_step_away(city, head):
    for number in range(12):
        city.report(at=NOW - timedelta(hours=number), description=f"Meldung Nummer {number}")
    answer = head.get("/overview/")
    text = words(answer)
    assert "Offene Meldungen 12" in text and "2 weitere anzeigen" in text
    assert "Meldung Nummer 11" in text and "Meldung Nummer 1 " not in text
    assert "/tickets/?school=100001&amp;status=open" in answer.content.decode()


def test_a_head_of_two_schools_changes_between_them_and_sees_where_something_is_open(city, head):
    headed(city, city.widey)
    city.report(at=NOW, by=city.manager, school=city.widey, description="Widey ist dunkel")
    text = words(head.get("/overview/"))
    assert "Bert-Brecht-Gymnasium 0 offen Widey-Grundschule 1 offen" in text and "Widey ist dunkel" not in text
    assert "Widey ist dunkel" in words(head.get("/overview/?school=100002"))
    assert head.get("/overview/?school=100003").status_code == 404


def test_two_schools_take_no_more_statements_than_one(city, head, django_assert_num_queries):
    twenty_kept(city)
    head.get("/overview/")
    with CaptureQueriesContext(connection) as one:
        head.get("/overview/")
    headed(city, city.widey)
    with django_assert_num_queries(len(one)):
        head.get("/overview/")


def test_who_heads_no_school_has_no_overview(city, client, at):
    client.force_login(city.contact)
    assert client.get("/overview/").status_code == 403
    assert "/overview/" not in client.get("/tickets/").content.decode()


class TestWhatsNext:
    def said(self, city, ticket, person=None):
        return whats_next(ticket, city.viewer(person or city.head))

    def test_a_new_report_is_taken_over_by_whoever_is_on_duty(self, city):
        assert self.said(city, city.report()) == "Mona Mobil übernimmt."

    def test_where_nobody_is_on_duty_the_coordination_helps(self, city):
        ticket = city.report()
        city.away(city.manager)
        assert self.said(city, ticket) == "Die Koordination sorgt für Vertretung."

    def test_handed_over_it_is_named_by_its_team(self, city):
        ticket = city.escalated()
        assert self.said(city, ticket) == "Das Systemhaus übernimmt: Netz & WLAN."
        ticket = escalate.accept_escalation(ticket=ticket, by=city.specialist, at=MONDAY)
        assert self.said(city, ticket) == "Das Systemhaus arbeitet daran: Siri Switch."

    def test_a_third_party_is_waited_for_until_a_day(self, city):
        ticket = work.accept(ticket=city.report(), by=city.manager, at=MONDAY)
        day = (MONDAY + timedelta(days=9)).date()
        ticket = work.wait(ticket=ticket, party="Dokom", until=day, by=city.manager, at=MONDAY)
        assert self.said(city, ticket) == "Wartet auf Dokom bis 11.03.2026."

    def test_who_is_asked_reads_that_it_is_up_to_them(self, city):
        ticket = work.ask(ticket=city.report(), text="Welches?", by=city.manager, at=MONDAY)
        assert self.said(city, ticket, city.teacher) == "Sie beantworten die Rückfrage."
        assert self.said(city, ticket) == "Die meldende Person beantwortet eine Rückfrage."
