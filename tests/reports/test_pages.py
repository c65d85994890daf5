"""The page of a school's figures, and the table one takes along: no persons, and nothing a spreadsheet runs."""

import re
from datetime import timedelta
from html import unescape

import pytest

from accounts.models import AccountEvent
from reports.keeping import keep_figures
from reports.models import StaleMonth
from schools.models import Room
from tests.reports.twenty import NOW, twenty_kept

pytestmark = pytest.mark.django_db
PAGE, TABLE = "/schools/100001/statistics/", "/schools/100001/statistics/export/"


@pytest.fixture
def head(city, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    city.head.language = "de"
    city.head.save()
    client.force_login(city.head)
    return client


def words(answer):
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_the_page_tells_four_numbers_and_names_nobody(city, head):
    twenty_kept(city)
    text = words(head.get(PAGE))
    assert "Gemeldet 17" in text and "Gelöst 14 von 17 2 sind noch offen, 1 ohne Lösung beendet" in text
    assert "Übliche Lösungszeit 3 Std. 30 Min." in text and "Frist eingehalten 87 %" in text
    told = text[text.index("Bert-Brecht-Gymnasium Auswertung") : text.index("Die Auswertung nennt keine Personen")]
    for person in city.everybody.values():
        assert person.name not in told


def test_a_new_report_changes_the_page_as_soon_as_it_is_counted(city, head):
    twenty_kept(city)
    assert "Stand: heute, 12:00 Uhr" in words(head.get(PAGE))
    city.report(at=NOW)
    StaleMonth.objects.update(marked_at=NOW - timedelta(minutes=2))
    page = words(head.get(PAGE))
    assert "Gemeldet 17" in page and "Stand: heute, 11:58 Uhr" in page  # nothing after this is in it
    keep_figures(at=NOW)
    page = words(head.get(PAGE))
    assert "Gemeldet 18" in page and "Stand: heute, 12:00 Uhr" in page


def test_a_school_whose_figures_were_never_counted_says_so(city, head):
    city.report(at=NOW)
    page = words(head.get(PAGE))
    assert "zum ersten Mal gezählt" in page and "nichts gemeldet" not in page
    keep_figures(at=NOW)
    assert "zum ersten Mal gezählt" not in words(head.get(PAGE))


def test_a_confidential_report_is_in_no_figure(city, head):
    twenty_kept(city)
    before = words(head.get(PAGE))
    city.report(at=NOW, confidential=True)
    keep_figures(at=NOW)
    assert words(head.get(PAGE)) == before


def test_a_period_without_reports_helps_on(city, head):
    assert "In diesem Zeitraum wurde nichts gemeldet" in words(head.get(PAGE))


def test_the_drawing_has_no_style_and_its_numbers_read_as_svg(city, head):
    twenty_kept(city)
    page = head.get(PAGE).content.decode()
    drawings = "".join(re.findall(r"<svg.*?</svg>", page, flags=re.S))
    assert "style=" not in drawings and 'role="img"' in drawings
    assert not re.search(r'(?:\bd|x|y|width)="[^"]*\d,\d', drawings)  # no comma of the German language


def test_the_table_holds_the_same_figures_and_that_it_was_taken_is_kept(city, head):
    room = Room.objects.get(pk=city.a204.pk)
    room.name = "=1+1"
    room.save()
    twenty_kept(city)
    answer = head.post(TABLE, {"period": "2025-2026-1"})
    lines = b"".join(answer.streaming_content).decode().removeprefix("\ufeff").split("\r\n")
    assert 'filename="auswertung-100001-2025-2026-1-2' in answer.headers["Content-Disposition"]
    assert lines[1] == "Zeitraum;1. Halbjahr 2025/26;17;14;2;43;120;210;567;93;87;;"
    assert "Monat;Oktober 2025;6;6;0;;;;;;;;" in lines
    assert any(line.startswith("Raum;'=1+1;6;") for line in lines)
    event = AccountEvent.objects.get(verb="exported")
    asked = {"school": "100001", "period": "2025-2026-1"}
    assert (event.by, event.data) == (city.head, {"what": "statistics", "rows": len(lines) - 2, "asked": asked})


def test_the_page_is_one_step_away_for_the_head(city, head):
    assert PAGE in head.get("/tickets/").content.decode()
    assert PAGE in head.get("/schools/100001/").content.decode()
    head.force_login(city.teacher)
    assert PAGE not in head.get("/schools/100001/").content.decode()
