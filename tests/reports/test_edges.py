"""Figures at the edges, worked out by hand: borders of periods, clock changes, waiting, returned, moved."""

from datetime import timedelta

import pytest

from reports.arithmetic import Share
from reports.facts import facts_by_part
from reports.keeping import keep_figures
from reports.models import PeriodFigures, Scope
from reports.periods import Period
from reports.truth import counted, differences, kept
from schools.models import School
from tests.city import berlin
from tickets.commands import escalate, finish, work
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
LATER = berlin(2026, 4, 20, 12)
YEAR = Period.named("2025-2026")


def resolve(city, ticket, *at):
    return finish.resolve(ticket=ticket, solution="Kabel", cause="", by=city.manager, at=berlin(*at))


def figures(name, school, at=LATER):
    """Return the figures of a period as they are kept; nothing where no row is."""
    keep_figures(at=at)
    period = Period.named(name)
    row = PeriodFigures.objects.filter(scope=Scope.SCHOOL, key=school.pk, first=period.first, months=period.months)
    return row.get().figures if row else None


def times(school, year=YEAR):
    """Return first response and solution of the one report there is, in minutes."""
    [(_parts, fact)] = facts_by_part(year, school)
    return [length and length / timedelta(minutes=1) for length in (fact.responded_in, fact.solved_in)]


def test_a_report_counts_in_the_period_of_its_report_whenever_it_is_solved(city):
    ticket = city.report(at=berlin(2026, 1, 30, 15))  # the last school day of the first half
    assert figures("2026-01", city.brecht).open == figures("2025-2026-1", city.brecht).open == 1
    work.accept(ticket=ticket, by=city.manager, at=berlin(2026, 2, 2, 8))
    resolve(city, ticket, 2026, 2, 2, 9, 30)
    for name in ("2026-01", "2025-2026-1", "2025-2026"):
        found = figures(name, city.brecht, at=LATER + timedelta(minutes=10))
        assert (found.reported, found.solved, found.open) == (1, 1, 0)
    assert figures("2026-02", city.brecht) is figures("2025-2026-2", city.brecht) is None
    assert times(city.brecht) == [90, 180]  # an hour of Friday; half an hour, two hours of Monday


@pytest.mark.parametrize(
    ("at", "month", "half", "year"),
    [
        (berlin(2026, 1, 31, 23, 59), "2026-01", "2025-2026-1", "2025-2026"),
        (berlin(2026, 2, 1), "2026-02", "2025-2026-2", "2025-2026"),  # in UTC still January
        (berlin(2025, 7, 31, 23, 59), "2025-07", "2024-2025-2", "2024-2025"),
        (berlin(2025, 8, 1), "2025-08", "2025-2026-1", "2025-2026"),  # in UTC still July, of the school year before
        (berlin(2025, 10, 26, 2, 30), "2025-10", "2025-2026-1", "2025-2026"),  # there twice in this night
        (berlin(2025, 11, 1), "2025-11", "2025-2026-1", "2025-2026"),
    ],
)
def test_borders_are_those_of_the_clock_in_dortmund(city, at, month, half, year):
    city.report()
    Ticket.objects.update(created_at=at)
    keep_figures(at=LATER)
    names = {row.period.name for row in PeriodFigures.objects.filter(scope=Scope.SCHOOL)}
    assert names == {month, half, year}
    assert not list(differences(counted(Period.named(year)), kept(Period.named(year))))


def test_over_the_night_in_which_the_clocks_go_forward(city):
    ticket = city.report(at=berlin(2026, 3, 27, 15))  # a Friday; 29 March has 23 hours
    work.accept(ticket=ticket, by=city.manager, at=berlin(2026, 3, 30, 7, 45))
    resolve(city, ticket, 2026, 3, 30, 9)
    assert times(city.brecht) == [75, 150]


def test_what_is_waited_for_over_a_weekend_counts_for_nobody(city):
    ticket = city.report(at=berlin(2026, 3, 6, 14))  # a Friday
    work.ask(ticket=ticket, text="Welches?", by=city.manager, at=berlin(2026, 3, 6, 14, 30))
    work.answer(ticket=ticket, text="Dieses", by=city.teacher, at=berlin(2026, 3, 9, 8))
    resolve(city, ticket, 2026, 3, 9, 9)
    assert times(city.brecht) == [30, 90]  # half an hour of Friday, one hour of Monday


def test_what_came_back_from_the_systemhaus_was_not_solved_without_it(city):
    ticket = city.report(at=berlin(2026, 3, 3, 8), category=city.network)
    work.accept(ticket=ticket, by=city.manager, at=berlin(2026, 3, 3, 8, 10))
    city.escalated(ticket, at=berlin(2026, 3, 3, 9))
    escalate.accept_escalation(ticket=ticket, by=city.specialist, at=berlin(2026, 3, 3, 9, 30))
    escalate.return_to_first_level(ticket=ticket, text="Bei uns gut", by=city.specialist, at=berlin(2026, 3, 3, 10))
    resolve(city, ticket, 2026, 3, 3, 11)
    assert figures("2025-2026", city.brecht).first_level == Share(0, 1)
    assert times(city.brecht) == [10, 180]  # the clock of the reporter runs on whoever works


def test_two_solutions_and_what_lies_between(city):
    ticket = resolve(city, city.report(at=berlin(2026, 3, 3, 8)), 2026, 3, 3, 9)
    finish.reopen(ticket=ticket, by=city.teacher, at=berlin(2026, 3, 5, 8))
    found = figures("2025-2026", city.brecht)
    assert (found.solved, found.open, found.solution.number, found.kept.number) == (0, 1, 0, 0)
    assert times(city.brecht) == [60, None]  # whoever has answered has answered
    resolve(city, ticket, 2026, 3, 5, 8, 30)
    assert times(city.brecht) == [60, 90]
    assert figures("2025-2026", city.brecht, at=LATER + timedelta(minutes=10)).kept == Share(1, 1)


def test_a_school_that_moves_leaves_what_was_reported_at_its_campus_there(city):
    city.report(at=berlin(2026, 3, 3, 8))
    School.objects.filter(pk=city.brecht.pk).update(campus=city.asseln)
    city.brecht.refresh_from_db()
    ticket = city.report(at=berlin(2026, 3, 4, 8))
    assert ticket.campus == city.asseln
    keep_figures(at=LATER)
    rows = PeriodFigures.objects.filter(scope=Scope.CAMPUS, months=12).values_list("key", "reported")
    assert dict(rows) == {str(city.kirchlinde.pk): 1, str(city.asseln.pk): 1}
    assert figures("2025-2026", city.brecht).reported == 2
    assert not list(differences(counted(YEAR), kept(YEAR)))
