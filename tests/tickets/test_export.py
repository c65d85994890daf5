"""Reports as a table: only what one sees, nothing a spreadsheet runs, and never unnoticed."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountEvent
from tests.city import MONDAY
from tickets.models import Ticket


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
    assert text.startswith("\ufeffNummer;Gemeldet um;Schulnummer;Schule;Kategorie;")
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
            "Gemeldet um": "2026-03-02 09:00",
            "Schulnummer": "100001",
            "Schule": "Bert-Brecht-Gymnasium",
            "Kategorie": "Bild, Ton, Tafel",
            "Ort": "A 204",
            "Titel": "Der Beamer summt",
            "Vertraulich": "ja",
            "Dringlichkeit": "Mit Einschränkungen",
            "Zustand": "Neu",
            "Fällig um": "2026-03-03 09:00",
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


def many(city, number):
    """Add very many reports, without anything around them."""
    facts = {
        "series": "DO-2026",
        "school": city.brecht,
        "campus": city.kirchlinde,
        "category": city.network,
        "reporter": city.teacher,
        "created_by": city.teacher,
        "impact": "class",
        "urgency": "hampered",
        "priority": "normal",
        "created_at": MONDAY,
        "changed_at": MONDAY,
    }
    rooms = (city.a204, city.b112, None)
    Ticket.objects.bulk_create(
        (Ticket(**facts, room=rooms[n % 3], place="Aula", title=f"Störung {n}") for n in range(number)),
        batch_size=1000,
    )


def test_three_thousand_rows_are_a_statement_a_thousand_and_are_not_read_before_they_are_taken(city, client):
    many(city, 3100)
    client.force_login(city.manager)
    with CaptureQueriesContext(connection) as captured:
        stream = iter(client.post("/tickets/export/"))
        so_far = len(captured)
        parts = []
        for part in stream:
            read = [
                query for query in captured.captured_queries[so_far:] if '"tickets_ticket"."title"' in query["sql"]
            ]
            parts.append((len(read), part.count(b"\r\n")))
    # The headings, and each statement when its thousand is taken; nothing else is asked meanwhile, and the turn ends.
    assert parts == [(0, 1), (1, 1000), (2, 1000), (3, 1000), (4, 100)]
    assert len(captured.captured_queries) == so_far + 4 + 1
    assert AccountEvent.objects.get(verb="exported").data == {"what": "tickets", "rows": 3100}


@pytest.mark.parametrize(
    "who, address",
    [
        ("manager", "/queue/export/"),
        ("specialist", "/triage/export/"),
        ("coordinator", "/campuses/responsibility/export/"),
        ("manager", "/notices/export/"),
    ],
)
def test_no_list_asks_the_database_about_a_row(city, client, who, address):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            rows = table(client, address, view="all")
        return len(captured), len(rows)

    client.force_login(getattr(city, who))
    client.get("/account/")
    city.escalated(description="eine")
    city.report()
    few, rows = statements()
    assert rows
    for number in range(12):
        room = (city.a204, city.b112)[number % 2]
        city.escalated(by=city.manager, room=room) if number % 2 else city.report(by=city.colleague, room=room)
    many_, more = statements()
    assert more > rows + 5
    assert many_ == few
