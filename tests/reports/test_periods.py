"""School years, halves and months: how they nest, and what they are called."""

from datetime import date

import pytest
from django.utils import translation

from reports.periods import Period


@pytest.mark.parametrize(
    ("name", "first", "ends", "label"),
    [
        ("2025-2026", date(2025, 8, 1), date(2026, 8, 1), "Schuljahr 2025/26"),
        ("2025-2026-1", date(2025, 8, 1), date(2026, 2, 1), "1. Halbjahr 2025/26"),
        ("2025-2026-2", date(2026, 2, 1), date(2026, 8, 1), "2. Halbjahr 2025/26"),
        ("2026-03", date(2026, 3, 1), date(2026, 4, 1), "März 2026"),
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1), "Dezember 2025"),
        ("2099-2100", date(2099, 8, 1), date(2100, 8, 1), "Schuljahr 2099/00"),
    ],
)
def test_a_period_is_found_by_its_name_and_bears_it(name, first, ends, label):
    period = Period.named(name)
    assert (period.first, period.ends, period.name) == (first, ends, name)
    with translation.override("de"):
        assert period.label == label


@pytest.mark.parametrize(
    "name",
    ["", "2025", "2025-2027", "2025-2026-3", "2026-13", "2026-00", "1999-2000", "9999-10", "２０２６-03"],
)
def test_what_is_no_period_is_none(name):
    assert Period.named(name) is None


def test_a_school_year_begins_on_the_first_of_august():
    assert Period.year_of(date(2026, 7, 31)).name == "2025-2026"
    assert Period.year_of(date(2026, 8, 1)).name == "2026-2027"


def test_periods_nest_without_a_gap():
    year = Period.named("2025-2026")
    assert [half.name for half in year.parts] == ["2025-2026-1", "2025-2026-2"]
    months = [month for half in year.parts for month in half.parts]
    assert months == list(year.each_month)
    assert [month.first for month in months[1:]] == [month.ends for month in months[:-1]]
    assert all(month.whole in year.parts and month.whole.whole == year for month in months)
    assert year.whole == year and year.year_before.name == "2024-2025"
    assert Period.named("2026-03").year_before.name == "2025-03"
