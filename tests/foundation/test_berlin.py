from datetime import UTC, date, datetime

import pytest

from foundation.berlin import berlin_day, end_of_day, start_of_day


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 1, 22, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 23, 0, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_a_new_day_begins_at_midnight_in_dortmund(at, day):
    assert berlin_day(at) == day


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 3, 30), 24), (date(2026, 10, 25), 25)],
)
def test_the_days_of_the_clock_change_have_23_and_25_hours(day, hours):
    assert (end_of_day(day) - start_of_day(day)).total_seconds() == hours * 3600


def test_a_day_ends_where_the_next_one_begins():
    assert end_of_day(date(2026, 12, 31)) == start_of_day(date(2027, 1, 1))
    assert start_of_day(date(2027, 1, 1)) == datetime(2026, 12, 31, 23, tzinfo=UTC)
