"""The figures that are kept against those that are counted out of the reports."""

from datetime import date, timedelta

import pytest

from reports.arithmetic import Share, Times
from reports.keeping import CITY_EVERY, keep_figures, rebuild_school, rebuild_year, years_with_figures
from reports.models import PeriodFigures, Scope, StaleMonth
from reports.periods import Period
from reports.truth import counted, differences, kept
from tests.reports.twenty import NOW, twenty_reports

pytestmark = pytest.mark.django_db
YEAR, HALF = Period.named("2025-2026"), Period.named("2025-2026-1")


def wrong(year=YEAR):
    return list(differences(counted(year), kept(year)))


def minutes(number):
    return timedelta(minutes=number)


@pytest.mark.parametrize("step_by_step", [False, True])
def test_twenty_reports_are_kept_as_they_were_counted_by_hand(city, step_by_step):
    if step_by_step:  # count anew before each report what has become of those before it
        report = city.report
        city.report = lambda **facts: keep_figures(at=NOW - CITY_EVERY) and report(**facts)
    twenty_reports(city)
    keep_figures(at=NOW)
    row = PeriodFigures.objects.of_school(city.brecht).over(HALF).get()
    assert (row.reported, row.solved, row.open, row.figures.unsolved) == (17, 14, 2, 1)
    assert row.figures.response == Times(16, minutes(42.5), minutes(120))
    assert row.figures.solution == Times(14, minutes(210), minutes(567), (8 / 14, 12 / 14, 13 / 14))
    assert row.figures.first_level == Share(13, 14) and row.figures.kept == Share(13, 15)
    assert row.by_kind == {city.display.pk: (11, 8, minutes(180)), city.network.pk: (6, 6, minutes(285))}
    assert {key: group.number for key, group in row.by_room.items()} == {city.a204.pk: 6, city.b112.pk: 5, None: 6}
    months = PeriodFigures.objects.of_school(city.brecht).filter(months=1).order_by("first")
    assert list(months.values_list("first", "reported")) == [
        (date(2025, 9, 1), 2),
        (date(2025, 10, 1), 6),
        (date(2025, 11, 1), 9),
    ]
    assert not wrong() and row.as_of == NOW


def test_each_scope_adds_up_to_the_city(city):
    twenty_reports(city)
    city.report(school=city.kant, by=city.kant_teacher, room=city.kant_room, at=NOW)
    keep_figures(at=NOW)
    for scope in Scope:
        rows = PeriodFigures.objects.filter(scope=scope).over(YEAR)
        assert sum(row.reported for row in rows) == 18, scope
    assert PeriodFigures.objects.get(scope=Scope.CAMPUS, key=city.asseln.pk, first=YEAR.first, months=12).reported == 1


def test_nothing_is_left_to_do_and_nothing_changes_where_nothing_happened(city):
    twenty_reports(city)
    assert keep_figures(at=NOW).schools == 1
    before = list(PeriodFigures.objects.order_by("pk").values())
    assert not StaleMonth.objects.exists()
    assert keep_figures(at=NOW + timedelta(days=1)).schools == 0
    assert list(PeriodFigures.objects.order_by("pk").values()) == before


def test_everything_can_be_counted_from_nothing(city):
    twenty_reports(city)
    assert years_with_figures() == [YEAR]
    rebuild_year(year=YEAR, at=NOW)
    assert PeriodFigures.objects.filter(scope=Scope.CITY).over(YEAR).get().reported == 17
    assert not wrong() and not StaleMonth.objects.exists()
    PeriodFigures.objects.all().delete()
    rebuild_school(school=city.brecht, year=YEAR, at=NOW)
    assert PeriodFigures.objects.of_school(city.brecht).over(YEAR).get().reported == 17
