"""The figures of a school on paper: one tagged page whatever the data, the figures of the page, and nobody's name."""

import re
from io import BytesIO

import pytest
from django.utils.translation import override
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from accounts.models import AccountEvent
from foundation import press, typesetting
from foundation.typesetting import TypesettingFailed, check_fonts, typeset
from reports.keeping import keep_figures
from reports.paper import MOST_GROUPS, SOURCE, paper_of, shortened, words_of
from reports.statistics import Group, Statistics
from tests.reports.papers import END, LONGEST, crowded
from tests.reports.twenty import NOW, twenty_kept

PAPER = "/schools/100001/statistics/paper/"
STRANGE = ["#show: it => none", "*a* _b_ $x^2$", "\\ ] [ `c` <d> @e", "/* f */ // g", "מחשב 3", "حاسوب", "Labor 😀"]


def statistics_of(city, at=NOW, period=""):
    city.brecht.refresh_from_db()
    return Statistics(city.viewer(city.head, at), city.brecht, period)


class Paper:
    """What a reader, and a program that reads aloud, find in a PDF."""

    def __init__(self, content):
        self.pdf = PdfReader(BytesIO(content))
        self.root = self.pdf.trailer["/Root"]

    @property
    def text(self):
        return " ".join(" ".join(page.extract_text() for page in self.pdf.pages).split())

    @property
    def tags(self):
        """Every element of the tag tree, in the order of reading, with its attributes."""
        found = []

        def walk(element):
            element = element.get_object() if isinstance(element, IndirectObject) else element
            if isinstance(element, list):
                for child in element:
                    walk(child)
            elif isinstance(element, dict) and ("/S" in element or "/K" in element):
                if "/S" in element:
                    found.append((element["/S"].lstrip("/"), element))
                walk(element.get("/K", []))

        walk(self.root["/StructTreeRoot"]["/K"])
        return found

    def tagged(self, name):
        return [element for tag, element in self.tags if tag == name]


@pytest.fixture
def printed(city, db):
    """Print the figures of the city's first school."""

    def paper(language="de", **where):
        with override(language):
            return Paper(paper_of(statistics_of(city, **where), where.get("at", NOW)))

    return paper


@pytest.fixture
def head(city, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    city.head.language = "de"
    city.head.save()
    client.force_login(city.head)
    return client


class TestPage:
    def test_the_page_is_tagged_as_pdf_ua_asks(self, city, printed):
        twenty_kept(city)
        paper = printed()
        assert paper.root["/Lang"] == "de"
        assert paper.root["/MarkInfo"]["/Marked"]
        assert paper.root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert paper.pdf.metadata.title == "Auswertung: Bert-Brecht-Gymnasium, Schuljahr 2025/26 (bis heute)"
        metadata = paper.root["/Metadata"].get_data().decode()
        assert re.search(r"pdfuaid:part(>|=\")1", metadata)

    def test_headings_tables_and_the_drawing_are_what_they_look_like(self, city, printed):
        twenty_kept(city)
        paper = printed()
        assert [tag for tag, _ in paper.tags if tag in ("H1", "H2")] == ["H1"] + ["H2"] * 6
        assert len(paper.tagged("Table")) == 4
        assert len(paper.tagged("TH")) >= 15
        assert all(
            dict(element["/A"][0] if isinstance(element["/A"], list) else element["/A"])["/Scope"]
            for element in paper.tagged("TH")
        )
        assert [figure["/Alt"] for figure in paper.tagged("Figure")] == [
            "Meldungen pro Monat: 17 Meldungen, 14 davon gelöst. Alle Werte stehen in der Tabelle darunter."
        ]

    def test_it_tells_the_figures_of_the_page_and_names_nobody(self, city, printed):
        twenty_kept(city)
        text = printed().text
        for told in ("Bert-Brecht-Gymnasium", "Schuljahr 2025/26 (bis heute)", "Stand: 01.12.2025, 12:00 Uhr"):
            assert told in text
        for told in ("Gemeldet 17", "14 von 17", "3 Std. 30 Min.", "87 %", "Oktober 2025 6 6 0 0", "A 204 6"):
            assert told in text, told
        assert "Die Auswertung nennt keine Personen" in text and "OpenStreetMap-Mitwirkende" in text
        for person in city.everybody.values():
            assert person.name not in text

    def test_it_speaks_english_too(self, city, printed):
        twenty_kept(city)
        paper = printed("en")
        assert paper.root["/Lang"] == "en"
        assert "Statistics" in paper.text and "14 of 17" in paper.text and "Month by month" in paper.text

    def test_of_few_reports_it_tells_counts_only(self, city, printed):
        for _number in range(3):
            city.report(at=NOW)
        keep_figures(at=NOW)
        paper = printed()
        assert "Gemeldet 3" in paper.text and paper.text.count("Keine Angabe bei kleinen Zahlen") == 2
        assert "Genannt wird, was mindestens fünfmal gemeldet wurde." in paper.text and "A 204" not in paper.text

    def test_before_the_first_count_it_says_so_instead_of_zeros(self, city, printed):
        city.report(at=NOW)
        assert "werden zum ersten Mal gezählt" in printed().text

    def test_a_period_without_reports_is_a_page_that_says_so(self, city, printed):
        paper = printed()
        assert len(paper.pdf.pages) == 1 and "In diesem Zeitraum wurde nichts gemeldet" in paper.text

    @pytest.mark.parametrize("language", ["de", "en"])
    @pytest.mark.parametrize("period", ["", "2025-2026-2", "2026-03"])
    def test_it_is_one_page_whatever_there_is_to_tell(self, language, period, city, printed):
        crowded(city)
        paper = printed(language, at=END, period=period)
        assert len(paper.pdf.pages) == 1
        assert "OpenHolidays, ODbL" in paper.text  # the last words stand on it
        assert LONGEST in paper.text.replace("- ", "-")

    def test_every_number_of_the_crowd_is_on_it(self, city, printed):
        crowded(city)
        text = printed(at=END).text
        with override("de"):
            words = words_of(statistics_of(city, END))
        for row in (*words["months"]["rows"], words["months"]["total"], *words["compared"]["rows"]):
            assert " ".join(" ".join(row).split()) in text, row
        for row in (*words["kinds"]["rows"], *words["rooms"]["rows"]):
            assert f"{row[1]} {' '.join(row[3].split())}" in text, row


def test_beyond_the_most_frequent_the_others_are_counted_together():
    groups = [Group(f"R {number}", 100 - number) for number in range(60)] + [Group("", 3)]
    shown = shortened(groups)
    assert len(shown) == MOST_GROUPS
    assert shown[:-1] == groups[: MOST_GROUPS - 1]
    assert sum(group.number for group in shown) == sum(group.number for group in groups) and not shown[-1].name
    assert shortened(groups[:3]) == groups[:3]


class TestNames:
    """Names are words, whatever they are made of."""

    @pytest.fixture
    def words(self, city, db):
        twenty_kept(city)
        with override("de"):
            return words_of(statistics_of(city))

    @pytest.mark.parametrize("name", STRANGE)
    def test_what_looks_like_markup_or_comes_from_elsewhere_comes_out_as_text(self, name, words):
        words["rooms"]["rows"] = [[name, "5", 1, "–"]]
        words["school"] = name
        paper = Paper(typeset(SOURCE, words, at=NOW))
        text = "".join(paper.text.split())
        for word in name.split():
            assert word in text or word[::-1] in text, paper.text  # read in either direction

    def test_letters_no_typeface_has_become_boxes_and_the_page_is_printed_all_the_same(self, words):
        words["rooms"]["rows"] = [["情報 Raum 7 \U0001f9ff", "5", 1, "–"]]
        paper = Paper(typeset(SOURCE, words, at=NOW))
        assert len(paper.pdf.pages) == 1 and "□□ Raum 7" in paper.text

    def test_our_own_letters_need_no_box(self, words):
        for first in range(0, len(ours := [chr(n) for n in range(32, 0x2100) if not press.FOREIGN.match(chr(n))]), 40):
            words["rooms"]["rows"] = [["".join(ours[first : first + 40]), "5", 1, "–"]]
            words["printed"] = ours[first]
            assert "□" not in Paper(typeset(SOURCE, words, at=NOW)).text


class TestDoor:
    def test_the_page_offers_it_for_the_period_it_shows(self, city, head):
        twenty_kept(city)
        page = head.get("/schools/100001/statistics/?period=2025-2026-1").content.decode()
        assert f'formaction="{PAPER}"' in page and 'name="period" value="2025-2026-1"' in page

    def test_it_is_handed_out_once_and_kept_nowhere_but_in_the_record(self, city, head):
        twenty_kept(city)
        answer = head.post(PAPER, {"period": "2025-2026-1"})
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="auswertung-100001-2025-2026-1.pdf"'
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "1. Halbjahr 2025/26" in Paper(answer.content).text
        event = AccountEvent.objects.get(verb="exported")
        asked = {"school": "100001", "period": "2025-2026-1"}
        assert (event.by, event.data) == (city.head, {"what": "statistics-paper", "asked": asked})

    def test_a_period_there_is_not_is_not_found(self, city, head):
        assert head.post(PAPER, {"period": "2031-2032"}).status_code == 404

    def test_when_the_press_stands_still_the_page_says_so_and_nothing_is_recorded(
        self, city, head, monkeypatch, caplog
    ):
        twenty_kept(city)
        monkeypatch.setattr(typesetting, "SECONDS", 0.001)
        answer = head.post(PAPER, {"period": "2025-2026-1"}, follow=True)
        assert answer.redirect_chain == [("/schools/100001/statistics/?period=2025-2026-1", 302)]
        assert "Das PDF konnte gerade nicht erstellt werden" in answer.content.decode()
        assert "the press took too long" in caplog.text
        assert not AccountEvent.objects.filter(verb="exported").exists()


class TestPress:
    def test_what_is_wrong_with_a_template_is_said_and_not_logged(self, tmp_path):
        (tmp_path / "wrong.typ").write_text('#panic("Tilda Tafel")')
        with pytest.raises(TypesettingFailed) as raised:
            typeset(tmp_path / "wrong.typ", {}, at=NOW)
        assert "Tilda Tafel" in raised.value.diagnosis and "Tilda" not in str(raised.value)

    def test_a_document_may_take_so_much_memory_and_no_more(self, tmp_path):
        (tmp_path / "greedy.typ").write_text("#let pile = range(100000000).map(str)\n#pile.len()")
        with pytest.raises(TypesettingFailed):
            typeset(tmp_path / "greedy.typ", {}, at=NOW)

    def test_a_template_reads_nothing_beside_itself(self, tmp_path):
        (tmp_path / "secret.txt").write_text("geheim")
        (inner := tmp_path / "inner").mkdir()
        (inner / "curious.typ").write_text('#read("../secret.txt")')
        with pytest.raises(TypesettingFailed):
            typeset(inner / "curious.typ", {}, at=NOW)

    def test_a_missing_typeface_is_told_before_anybody_prints(self, settings, tmp_path):
        assert check_fonts(None) == []
        settings.NPM_ROOT = tmp_path
        assert {error.id for error in check_fonts(None)} == {"foundation.E002"}
