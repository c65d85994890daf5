"""Business time: fixed values, a table of awkward days, and the clock on the wall as a witness."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.business_time import AT_NIGHT, AT_WEEKENDS, MIDNIGHT, BusinessHours, ClosedBy, Closure, NeverOpens
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


@pytest.mark.parametrize("exceptions", [None, {}, {date(2026, 3, 9): ()}])
def test_hours_of_which_none_are_open_are_refused_at_once(exceptions):
    with pytest.raises(NeverOpens):
        BusinessHours({0: ()}, BERLIN, exceptions)


def test_hours_that_never_open_again_are_an_error_to_add_and_nothing_to_measure():
    never = BusinessHours(WEEK, BERLIN, lambda day: ())
    for ask in (never.next_open, lambda at: never.add(at, hours(1)), lambda at: never.subtract(at, hours(1))):
        with pytest.raises(NeverOpens):
            ask(berlin(2026, 3, 9, 8))
    assert never.between(berlin(2026, 3, 9, 8), berlin(2036, 3, 9, 8)) == timedelta(0)


def test_hours_are_worked_out_once_a_day_and_not_kept_without_end(monkeypatch):
    monkeypatch.setattr("calendars.business_time.DAYS_KEPT", 30)
    asked = []
    calendar = BusinessHours(WEEK, BERLIN, asked.append)
    for _ in range(3):
        calendar.add(berlin(2026, 3, 2, 8), hours(85))
    assert len(asked) == len(set(asked)) < 30
    assert calendar.between(berlin(2026, 1, 5), berlin(2026, 6, 29)) == hours(25 * 42.5)
    assert len(calendar._days) <= 30


def test_days_given_as_a_mapping_cannot_be_changed_afterwards():
    days = {date(2026, 3, 9): ()}
    calendar = BusinessHours(WEEK, BERLIN, days)
    days.clear()
    assert not calendar.is_open(berlin(2026, 3, 9, 8))


@pytest.mark.parametrize(
    ("calendar", "end", "duration", "start"),
    [
        pytest.param(
            AT_WORK, berlin(2026, 3, 9, 8), hours(1), berlin(2026, 3, 6, 15, 30), id="an hour before Monday morning"
        ),
        pytest.param(AT_WORK, berlin(2026, 3, 9, 5), hours(1), berlin(2026, 3, 6, 15), id="from before opening"),
        pytest.param(
            AT_WORK, berlin(2026, 3, 9, 16), hours(8.5), berlin(2026, 3, 9, 7, 30), id="a whole day, not the night"
        ),
        pytest.param(AT_WORK, berlin(2026, 3, 20, 16), hours(85), berlin(2026, 3, 9, 7, 30), id="ten service days"),
        pytest.param(LUNCH, berlin(2026, 3, 9, 13, 30), hours(1), berlin(2026, 3, 9, 11, 30), id="over lunch"),
        pytest.param(
            LUNCH, berlin(2026, 3, 9, 13, 30), hours(0.5), berlin(2026, 3, 9, 13), id="the latest, not at lunch"
        ),
        pytest.param(
            ALWAYS, berlin(2026, 3, 29, 4, 30), hours(2), berlin(2026, 3, 29, 1, 30), id="back over the short night"
        ),
        pytest.param(
            ALWAYS,
            berlin(2026, 10, 25, 2, 30, fold=1),
            hours(2),
            berlin(2026, 10, 25, 1, 30),
            id="back over the long night",
        ),
        pytest.param(AT_WORK, berlin(2026, 3, 7, 12), hours(0), berlin(2026, 3, 7, 12), id="nothing back is here"),
    ],
)
def test_walking_back_finds_the_latest_start(calendar, end, duration, start):
    assert calendar.subtract(end, duration) == start
    assert calendar.between(start, end) == duration


def test_walking_back_yields_the_newest_first_and_clips_it():
    found = list(islice(LUNCH.periods_before(berlin(2026, 3, 9, 14)), 3))
    assert found == [
        (berlin(2026, 3, 9, 13), berlin(2026, 3, 9, 14)),
        (berlin(2026, 3, 9, 8), berlin(2026, 3, 9, 12)),
        (berlin(2026, 3, 6, 13), berlin(2026, 3, 6, 16, 30)),
    ]
    opens, closes = next(ALWAYS.periods_before(berlin(2026, 3, 9)))
    assert (opens, closes) == (berlin(2026, 3, 8), berlin(2026, 3, 9))


def test_the_next_opening_is_now_while_it_is_open():
    assert AT_WORK.next_open(berlin(2026, 3, 9, 7, 30)) == berlin(2026, 3, 9, 7, 30)
    assert AT_WORK.next_open(berlin(2026, 3, 9, 9)) == berlin(2026, 3, 9, 9)
    assert AT_WORK.next_open(berlin(2026, 3, 6, 16)) == berlin(2026, 3, 9, 7, 30)
    assert LUNCH.next_open(berlin(2026, 3, 9, 12)) == berlin(2026, 3, 9, 13)


# --- Why it is closed ---

CORPUS_CHRISTI, BRIDGE = Closure(ClosedBy.PUBLIC_HOLIDAY, "Fronleichnam"), Closure(ClosedBy.CLOSED_DAY, "Brückentag")
IN_JUNE = BusinessHours(
    {weekday: periods for weekday, periods in WEEK.items() if weekday != 2},  # closed on Wednesdays
    BERLIN,
    {date(2026, 6, 4): (), date(2026, 6, 5): ()},
    {date(2026, 6, 4): CORPUS_CHRISTI, date(2026, 6, 5): BRIDGE},
)


@pytest.mark.parametrize(
    ("day", "why"), [(2, None), (3, AT_NIGHT), (4, CORPUS_CHRISTI), (5, BRIDGE), (6, AT_WEEKENDS), (7, AT_WEEKENDS)]
)
def test_a_closed_day_says_why(day, why):
    assert IN_JUNE.closed_because(date(2026, 6, day)) == why


def test_closed_time_that_belongs_together_is_told_as_one():
    found = list(IN_JUNE.stretches(berlin(2026, 6, 1, 12), berlin(2026, 6, 8, 12)))
    assert [(begins.astimezone(BERLIN).strftime("%d. %H:%M"), why) for begins, _, why in found] == [
        ("01. 12:00", None),
        ("01. 16:00", AT_NIGHT),
        ("02. 07:30", None),
        ("02. 16:00", AT_NIGHT),
        ("04. 00:00", CORPUS_CHRISTI),
        ("05. 00:00", BRIDGE),
        ("06. 00:00", AT_WEEKENDS),
        ("08. 07:30", None),
    ]
    assert [begins for begins, _, _ in found[1:]] == [ends for _, ends, _ in found[:-1]]


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ((2026, 3, 6, 17), (2026, 3, 6, 20), [AT_NIGHT]),
        ((2026, 3, 6, 17), (2026, 3, 7, 10), [AT_WEEKENDS]),
        ((2026, 3, 8, 12), (2026, 3, 9, 7, 30), [AT_WEEKENDS]),
        ((2026, 3, 9, 0, 30), (2026, 3, 9, 7), [AT_NIGHT]),
        ((2026, 3, 9, 16), (2026, 3, 10), [AT_NIGHT]),
        ((2026, 3, 9, 17), (2026, 3, 9, 17), []),
        ((2026, 3, 9, 17), (2026, 3, 9, 16), []),
    ],
)
def test_a_part_of_closed_time_is_told_by_what_it_touches(start, end, told):
    assert [why for _, _, why in AT_WORK.stretches(berlin(*start), berlin(*end))] == told


def test_a_day_whose_only_hours_the_clock_skips_is_closed_and_says_so():
    only_then = BusinessHours({6: ((time(2), time(3)),)}, BERLIN)
    assert only_then.closed_because(date(2026, 3, 29)) == AT_WEEKENDS
    assert only_then.closed_because(date(2026, 3, 22)) is None


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
    with pytest.raises(ValueError, match="negative"):
        AT_WORK.subtract(berlin(2026, 3, 9), timedelta(seconds=-1))


@pytest.mark.parametrize(
    "ask",
    [
        lambda at: AT_WORK.add(at, hours(1)),
        lambda at: AT_WORK.subtract(at, hours(1)),
        lambda at: AT_WORK.between(at, at),
        AT_WORK.is_open,
        AT_WORK.next_open,
        lambda at: list(AT_WORK.stretches(at, at)),
    ],
)
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
FAR_OFF = date(2040, 1, 2)  # keeps a week without any hours from being refused
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
    calendar = BusinessHours(week, BERLIN, {**special, FAR_OFF: SERVICE})
    assert calendar.between(start, start + span) == wall.count(start, start + span)


@settings(max_examples=80, deadline=None)
@given(week=WEEKS, special=SPECIAL_DAYS, start=STARTS, minutes=st.integers(0, 2000))
def test_adding_agrees_with_the_clock_on_the_wall(week, special, start, minutes):
    wall = WallClock(lambda day: special.get(day, week[day.weekday()]), BERLIN)
    calendar = BusinessHours(week, BERLIN, {**special, FAR_OFF: SERVICE})
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
    calendar = BusinessHours(week, BERLIN, {FAR_OFF: SERVICE})
    middle, end = start + first, start + first + second
    assert calendar.between(start, middle) + calendar.between(middle, end) == calendar.between(start, end)


@settings(max_examples=100, deadline=None)
@given(week=WEEKS, start=STARTS, span=SPANS)
def test_the_zone_of_an_instant_does_not_matter(week, start, span):
    calendar = BusinessHours(week, BERLIN, {FAR_OFF: SERVICE})
    tokyo = timezone(timedelta(hours=9))
    here = calendar.between(start.astimezone(BERLIN), (start + span).astimezone(tokyo))
    assert here == calendar.between(start, start + span)


@settings(max_examples=300, deadline=None)
@given(week=WEEKS.filter(lambda week: any(week.values())), end=STARTS, seconds=st.integers(1, 400_000))
def test_walking_back_finds_the_last_instant_from_which_so_much_is_measured(week, end, seconds):
    calendar = BusinessHours(week, BERLIN)
    end += timedelta(seconds=17)
    start = calendar.subtract(end, timedelta(seconds=seconds))
    assert calendar.is_open(start)
    assert calendar.between(start, end) == timedelta(seconds=seconds)
    assert calendar.between(start + timedelta(seconds=1), end) == timedelta(seconds=seconds - 1)
    # Forth and back again: a due time is reached from the start that walking back finds.
    due = calendar.add(start, timedelta(seconds=seconds))
    assert due <= end and calendar.between(due, end) == timedelta(0)
    assert calendar.subtract(due, timedelta(seconds=seconds)) == start


@settings(max_examples=200, deadline=None)
@given(week=WEEKS, special=SPECIAL_DAYS, start=STARTS, span=SPANS)
def test_stretches_tell_all_time_and_the_open_ones_are_what_is_measured(week, special, start, span):
    calendar = BusinessHours({**week, 2: SERVICE}, BERLIN, special)
    told = list(calendar.stretches(start, start + span))
    assert [start, *(ends for _, ends, _ in told)] == [*(begins for begins, _, _ in told), start + span]
    is_open = [ends - begins for begins, ends, why in told if why is None]
    assert sum(is_open, timedelta(0)) == calendar.between(start, start + span)
    assert all(calendar.is_open(begins) == (why is None) for begins, _, why in told)
