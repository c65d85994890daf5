"""Keepers, people and a proof at the same moment, each on a connection of its own."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from reports import keeping
from reports.keeping import AnotherKeeper, keep_city, keep_figures, keep_school, rebuild_year
from reports.models import PeriodFigures, Scope, StaleMonth
from reports.periods import Period
from reports.verifying import snapshot, verify
from tests.city import MONDAY
from tests.rehearsals.together import crew
from tickets.commands import finish

YEAR = Period.named("2025-2026")
LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def city(committed):
    return committed


def solved(city):
    finish.resolve(ticket=city.report(), solution="Ja", cause="", by=city.manager, at=MONDAY + timedelta(hours=1))


def test_keepers_and_people_at_the_same_moment_miss_nothing(city):
    with crew() as at_once:
        for number in range(12):
            keep = partial(keep_figures, at=MONDAY + number * keeping.CITY_EVERY)
            outcomes = at_once(lambda: solved(city), keep, keep)
            assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    keep_figures(at=LATER)
    assert PeriodFigures.objects.get(scope=Scope.CITY, months=12).solved == 12
    assert not verify().different and not StaleMonth.objects.exists()


def test_what_is_not_committed_is_counted_later_and_nobody_waits(city):
    with crew() as at_once:
        with transaction.atomic():
            city.report()
            assert at_once(lambda: keep_figures(at=MONDAY).schools) == [0]
        assert at_once(lambda: keep_figures(at=MONDAY).schools) == [1]


def test_a_keeper_leaves_while_another_one_is_at_work(city):
    city.report()
    with crew() as at_once, transaction.atomic():
        rebuild_year(year=YEAR, at=MONDAY)
        at_once(lambda: city.report())
        [school, whole_city, figures] = at_once(
            lambda: keep_school(school=city.brecht.pk, year=YEAR, at=MONDAY),
            lambda: keep_city(year=YEAR, at=MONDAY),
            lambda: keep_figures(at=MONDAY),
        )
        assert isinstance(school, AnotherKeeper) and isinstance(whole_city, AnotherKeeper)
        assert figures == keeping.Kept()
    assert keep_figures(at=LATER).schools == 1
    assert not verify().different


def test_a_keeper_whose_connection_dies_in_the_middle_has_lost_nothing(city, monkeypatch):
    city.report()
    build = keeping.build_schools

    def build_and_die(*args, **facts):
        build(*args, **facts)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(keeping, "build_schools", build_and_die)
    assert keep_figures(at=MONDAY).failed == 1
    connection.close()
    assert not PeriodFigures.objects.exists() and StaleMonth.objects.filter(school=city.brecht).exists()
    monkeypatch.undo()
    keep_figures(at=MONDAY)
    assert not verify().different and not StaleMonth.objects.exists()


def test_the_proof_is_of_one_instant_whatever_is_written_meanwhile(city):
    solved(city)
    keep_figures(at=MONDAY)
    with crew() as at_once, snapshot():
        assert not verify().different
        at_once(lambda: solved(city))
        at_once(lambda: keep_figures(at=LATER))
        assert not verify().different
        assert PeriodFigures.objects.of_school(city.brecht).get(months=12).reported == 1
    assert PeriodFigures.objects.of_school(city.brecht).get(months=12).reported == 2


def test_the_commands_of_the_shell_find_a_false_figure_and_count_it_anew(city, capsys):
    solved(city)
    call_command("rebuild_figures")
    call_command("verify_figures")
    assert "Counted anew: 2025-2026" in (told := capsys.readouterr().out)
    assert "All figures are right: 18 rows compared." in told
    PeriodFigures.objects.of_school(city.brecht).filter(months=6).update(solved=7)
    with pytest.raises(CommandError, match="1 figures differ, of 18 rows compared"):
        call_command("verify_figures")
    assert "school 100001 2025-2026-2, solved: 7 is kept, 1 is counted" in capsys.readouterr().out
    call_command("rebuild_figures", "--school", "100001", "--year", "2025-2026")
    call_command("verify_figures", "--school", "100001")
    city.report()
    call_command("verify_figures")
    assert "18 rows are not judged: changes wait to be counted." in capsys.readouterr().out
    for wrong in (["--school", "999999"], ["--year", "2026-03"]):
        with pytest.raises(CommandError):
            call_command("rebuild_figures", *wrong)
