"""Reports as a table: only what one sees, nothing a spreadsheet runs, and never unnoticed."""

import csv
import io

import pytest
from django.test import Client

from accounts.models import AccountEvent
from tests.city import MONDAY


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


def table(client, address="/tickets/export/", **asked):
    answer = client.post(address, asked)
    assert answer.status_code == 200 and answer.streaming
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_it_contact_takes_the_reports_of_the_own_school_along_and_that_is_kept(city, client):
    city.report(description="=SUMME(1;2) steht auf der Tafel")
    city.report(by=city.kant_teacher, school=city.kant, description="Nur im Kant-Gymnasium")
    city.report(by=city.colleague, confidential=True, description="Streng vertraulich")
    client.force_login(city.contact)
    answer = client.post("/tickets/export/")
    text = answer.getvalue().decode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="meldungen-2026-03-02-0900.csv"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert text.startswith("\ufeffNummer;gemeldet um;Schulnummer;Schule;Kategorie;")
    assert "'=SUMME(1;2)" in text
    assert "Kant" not in text
    assert "vertraulich" not in text.split("\r\n", 1)[1]
    assert city.teacher.name not in text
    event = AccountEvent.objects.get(verb="exported")
    assert (event.by, event.data) == (city.contact, {"what": "tickets", "rows": 1})


def test_a_row_says_what_the_list_says_and_names_nobody(city, client):
    ticket = city.report(confidential=True, description="Der Beamer summt")
    client.force_login(city.manager)
    assert table(client) == [
        {
            "Nummer": ticket.number,
            "gemeldet um": "2026-03-02 09:00",
            "Schulnummer": "100001",
            "Schule": "Bert-Brecht-Gymnasium",
            "Kategorie": "Bild, Ton, Tafel",
            "Ort": "A 204",
            "Titel": "Der Beamer summt",
            "vertraulich": "ja",
            "Dringlichkeit": "Mit Einschränkungen",
            "Zustand": "Neu",
            "fällig um": "2026-03-03 09:00",
        }
    ]


def test_a_search_narrows_the_table_and_its_words_are_not_kept(city, client):
    city.report(description="Der Beamer summt")
    city.report(description="Die Tastatur klemmt")
    client.force_login(city.manager)
    assert [row["Titel"] for row in table(client, q="Beamer", status="open")] == ["Der Beamer summt"]
    event = AccountEvent.objects.get(verb="exported")
    assert event.data == {"what": "tickets", "rows": 1, "asked": {"q": True, "status": "open"}}


def test_the_button_asks_for_what_the_page_shows(city, client):
    city.report(description="Der Beamer summt")
    client.force_login(city.manager)
    page = client.get("/tickets/?q=Beamer&status=open&school=100001").content.decode()
    form = page[page.index('action="/tickets/export/"') :]
    for name, value in (("q", "Beamer"), ("status", "open"), ("school", "100001")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in form


def test_it_takes_a_token(city):
    client = Client(enforce_csrf_checks=True)
    client.force_login(city.manager)
    assert client.post("/tickets/export/").status_code == 403
    assert client.get("/tickets/export/").status_code == 405
    assert not AccountEvent.objects.filter(verb="exported").exists()
