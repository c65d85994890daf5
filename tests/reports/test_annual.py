"""The tables of the annual report: counted today, as printed, and what does not add up."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccountEvent
from devices.models import Device
from reports.annual.models import ImportedFigure
from reports.annual.sheets import COMPUTERS, NETWORK, PRESENTATION, SHEETS, SUPPORT
from reports.annual.sums import misfits
from reports.annual.tables import AnnualTable
from schools.models import School, TechnicalProfile
from tests.city import MONDAY

pytestmark = pytest.mark.django_db
PRINTED = Path(__file__).parents[2] / "reports" / "data" / "annual_report_2023.csv"


@pytest.fixture
def reader(city, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    city.city_reader.language = "de"
    city.city_reader.save()
    client.force_login(city.city_reader)
    return client


@pytest.fixture
def printed():
    call_command("import_figures", PRINTED, verbosity=0)


def table(city, sheet):
    return AnnualTable(city.viewer(city.city_reader), sheet)


def counted(city, sheet):
    """Return what is counted, by row and column, without zeros."""
    rows = table(city, sheet).rows
    return {(row.key, cell.column.key): cell.own for row in rows for cell in row.cells if cell.own}


def words(answer):
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def device(school, kind, number):
    return Device.objects.create(code=f"D-{number}", kind=kind, school=school)


def test_support_types_are_counted_by_school_form(city):
    School.objects.filter(pk=city.widey.pk).update(support_type="on_site")
    assert counted(city, SUPPORT) == {
        ("gymnasium", "full"): 2,
        ("gymnasium", "sum"): 2,
        ("grundschule", "on_site"): 1,
        ("grundschule", "sum"): 1,
        ("sum", "full"): 2,
        ("sum", "on_site"): 1,
        ("sum", "sum"): 3,
    }


def test_a_school_that_is_closed_counts_no_more(city):
    School.objects.filter(pk=city.kant.pk).update(closes_on="2026-02-28")
    assert counted(city, SUPPORT)["gymnasium", "full"] == 1


def test_networks_are_counted_where_something_is_entered(city):
    TechnicalProfile.objects.filter(school=city.brecht).update(lan="complete", wlan="partial")
    TechnicalProfile.objects.create(school=city.widey, lan="partial")
    assert counted(city, NETWORK) == {
        ("gymnasium", "lan-complete"): 1,
        ("gymnasium", "wlan-partial"): 1,
        ("grundschule", "lan-partial"): 1,
        ("sum", "lan-complete"): 1,
        ("sum", "lan-partial"): 1,
        ("sum", "wlan-partial"): 1,
    }


def test_devices_are_counted_and_none_is_invented(city):
    kind = Device.Kind
    for number, (school, what) in enumerate(
        [(city.brecht, kind.DESKTOP), (city.brecht, kind.LAPTOP), (city.widey, kind.LAPTOP), (city.kant, kind.TABLET)]
    ):
        device(school, what, number)
    assert counted(city, COMPUTERS)["gymnasium", "sum"] == 2
    assert counted(city, COMPUTERS)["sum", "laptop"] == 2
    shown = table(city, PRESENTATION)  # no presentation device is entered: that is not known to be zero
    assert [cell.own for cell in shown.rows[0].cells] == [None, None, None]
    assert [column.key for column in shown.nothing_entered] == ["number"]


def test_each_figure_is_the_sum_of_the_schools_behind_it(city):
    for number in range(7):
        device((city.brecht, city.brecht, city.kant, city.widey)[number % 4], Device.Kind.DESKTOP, number)
    for sheet in SHEETS.values():
        shown = table(city, sheet)
        for row in shown.rows:
            for cell in row.cells:
                if cell.own is not None:
                    assert sum(line.number for line in shown.behind(row.key, cell.column)) == cell.own


def test_a_figure_opens_to_its_schools(city, reader):
    text = words(reader.get("/reports/annual/14/gymnasium/full/"))
    assert "Bert-Brecht-Gymnasium" in text and "Immanuel-Kant-Gymnasium" in text and "Widey" not in text
    assert 'href="/schools/100001/"' in reader.get("/reports/annual/14/gymnasium/full/").content.decode()
    assert reader.get("/reports/annual/9/sum/before/").status_code == 404


def test_printed_figures_stand_beside_ours_with_source_and_date(city, reader, printed):
    text = words(reader.get("/reports/annual/14/"))
    assert "gedruckt: 143 (−140)" in text
    assert "31.12.2023" in text and "Jahresbericht Medienentwicklungsplan 2023, Abb. 14" in text
    opened = words(reader.get("/reports/annual/14/sum/full/"))
    assert "Abb. 14 143 Stand 31.12.2023" in opened


def test_what_is_printed_and_does_not_add_up_is_flagged(city, reader, printed):
    assert "Veränderung in einem Jahr, Summe: gedruckt ist 9.156, aber 3.880 + 1.396 ergeben 5.276." in words(
        reader.get("/reports/annual/11/")
    )
    text = words(reader.get("/reports/annual/8/"))
    assert "Gymnasium: 16 mit WLAN, aber nur 14 mit LAN." in text
    assert "154 Schulen" in text and "169 Standorte" in text and "155 Schulen" in text
    for key in ("9", "14"):
        assert not table(city, SHEETS[key]).misfits


def test_sums_are_asked_only_of_what_is_printed():
    assert misfits(SUPPORT, {("sum", "full"): 5}) == []
    assert misfits(SUPPORT, {("sum", "full"): 5, ("gymnasium", "full"): 5}) == []
    printed = {("gymnasium", "before"): 2, ("gymnasium", "number"): 5, ("gymnasium", "rollouts"): 4}
    (found,) = misfits(PRESENTATION, printed)
    assert (found.row, found.printed, found.computed) == ("gymnasium", 4, 3)


def test_the_table_can_be_taken_along_and_that_is_kept(city, reader, printed):
    answer = reader.post("/reports/annual/14/export/")
    lines = b"".join(answer.streaming_content).decode().removeprefix("\ufeff").split("\r\n")
    assert lines[0] == "Schulform;Spalte;Gezählt am 2026-03-02;Gedruckt;Abweichung;Stand;Quelle"
    source = "2023-12-31;Stadt Dortmund, Jahresbericht Medienentwicklungsplan 2023, Abb. 14"
    assert f"Gymnasium;Vollsupport;2;14;-12;{source}" in lines
    event = AccountEvent.objects.get(verb="exported")
    assert (event.by, event.data) == (
        city.city_reader,
        {"what": "annual table", "rows": len(lines) - 2, "asked": {"table": "14"}},
    )


class TestImport:
    def run(self, capsys, *arguments):
        call_command("import_figures", *arguments)
        return capsys.readouterr().out

    def test_twice_changes_nothing(self, capsys):
        first = self.run(capsys, PRINTED)
        assert "112 neu, 0 geändert, 0 unverändert, 0 abgelehnt" in first
        before = list(ImportedFigure.objects.order_by("pk").values_list())
        assert "0 neu, 0 geändert, 112 unverändert" in self.run(capsys, PRINTED)
        assert list(ImportedFigure.objects.order_by("pk").values_list()) == before

    def test_a_trial_run_stores_nothing(self, capsys):
        assert "112 neu" in self.run(capsys, PRINTED, "--dry-run")
        assert not ImportedFigure.objects.exists()

    def test_each_row_is_told_what_became_of_it(self, capsys, tmp_path):
        file = tmp_path / "figures.csv"
        head = "table,row,column,value,source,as_of\n"
        file.write_text(f"{head}14,sum,full,143,Bericht,2023-12-31\n14,sum,own,0,Bericht,2023-12-31\n")
        self.run(capsys, file)
        rows = [
            "14,sum,full,144,Bericht,2023-12-31",
            "14,sum,own,0,Bericht,2023-12-31",
            "14,sum,on_site,12,Bericht,2023-12-31",
            "14,sum,on_site,13,Bericht,2023-12-31",
            "14,sum,full,141,Anderer Bericht,2023-12-31",
            "14,sum,nowhere,1,Bericht,2023-12-31",
            "14,sum,full,viele,Dritter,2023-12-31",
            "14,sum,full,1,Dritter,31. Dezember",
            "14,sum,full,1,,2023-12-31",
        ]
        file.write_text(head + "\n".join(rows))
        said = self.run(capsys, file).splitlines()
        results = ["geändert", "unverändert", "neu", "abgelehnt", "neu", *["abgelehnt"] * 4]
        assert [result in line for result, line in zip(results, said, strict=False)] == [True] * 9
        assert "143 wird 144" in said[0]
        stored = ImportedFigure.objects.filter(table="14", row="sum", column="full")
        assert sorted(stored.values_list("source", "value")) == [("Anderer Bericht", 141), ("Bericht", 144)]

    def test_a_file_without_its_columns_is_refused(self, tmp_path):
        file = tmp_path / "figures.csv"
        file.write_text("table,row\n14,sum\n")
        with pytest.raises(CommandError):
            call_command("import_figures", file)
