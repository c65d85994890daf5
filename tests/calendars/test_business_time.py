"""Business time: fixed values, a table of awkward days, and the clock on the wall as a witness."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.business_time import MIDNIGHT, BusinessHours
from foundation.berlin import BERLIN
from tests.calendars.wall_clock import WallClock

SERVICE = ((time(7, 30), time(16)),)
WEEK = dict.fromkeys(range(5), SERVICE)
AT_WORK = BusinessHours(WEEK, BERLIN)
ALWAYS = BusinessHours(dict.fromkeys(range(7), ((MIDNIGHT, MIDNIGHT),)), BERLIN)
LUNCH = BusinessHours(dict.fromkeys(range(5), ((time(8), time(12)), (time(13), time(16, 30)))), BERLIN)


def berlin(*parts, fold=0):
    return datetime(*parts, tzinfo=BERLIN, fold=fold).astimezone(UTC)


def hours(number):
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("calendar", "start", "duration", "due"),
    [
        pytest.param(
            AT_WORK,
            berlin(2026, 10, 23, 15),
            hours(2),
            datetime(2026, 10, 26, 7, 30, tzinfo=UTC),
            id="over the weekend of the autumn change",
        ),
        pytest.param(
            AT_WORK,
            berlin(2026, 3, 27, 15),
            hours(2),
            datetime(2026, 3, 30, 6, 30, tzinfo=UTC),
            id="over the weekend of the spring change",
        ),
        pytest.param(
            ALWAYS,
            berlin(2026, 3, 29, 1, 30),
            hours(2),
            berlin(2026, 3, 29, 4, 30),
            id="round the clock in the short night",
        ),
        pytest.param(
            ALWAYS,
            berlin(2026, 10, 25, 1, 30),
            hours(2),
            berlin(2026, 10, 25, 2, 30, fold=1),
            id="round the clock in the long night",
        ),
        pytest.param(
            AT_WORK,
            berlin(2026, 3, 6, 15, 59, 59),
            timedelta(seconds=2),
            berlin(2026, 3, 9, 7, 30, 1),
            id="the last second of Friday and the first of Monday",
        ),
        pytest.param(
            AT_WORK,
            berlin(2026, 3, 7, 12),
            timedelta(minutes=30),
            berlin(2026, 3, 9, 8),
            id="reported on Saturday",
        ),
        pytest.param(
            AT_WORK,
            berlin(2026, 3, 9, 5),
            timedelta(minutes=30),
            berlin(2026, 3, 9, 8),
            id="reported before opening",
        ),
        pytest.param(
            AT_WORK,
            berlin(2026, 3, 9, 7, 30),
            hours(8.5),
            berlin(2026, 3, 9, 16),
            id="a whole day ends at closing time, not next morning",
        ),
        pytest.param(
            AT_WORK,
            berlin(2026, 3, 9, 7, 30),
            hours(85),
            berlin(2026, 3, 20, 16),
            id="ten service days are two weeks",
        ),
        pytest.param(
            LUNCH, berlin(2026, 3, 9, 11, 30), hours(1), berlin(2026, 3, 9, 13, 30), id="lunch does not count"
        ),
        pytest.param(LUNCH, berlin(2026, 3, 9, 12, 15), hours(1), berlin(2026, 3, 9, 14), id="reported at lunch"),
        pytest.param(LUNCH, berlin(2026, 3, 9, 11), hours(1), berlin(2026, 3, 9, 12), id="due when lunch begins"),
        pytest.param(
            ALWAYS,
            berlin(2026, 3, 9, 23, 59),
            timedelta(minutes=2),
            berlin(2026, 3, 10, 0, 1),
            id="round the clock is not closed at midnight",
        ),
        pytest.param(
            AT_WORK,
            berlin(2026, 3, 7, 12),
            timedelta(0),
            berlin(2026, 3, 7, 12),
            id="nothing has run at the start itself",
        ),
    ],
)
def test_a_due_time_is_right_to_the_second(calendar, start, duration, due):
    assert calendar.add(start, duration) == due
    assert calendar.between(start, due) == duration


def test_the_naive_hour_is_refused_by_both_nights():
    assert ALWAYS.add(berlin(2026, 3, 29, 1, 30), hours(2)) != berlin(2026, 3, 29, 3, 30)
    assert ALWAYS.add(berlin(2026, 10, 25, 1, 30), hours(2)) != berlin(2026, 10, 25, 3, 30)


@pytest.mark.parametrize(
    ("day", "night"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 3, 28), 24)]
)
def test_a_day_has_as_many_hours_as_it_has(day, night):
    midnight = datetime.combine(day, time(0), tzinfo=BERLIN)
    next_midnight = datetime.combine(day + timedelta(days=1), time(0), tzinfo=BERLIN)
    assert ALWAYS.between(midnight, next_midnight) == hours(night)


@pytest.mark.parametrize(
    ("day", "period", "opens", "closes"),
    [
        # 2:00 to 3:00 does not exist on 29 March: whatever is said about it happens at the jump, 1:00 UTC.
        (date(2026, 3, 29), (time(2, 30), time(5)), (1, 0), (3, 0)),
        (date(2026, 3, 29), (time(1), time(2, 30)), (0, 0), (1, 0)),
        (date(2026, 3, 29), (time(2), time(3)), None, None),
        (date(2026, 3, 29), (time(2, 10), time(2, 50)), None, None),
        # 2:00 to 3:00 comes twice on 25 October: its first coming counts.
        (date(2026, 10, 25), (time(2, 30), time(5)), (0, 30), (4, 0)),
        (date(2026, 10, 25), (time(1), time(2, 30)), (-1, 0), (0, 30)),
        (date(2026, 10, 25), (time(2, 15), time(2, 45)), (0, 15), (0, 45)),
        (date(2026, 10, 25), (time(2, 15), time(3)), (0, 15), (2, 0)),
    ],
)
def test_opening_hours_inside_a_clock_change_mean_something(day, period, opens, closes):
    calendar = BusinessHours({}, BERLIN, {day: (period,)})
    midnight = datetime.combine(day, time(0), tzinfo=UTC)
    found = list(calendar.periods_after(datetime.combine(day, time(0), tzinfo=BERLIN)))
    if opens is None:
        assert found == []
    else:
        expected = [midnight + timedelta(hours=hour, minutes=minute) for hour, minute in (opens, closes)]
        assert found == [tuple(expected)]


def test_a_jump_that_is_not_at_a_full_hour_is_found_to_the_second():
    monrovia = ZoneInfo("Africa/Monrovia")  # 7 January 1972: from 0:00 local at -0:44:30 straight to 0:44:30
    calendar = BusinessHours({}, monrovia, {date(1972, 1, 7): ((time(0, 20), time(1)),)})
    (period,) = calendar.periods_after(datetime(1972, 1, 6, 12, tzinfo=UTC))
    assert period == (datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC), datetime(1972, 1, 7, 1, 0, tzinfo=UTC))


def test_periods_come_in_utc_and_the_first_is_clipped_to_the_start():
    found = list(islice(LUNCH.periods_after(berlin(2026, 3, 6, 15)), 3))
    assert found == [
        (berlin(2026, 3, 6, 15), berlin(2026, 3, 6, 16, 30)),
        (berlin(2026, 3, 9, 8), berlin(2026, 3, 9, 12)),
        (berlin(2026, 3, 9, 13), berlin(2026, 3, 9, 16, 30)),
    ]
    assert all(instant.tzinfo is UTC for period in found for instant in period)


def test_a_period_that_closes_at_the_start_is_not_yielded():
    opens, _ = next(AT_WORK.periods_after(berlin(2026, 3, 6, 16)))
    assert opens == berlin(2026, 3, 9, 7, 30)


def test_a_day_of_its_own_replaces_the_weekday():
    calendar = BusinessHours(WEEK, BERLIN, {date(2026, 3, 9): (), date(2026, 3, 14): ((time(9), time(10)),)})
    assert calendar.add(berlin(2026, 3, 6, 15), hours(2)) == berlin(2026, 3, 10, 8, 30)
    assert calendar.between(berlin(2026, 3, 14), berlin(2026, 3, 15)) == hours(1)


def test_an_exception_can_be_a_function():
    calendar = BusinessHours(WEEK, BERLIN, lambda day: () if day.month == 3 else None)
    assert calendar.add(berlin(2026, 2, 27, 15), hours(2)) == berlin(2026, 4, 1, 8, 30)


def test_open_is_from_the_first_second_to_before_the_last():
    assert not AT_WORK.is_open(berlin(2026, 3, 9, 7, 29, 59))
    assert AT_WORK.is_open(berlin(2026, 3, 9, 7, 30))
    assert AT_WORK.is_open(berlin(2026, 3, 9, 15, 59, 59))
    assert not AT_WORK.is_open(berlin(2026, 3, 9, 16))


def test_hours_that_never_open_again_are_an_error_to_add_and_nothing_to_measure():
    never = BusinessHours({}, BERLIN)
    with pytest.raises(ValueError, match="never open again"):
        never.add(berlin(2026, 3, 9, 8), hours(1))
    assert never.between(berlin(2026, 3, 9, 8), berlin(2036, 3, 9, 8)) == timedelta(0)


def test_hours_that_close_for_good_still_give_what_they_have():
    last = BusinessHours({}, BERLIN, {date(2026, 3, 9): SERVICE})
    assert last.add(berlin(2026, 3, 6), hours(8.5)) == berlin(2026, 3, 9, 16)
    with pytest.raises(ValueError, match="never open again"):
        last.add(berlin(2026, 3, 6), hours(8.5) + timedelta(seconds=1))


def test_a_closure_of_two_years_is_waited_for():
    later = BusinessHours(WEEK, BERLIN, lambda day: () if day.year in (2026, 2027) else None)
    assert later.add(berlin(2026, 3, 9, 8), hours(1)) == berlin(2028, 1, 3, 8, 30)


def test_measuring_backwards_gives_nothing():
    assert AT_WORK.between(berlin(2026, 3, 10), berlin(2026, 3, 9)) == timedelta(0)


def test_business_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="forward"):
        AT_WORK.add(berlin(2026, 3, 9), timedelta(seconds=-1))


@pytest.mark.parametrize("ask", [lambda at: AT_WORK.add(at, hours(1)), lambda at: AT_WORK.between(at, at)])
def test_an_instant_without_a_zone_is_refused(ask):
    with pytest.raises(ValueError, match="time zone"):
        ask(datetime(2026, 3, 9, 8))


@pytest.mark.parametrize(
    "periods",
    [
        ((time(8), time(8)),),
        ((time(16), time(8)),),
        ((time(8), time(12)), (time(11, 59), time(16))),
        ((time(8), MIDNIGHT), (time(20), time(21))),
    ],
)
def test_hours_that_make_no_sense_are_refused(periods):
    with pytest.raises(ValueError, match=r"overlap|closes after"):
        BusinessHours({0: periods}, BERLIN)


def test_there_is_no_eighth_weekday():
    with pytest.raises(ValueError, match="weekday"):
        BusinessHours({7: SERVICE}, BERLIN)


def test_hours_cannot_be_changed_afterwards():
    with pytest.raises(AttributeError):
        AT_WORK.weekly = ()
    with pytest.raises(TypeError):
        AT_WORK.weekly[0] = ()


# --- The clock on the wall ---

QUARTERS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))


@st.composite
def periods_of_a_day(draw):
    times = sorted(draw(st.sets(QUARTERS, max_size=6)))
    pairs = list(zip(times[::2], times[1::2], strict=False))
    if len(times) % 2:
        pairs.append((times[-1], MIDNIGHT))
    return tuple(pairs)


WEEKS = st.fixed_dictionaries({weekday: periods_of_a_day() for weekday in range(7)})
# Around both clock changes of 2026 and around a new year, to the minute.
STARTS = st.one_of(
    st.integers(0, 4 * 24 * 60).map(lambda n: datetime(2026, 3, 26, tzinfo=UTC) + timedelta(minutes=n)),
    st.integers(0, 4 * 24 * 60).map(lambda n: datetime(2026, 10, 22, tzinfo=UTC) + timedelta(minutes=n)),
    st.integers(0, 4 * 24 * 60).map(lambda n: datetime(2026, 12, 30, tzinfo=UTC) + timedelta(minutes=n)),
)
SPANS = st.integers(0, 5 * 24 * 60).map(lambda n: timedelta(minutes=n))
SPECIAL_DAYS = st.dictionaries(
    st.sampled_from([date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25), date(2027, 1, 1)]),
    periods_of_a_day(),
    max_size=2,
)


@settings(max_examples=120, deadline=None)
@given(week=WEEKS, special=SPECIAL_DAYS, start=STARTS, span=SPANS)
def test_measuring_agrees_with_the_clock_on_the_wall(week, special, start, span):
    wall = WallClock(lambda day: special.get(day, week[day.weekday()]), BERLIN)
    calendar = BusinessHours(week, BERLIN, special)
    assert calendar.between(start, start + span) == wall.count(start, start + span)


@settings(max_examples=80, deadline=None)
@given(week=WEEKS, special=SPECIAL_DAYS, start=STARTS, minutes=st.integers(0, 2000))
def test_adding_agrees_with_the_clock_on_the_wall(week, special, start, minutes):
    wall = WallClock(lambda day: special.get(day, week[day.weekday()]), BERLIN)
    calendar = BusinessHours(week, BERLIN, special)
    expected = wall.reached(start, timedelta(minutes=minutes), give_up=60 * 24 * 12)
    if expected is not None:
        assert calendar.add(start, timedelta(minutes=minutes)) == expected


@settings(max_examples=300, deadline=None)
@given(week=WEEKS.filter(lambda week: any(week.values())), start=STARTS, seconds=st.integers(1, 400_000))
def test_adding_is_the_first_instant_at_which_so_much_is_measured(week, start, seconds):
    calendar = BusinessHours(week, BERLIN)
    start += timedelta(seconds=17)
    due = calendar.add(start, timedelta(seconds=seconds))
    assert calendar.between(start, due) == timedelta(seconds=seconds)
    assert calendar.between(start, due - timedelta(seconds=1)) == timedelta(seconds=seconds - 1)


@settings(max_examples=200, deadline=None)
@given(week=WEEKS, start=STARTS, first=SPANS, second=SPANS)
def test_two_stretches_measure_as_much_as_the_whole(week, start, first, second):
    calendar = BusinessHours(week, BERLIN)
    middle, end = start + first, start + first + second
    assert calendar.between(start, middle) + calendar.between(middle, end) == calendar.between(start, end)


@settings(max_examples=100, deadline=None)
@given(week=WEEKS, start=STARTS, span=SPANS)
def test_the_zone_of_an_instant_does_not_matter(week, start, span):
    calendar = BusinessHours(week, BERLIN)
    tokyo = timezone(timedelta(hours=9))
    here = calendar.between(start.astimezone(BERLIN), (start + span).astimezone(tokyo))
    assert here == calendar.between(start, start + span)
