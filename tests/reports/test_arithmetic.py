"""How figures are counted, without a database."""

import statistics
from datetime import date, timedelta
from random import Random

from reports.arithmetic import Fact, Figures, Share, figures_of, percentile
from reports.charts import scale, stacked

MARCH = date(2026, 3, 1)


def test_nothing_comes_to_nothing():
    assert figures_of([]) == Figures()
    assert Share().value is None


def test_percentiles_are_those_of_everybody_else():
    for seed in range(100):
        lot = Random(seed)
        lengths = sorted(lot.randint(0, 5000) for _ in range(lot.randint(2, 60)))
        deciles = statistics.quantiles(lengths, n=10, method="inclusive")
        assert abs(percentile(lengths, 90) - deciles[8]) < 1e-6
        assert percentile(lengths, 50) == statistics.median(lengths)


def test_a_solution_that_was_taken_back_does_not_count():
    hour = timedelta(hours=1)
    reopened = Fact(MARCH, category=1, is_open=True, responded_in=hour)
    figures = figures_of([reopened, Fact(MARCH, category=1, is_solved=True, solved_in=hour, kept=True)])
    assert (figures.reported, figures.solved, figures.open, figures.unsolved) == (2, 1, 1, 0)
    assert figures.kept == Share(1, 1) and figures.first_level == Share(1, 1)


def test_the_chart_reaches_its_highest_column_in_steps_people_count_in():
    assert [scale(most) for most in (0, 1, 5, 6, 26, 130, 5000)] == [
        (1, 1),
        (1, 1),
        (1, 5),
        (2, 3),
        (10, 3),
        (50, 3),
        (1000, 5),
    ]
    chart = stacked([("Aug.", 0, 0), ("Sep.", 3, 1), ("Okt.", 0, 2)])
    assert [column.total for column in chart.columns] == [0, 4, 2]
    assert [(bool(column.lower), bool(column.upper)) for column in chart.columns] == [
        (False, False),
        (True, True),
        (False, True),
    ]
    assert stacked([]).columns == []


def test_the_chart_makes_room_for_large_numbers():
    small, large = stacked([("Aug.", 9, 1)]), stacked([("Aug.", 90_000, 10_000)])
    assert large.left > small.left
    assert float(large.columns[0].middle) > float(small.columns[0].middle)
