"""Whether a value got better than a year before: said in words, and only of what reads differently."""

from datetime import timedelta

import pytest
from django.utils import translation

from reports.arithmetic import Figures, Share
from reports.periods import Period
from reports.templatetags.figures import change, change_of, loose
from reports.told import Told
from tests.city import berlin

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def german():
    with translation.override("de"):
        yield


@pytest.mark.parametrize(
    ("now", "before", "form", "word", "is_better"),
    [
        (MINUTE * 50, MINUTE * 60, "span", "schneller", True),
        (MINUTE * 60, MINUTE * 50, "span", "langsamer", False),
        (0.84, 0.72, "percent", "besser", True),
        (0.72, 0.77, "percent", "schlechter", False),
    ],
)
def test_a_change_is_a_word_and_less_time_is_better(now, before, form, word, is_better):
    told = change(now, before, form)
    assert (told["word"], told["is_better"]) == (word, is_better)


def test_what_reads_the_same_is_unchanged():
    assert change(0.772, 0.768, "percent") == {"word": "unverändert", "icon": ""}
    assert change(MINUTE * 9.5, MINUTE * 9.2, "span") == {"word": "unverändert", "icon": ""}


@pytest.mark.parametrize(("now", "before"), [(None, 0.5), (0.5, None), (None, None)])
def test_nothing_is_said_where_one_of_both_is_not_told(now, before):
    assert change(now, before, "percent") == {"word": ""}


def test_shares_of_other_schools_are_not_compared():
    def told(part, without_small=frozenset()):
        period = Period.year_of(berlin(2026, 3, 2, 9).date())
        figures = Figures()
        times = figures.response, figures.solution
        return Told(period, figures, *times, Share(), Share(part, 100), without_small=without_small)

    assert change_of(told(80), told(70), "kept")["word"] == "besser"
    assert change_of(told(80, frozenset({"kept"})), told(70), "kept")["word"] == ""
    assert change_of(told(80), told(70), "solution")["word"] == ""  # no times are told


def test_a_length_of_time_may_go_on_in_the_next_line_between_hours_and_minutes_alone():
    gap = "\N{NO-BREAK SPACE}"
    assert loose(f"13{gap}Std.{gap}45{gap}Min.") == f"13{gap}Std. 45{gap}Min."
    assert loose(f"45{gap}Min.") == f"45{gap}Min."
