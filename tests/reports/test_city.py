"""The figures of the city: the same as those of the schools, put together, and nobody ranked."""

import re
from datetime import timedelta
from html import unescape

import pytest

from accounts.models import AccountEvent
from reports.arithmetic import Share
from reports.city.pages import CityPage, PartPage, PartUnknown
from reports.city.parts import By, slugs_of
from reports.keeping import keep_figures
from reports.models import PeriodFigures
from schools.models import School
from tests.city import berlin
from tests.reports.rows import bulk
from tests.reports.twenty import NOW, twenty_reports
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
NOVEMBER = berlin(2025, 11, 4, 9)
YEAR = "2025-2026"


@pytest.fixture
def reader(city, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    city.city_reader.language = "de"
    city.city_reader.save()
    client.force_login(city.city_reader)
    return client


@pytest.fixture
def full(city):
    """Twenty reports at one school, eight at another of its campus, six at the third, and some a year earlier."""
    School.objects.filter(pk=city.kant.pk).update(district="Brackel")
    School.objects.exclude(pk=city.kant.pk).update(district="Lütgendortmund")
    twenty_reports(city)
    bulk(city.widey, city, NOVEMBER, timedelta(hours=2), number=8, late=2)
    bulk(city.kant, city, NOVEMBER, timedelta(hours=6), number=6)
    bulk(city.kant, city, berlin(2025, 3, 3, 9), timedelta(hours=5), number=7)
    Ticket.objects.filter(school=city.kant).update(campus=city.asseln)
    Ticket.objects.exclude(school=city.kant).update(campus=city.kirchlinde)
    keep_figures(at=NOW)
    return city


def page(city, name=YEAR, by=By.CAMPUS, at=NOW):
    return CityPage(city.viewer(city.city_reader, at), name, by)


def part(city, by, slug, name=YEAR):
    return PartPage(city.viewer(city.city_reader, NOW), by, slug, name)


def words(answer):
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_the_city_comes_to_what_its_schools_come_to(full):
    told = page(full).told
    assert (told.figures.reported, told.figures.solved, told.figures.open) == (17 + 8 + 6, 14 + 8 + 6, 2)
    assert told.first_level == Share(13 + 8 + 6, 14 + 8 + 6)
    assert told.kept == Share(13 + 6 + 6, 15 + 8 + 6)
    assert [share for _name, share in page(full).speeds] == [16 / 28, 26 / 28, 27 / 28]
    # Sorted by hand: of 28 the two in the middle are 180 and 240 minutes with eight of 120 and six of 360 among them.
    assert told.solution.usual == timedelta(minutes=180)
    assert page(full).before.figures.reported == 7


@pytest.mark.parametrize("by", By)
def test_the_parts_add_up_to_the_city(full, by):
    whole, lines = page(full, by=by).told.figures, page(full, by=by).lines
    for name in ("reported", "solved", "open"):
        assert sum(getattr(line.told.figures, name) for line in lines) == getattr(whole, name)


def test_parts_stand_by_name_and_not_by_what_was_achieved(full):
    names = {by: [line.name for line in page(full, by=by).lines] for by in By}
    assert names[By.CAMPUS] == ["Asseln", "Kirchlinde"]
    assert names[By.FORM] == [School.Form.PRIMARY.label, School.Form.GYMNASIUM.label]
    assert names[By.DISTRICT] == ["Brackel", "Lütgendortmund"]
    assert names[By.CATEGORY] == sorted([full.display.name, full.network.name])


def test_a_part_opens_to_its_schools_each_as_on_its_own_page(full):
    shown = part(full, By.CAMPUS, "kirchlinde")
    assert [line.name for line in shown.lines] == ["Bert-Brecht-Gymnasium", "Widey-Grundschule"]
    brecht = shown.lines[0]
    assert brecht.address == f"/schools/100001/statistics/?period={YEAR}"
    assert (brecht.told.figures.reported, brecht.told.solution.usual) == (17, timedelta(minutes=210))
    assert brecht.told.first_level == Share(13, 14)
    assert sum(line.told.figures.reported for line in shown.lines) == shown.told.figures.reported
    assert [line.name for line in part(full, By.DISTRICT, "brackel").lines] == ["Immanuel-Kant-Gymnasium"]
    assert len(part(full, By.FORM, "gymnasium").lines) == 2


def test_a_kind_opens_to_its_months(full):
    shown = part(full, By.CATEGORY, "network")
    months = {line.name: line.told.figures.reported for line in shown.months_told if line.told.figures.reported}
    assert sum(months.values()) == shown.told.figures.reported == 6
    assert not shown.lines and not shown.has_schools


def test_what_is_no_part_is_unknown(full):
    for by, slug in ((By.CAMPUS, "nowhere"), (By.FORM, ""), (By.DISTRICT, "hörde"), (By.CATEGORY, "weather")):
        with pytest.raises(PartUnknown):
            part(full, by, slug)


def test_a_district_opens_whatever_its_name(full, reader):
    School.objects.filter(pk=full.kant.pk).update(district="Innenstadt/West")
    keep_figures(at=NOW + timedelta(hours=1))
    address = next(line.address for line in page(full, by=By.DISTRICT).lines if line.name == "Innenstadt/West")
    assert reader.get("/reports/?by=district").status_code == 200
    assert "Immanuel-Kant-Gymnasium" in words(reader.get(address))
    export = address.split("?")[0] + "export/"
    lines = b"".join(reader.post(export, {"period": YEAR}).streaming_content).decode().split("\r\n")
    assert any(line.startswith("Schule;Immanuel-Kant-Gymnasium;6;") for line in lines)
    assert reader.post("/reports/export/", {"period": YEAR}).status_code == 200


def test_no_two_districts_have_the_same_address():
    names = ["A/B", "A B", "AB 2", "AB", "Ab!", "Lütgendortmund", "/", "?"]
    found = slugs_of(names)
    assert len(set(found)) == len(names) and all(found) and not any("/" in slug for slug in found)
    assert "lütgendortmund" in found and "ab" in found


def test_years_stand_below_each_other_and_open(full):
    years = page(full).by_year
    assert [(line.told.period.name, line.told.figures.reported) for line in years] == [(YEAR, 31), ("2024-2025", 7)]
    assert years[1].address == "/reports/?period=2024-2025"


def test_fewer_than_five_are_counted_and_nothing_else_is_told(city):
    bulk(city.widey, city, NOVEMBER, timedelta(hours=2), number=4)
    keep_figures(at=NOW)
    for shown in (page(city), part(city, By.FORM, "grundschule")):
        told = shown.told
        assert told.figures.reported == 4
        assert not (told.solution.number or told.response.number or told.first_level.number or told.kept.number)


def test_a_small_school_takes_the_shares_of_its_groups_along_or_is_left_out(city):
    bulk(city.brecht, city, NOVEMBER, timedelta(hours=2), number=9)
    bulk(city.widey, city, NOVEMBER, timedelta(hours=2), number=3)
    keep_figures(at=NOW)
    # The city less the nine, which their school tells, would be the three.
    assert page(city).told.figures.solved == 12 and not page(city).told.first_level.number
    bulk(city.brecht, city, NOVEMBER, timedelta(hours=2), number=40)
    keep_figures(at=NOW + timedelta(hours=1))
    assert page(city).told.first_level == Share(49, 49)
    assert page(city).told.without_small == {"first_level", "kept"} and page(city).are_speeds_without_small


def test_the_one_slow_report_of_a_small_school_does_not_come_out_of_what_nine_of_ten_took(city):
    """Nine took an hour, and their school says so; of ten, the ninth and a tenth of the tenth would be told."""
    bulk(city.brecht, city, NOVEMBER, timedelta(hours=1), number=9)
    bulk(city.widey, city, NOVEMBER, timedelta(hours=35), number=1)
    Ticket.objects.update(campus=city.kirchlinde)
    keep_figures(at=NOW)
    for name in (YEAR, "2025-2026-1", "2025-11"):
        for shown in (page(city, name), part(city, By.CAMPUS, "kirchlinde", name), page(city, name, By.CATEGORY)):
            assert not (shown.told.solution.number or shown.told.response.number)
            assert not any(line.told.solution.number for line in shown.lines if line.name != city.brecht.name)
            assert not any(line.told.solution.number for line in shown.months_told)
    kind = part(city, By.CATEGORY, "display")
    assert kind.told.figures.solved == 10 and not kind.told.solution.number
    assert not any(line.told.solution.number for line in kind.months_told)
    # Among eleven that are known the slow one lies beyond what nine of ten took.
    bulk(city.brecht, city, NOVEMBER, timedelta(hours=1), number=2)
    keep_figures(at=NOW + timedelta(hours=1))
    for shown in (page(city), page(city, "2025-11"), part(city, By.CATEGORY, "display")):
        assert shown.told.solution.number == 12 and shown.told.solution.most == timedelta(hours=1)
        assert any(line.told.solution.most == timedelta(hours=1) for line in shown.months_told)


@pytest.fixture
def uneven(city):
    """A large school and a small one a year ago; now two that answer, one of them small, and tell the rest."""
    bulk(city.brecht, city, berlin(2024, 11, 4, 9), timedelta(hours=2), number=49)
    bulk(city.widey, city, berlin(2024, 11, 4, 9), timedelta(hours=2), number=3)
    bulk(city.brecht, city, NOVEMBER, timedelta(hours=2), number=60)
    bulk(city.widey, city, NOVEMBER, timedelta(hours=2), number=6)
    Ticket.objects.update(campus=city.kirchlinde)
    keep_figures(at=NOW)
    this_year = PeriodFigures.objects.filter(first=page(city).period.first, months=12)
    this_year.filter(scope="school", key=city.brecht.pk).update(answered_number=40, satisfied_part=30)
    this_year.filter(scope="school", key=city.widey.pk).update(answered_number=3, satisfied_part=3)
    this_year.exclude(scope="school").update(answered_number=43, satisfied_part=33)
    return city


def test_each_share_says_for_itself_whether_small_schools_are_left_out(uneven):
    for shown in (page(uneven), part(uneven, By.CAMPUS, "kirchlinde")):
        now, before = shown.told, shown.before
        assert now.without_small == {"satisfied"} and now.satisfied == Share(30, 40)
        assert now.first_level == Share(66, 66) and not shown.are_speeds_without_small
        assert before.without_small == {"first_level", "kept"} and before.kept == Share(49, 49)
        notes = {line.name: (line.now_note, line.before_note) for line in shown.comparison if line.form == "percent"}
        assert [tuple(map(bool, each)) for each in notes.values()] == [(False, True), (False, True), (True, False)]


def test_what_leaves_small_schools_out_is_said_in_words_at_each_cell(uneven, reader):
    text = words(reader.get("/reports/"))
    assert "Schuljahr 2024/25: 100 % (ohne kleine Schulen)" in text  # the headline and the tile of the year before
    assert text.count("100 % (ohne kleine Schulen)") == 2
    assert "75 % ohne kleine Schulen" in text and "Schulen mit wenigen Meldungen" not in text
    earlier = words(reader.get("/reports/?period=2024-2025"))
    assert earlier.count("Schulen mit wenigen Meldungen sind dabei ausgelassen.") == 2  # headline and speeds
    answer = reader.post("/reports/export/", {"period": YEAR})
    lines = b"".join(answer.streaming_content).decode().split("\r\n")
    assert lines[0].endswith(";Ohne kleine Schulen")
    assert lines[1].endswith(";75;40;Zufrieden") and lines[2].endswith(";100;100;;;Erste Ebene, Frist eingehalten")


def test_a_campus_tells_no_share_and_no_time_of_a_period_in_which_a_school_was_elsewhere(full):
    School.objects.filter(pk=full.widey.pk).update(campus=full.asseln)
    for slug, reported in (("kirchlinde", 25), ("asseln", 6)):
        shown = part(full, By.CAMPUS, slug)
        told = shown.told
        assert told.figures.reported == reported  # its own, wherever the school is now
        # Of the school that has moved it may hold one report alone, which nobody can tell from here.
        assert not (told.first_level.number or told.kept.number or shown.speeds)
        assert not (told.response.number or told.solution.number)
    assert part(full, By.CAMPUS, "asseln").before.first_level == Share(7, 7)  # nothing was reported there by the other
    assert part(full, By.FORM, "gymnasium").told.first_level.number == page(full).told.first_level.number - 8 == 20


def test_a_campus_tells_its_share_while_the_city_is_not_counted_yet(full):
    bulk(full.widey, full, NOVEMBER, timedelta(hours=2), number=2)
    keep_figures(at=NOW + timedelta(minutes=1))
    assert part(full, By.CAMPUS, "kirchlinde").told.figures.reported == 25
    assert part(full, By.CAMPUS, "kirchlinde").told.first_level == Share(23, 24)
    School.objects.filter(pk=full.widey.pk).update(campus=full.asseln)
    assert not part(full, By.CAMPUS, "kirchlinde").told.first_level.number


def test_kinds_tell_shares_of_a_school_year_where_the_schools_have_several(full):
    def told(name):
        return {line.name: bool(line.told.first_level.number) for line in page(full, name, By.CATEGORY).lines}

    kinds = (full.display.name, full.network.name)
    assert told(YEAR) == dict.fromkeys(kinds, False)  # nearly every school has one kind only
    some = Ticket.objects.filter(school=full.widey).order_by("pk")[:4]
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in some]).update(category=full.network)
    keep_figures(at=NOW + timedelta(hours=1))
    assert told(YEAR) == dict.fromkeys(kinds, True)
    assert told("2025-2026-1") == dict.fromkeys(kinds, False)


def test_the_page_says_first_whether_more_than_half_is_solved_at_first_level(full, reader):
    text = words(reader.get("/reports/"))
    assert "96 % Die erste Ebene löst mehr als die Hälfte selbst" in text
    Ticket.objects.filter(resolved_at__isnull=False).update(first_escalated_at=NOW)
    keep_figures(at=NOW + timedelta(hours=1))
    assert "0 % Die erste Ebene löst die Hälfte oder weniger selbst" in words(reader.get("/reports/"))


def test_satisfaction_is_told_as_any_other_share(full):
    rows = PeriodFigures.objects.filter(first=page(full).period.first, months=12)
    rows.filter(scope="school", key=full.brecht.pk).update(answered_number=8, satisfied_part=6)
    rows.filter(scope="school", key=full.kant.pk).update(answered_number=4, satisfied_part=4)
    rows.filter(scope="city").update(answered_number=12, satisfied_part=10)
    assert not page(full).told.satisfied.number  # the four would come out
    rows.filter(scope="school", key=full.kant.pk).update(answered_number=5)
    assert page(full).told.satisfied == Share(10, 13)


def test_nobody_is_named(full, reader):
    for address in ("/reports/", "/reports/parts/campus/kirchlinde/"):
        text = words(reader.get(address))
        told = text[text.index("Schuljahr") : text.index("Die Zahlen nennen keine Personen")]
        assert not [person.name for person in full.everybody.values() if person.name in told]


def test_figures_are_read_from_the_read_model_alone(full, reader):
    PeriodFigures.objects.all().delete()
    assert "In diesem Zeitraum wurde nichts gemeldet" in words(reader.get("/reports/"))


def test_the_tables_can_be_taken_along_and_that_is_kept(full, reader):
    answer = reader.post("/reports/export/", {"period": YEAR})
    lines = b"".join(answer.streaming_content).decode().removeprefix("\ufeff").split("\r\n")
    assert lines[1].startswith("Zeitraum;Schuljahr 2025/26;31;28;2;") and lines[1].endswith(";96;86;;;")
    assert {line.split(";")[0] for line in lines[1:-1]} == {
        *("Zeitraum", "Schuljahr", "Monat", "Campus", "Schulform", "Stadtbezirk", "Art")
    }
    event = AccountEvent.objects.get(verb="exported")
    assert event.data == {"what": "figures of the city", "rows": len(lines) - 2, "asked": {"period": YEAR}}
    answer = reader.post("/reports/parts/campus/kirchlinde/export/", {"period": YEAR})
    lines = b"".join(answer.streaming_content).decode().split("\r\n")
    assert any(line.startswith("Schule;Widey-Grundschule;8;8;0;") for line in lines)


def test_the_page_is_where_the_city_begins(city, reader):
    assert reader.get("/start/city_reader/").headers["Location"] == "/reports/"
    assert 'href="/reports/"' in reader.get("/schools/").content.decode()
    reader.force_login(city.teacher)
    assert 'href="/reports/"' not in reader.get("/tickets/").content.decode()
