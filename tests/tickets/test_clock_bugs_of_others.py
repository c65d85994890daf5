"""What other helpdesks got wrong about time, one test each, kept for ever. Pure: no rows, no sweep."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from calendars.business_time import MIDNIGHT, BusinessHours
from calendars.models import BusinessCalendar, OpeningHours
from calendars.public_holidays import public_holidays
from foundation.berlin import BERLIN
from tickets.lifecycle import Status
from tickets.sla import SERVICE_DAY, Reason, SlaClock

WORKDAYS = range(5)
DAY = ((time(7, 30), time(16)),)
LUNCH = ((time(7, 30), time(12)), (time(13), time(16)))
HOURS = BusinessHours(dict.fromkeys(WORKDAYS, DAY), BERLIN)
SPLIT = BusinessHours(dict.fromkeys(WORKDAYS, LUNCH), BERLIN)
ALWAYS = BusinessHours(dict.fromkeys(range(7), ((MIDNIGHT, MIDNIGHT),)), BERLIN)


def berlin(*parts, fold=0):
    return datetime(*parts, tzinfo=BERLIN, fold=fold).astimezone(UTC)


def hours(number):
    return timedelta(hours=number)


def clock(started_at, *changes, calendar=HOURS):
    return SlaClock.from_history(calendar, started_at, changes, {Status.WAITING_REPORTER})


def nrw(rule="open", **days):
    """Return the hours of a calendar of ours, Monday to Friday, with the public holidays of NRW."""
    rows = [OpeningHours(weekday=weekday, opens=time(7, 30), closes=time(16)) for weekday in WORKDAYS]
    return BusinessCalendar(slug="nrw", name_de="NRW", school_free_rule=rule).hours(opening=rows, **days)


@pytest.mark.parametrize(
    ("calendar", "start", "due"),
    [
        pytest.param(nrw(), berlin(2026, 10, 23, 15), berlin(2026, 10, 26, 8, 30), id="Friday before winter time"),
        pytest.param(nrw(), berlin(2026, 3, 27, 15), berlin(2026, 3, 30, 8, 30), id="Friday before summer time"),
        pytest.param(ALWAYS, berlin(2026, 3, 29, 1, 30), berlin(2026, 3, 29, 4, 30), id="in the short night"),
        pytest.param(ALWAYS, berlin(2026, 10, 25, 1, 30), berlin(2026, 10, 25, 2, 30, fold=1), id="in the long night"),
    ],
)
def test_the_fixed_values_of_two_hours(calendar, start, due):
    promise = clock(start, calendar=calendar)
    assert promise.due_at(hours(2)) == due
    assert promise.used(due) == hours(2) and not promise.remaining(due, hours(2))
    assert sum((line.counted for line in promise.ledger(due)), timedelta(0)) == hours(2)
    assert calendar.subtract(due, hours(2)) == start


def test_these_values_hold_in_school_holidays_of_a_calendar_that_stays_open():
    autumn = {date(2026, 10, 12) + timedelta(days=n): "Herbstferien" for n in range(20)}
    open_then = nrw(school_free_days=autumn)
    assert open_then.add(berlin(2026, 10, 23, 15), hours(2)) == berlin(2026, 10, 26, 8, 30)
    assert nrw("closed", school_free_days=autumn).add(berlin(2026, 10, 23, 15), hours(2)) == berlin(2026, 11, 2, 9, 30)


def test_nrw_has_eleven_holidays_in_2026_by_name():
    named = public_holidays(2026)
    assert len(named) == 11
    assert {"Allerheiligen", "Fronleichnam"} <= set(named.values())
    assert date(2026, 2, 16) not in named and date(2026, 11, 11) not in named


def test_zammad_390_saint_martin_is_a_working_day():
    assert nrw().add(berlin(2026, 11, 10, 15), hours(2)) == berlin(2026, 11, 11, 8, 30)


def test_zammad_3180_round_the_clock_has_no_minute_missing_at_midnight():
    midnight = berlin(2026, 3, 10)
    assert ALWAYS.is_open(midnight - timedelta(seconds=1)) and ALWAYS.is_open(midnight)
    assert ALWAYS.between(midnight - hours(1), midnight + hours(1)) == hours(2)


def test_zammad_534_a_changed_calendar_holds_for_the_report_that_is_there():
    reported = berlin(2026, 3, 2, 15)
    closed_on_tuesday = nrw(closed_days={date(2026, 3, 3): "Ausflug"})
    assert clock(reported, calendar=nrw()).due_at(hours(2)) == berlin(2026, 3, 3, 8, 30)
    assert clock(reported, calendar=closed_on_tuesday).due_at(hours(2)) == berlin(2026, 3, 4, 8, 30)


def test_zammad_904_a_merged_report_is_never_due():
    merged = clock(berlin(2026, 3, 2, 8), (berlin(2026, 3, 2, 9), Status.MERGED))
    assert merged.due_at(hours(2)) is None and merged.percent_at(0.8, hours(2)) is None


def test_zammad_2082_and_3140_nothing_is_due_once_it_was_answered_and_waits():
    answered = clock(berlin(2026, 3, 2, 8), (berlin(2026, 3, 2, 9), Status.WAITING_REPORTER))
    assert answered.due_at(hours(2)) is None
    assert answered.used(berlin(2026, 3, 30)) == hours(1)


@pytest.mark.parametrize("calendar", [HOURS, SPLIT], ids=["whole days", "with a lunch break"])
def test_zammad_2157_and_4432_no_point_of_a_clock_lies_at_midnight_or_on_a_weekend(calendar):
    reported_on_saturday = clock(berlin(2026, 10, 24, 23, 59), calendar=calendar)
    for percent in range(1, 101):
        point = reported_on_saturday.percent_at(percent / 100, 3 * SERVICE_DAY)
        assert calendar.is_open(point - timedelta(microseconds=1))


def test_zammad_5177_later_steps_do_not_overrule_an_earlier_due_time():
    reported = berlin(2026, 3, 2, 8)
    steps = [(reported + timedelta(minutes=20 * n), Status.IN_PROGRESS) for n in range(10)]
    assert clock(reported, *steps).due_at(hours(1)) == clock(reported).due_at(hours(1)) == berlin(2026, 3, 2, 9)


def test_zammad_5624_a_new_promise_replaces_the_old_one_and_keeps_what_is_used():
    moved = clock(berlin(2026, 3, 2, 8), (berlin(2026, 3, 2, 12), Status.ESCALATED))
    assert moved.due_at(hours(2)) == berlin(2026, 3, 2, 10)
    assert moved.remaining(berlin(2026, 3, 2, 12), SERVICE_DAY) == hours(4.5)


def test_glpi_687_and_10594_and_pr14937_a_pause_over_a_weekend_counts_its_service_time_once():
    pause = (berlin(2026, 3, 6, 15), Status.WAITING_REPORTER), (berlin(2026, 3, 9, 8, 30), Status.IN_PROGRESS)
    paused = clock(berlin(2026, 3, 6, 14), *pause)
    assert paused.due_at(hours(4)) == berlin(2026, 3, 9, 11, 30)
    assert HOURS.between(berlin(2026, 3, 6, 14), paused.due_at(hours(4))) - hours(4) == hours(2)


def test_glpi_9082_and_14492_a_pause_outside_the_service_times_costs_nothing():
    pause = (berlin(2026, 3, 2, 16, 30), Status.WAITING_REPORTER), (berlin(2026, 3, 3, 7), Status.IN_PROGRESS)
    assert clock(berlin(2026, 3, 2, 15), *pause).due_at(hours(2)) == berlin(2026, 3, 3, 8, 30)


def test_glpi_15429_and_pr12646_each_clock_runs_by_its_own_calendar():
    at = berlin(2026, 3, 6, 15)
    assert clock(at, calendar=HOURS).due_at(hours(2)) == berlin(2026, 3, 9, 8, 30)
    assert clock(at, calendar=ALWAYS).due_at(hours(2)) == berlin(2026, 3, 6, 17)


def test_glpi_pr22678_an_hour_before_due_is_an_hour_of_service_and_not_midnight():
    due = clock(berlin(2026, 3, 6, 15), calendar=SPLIT).due_at(hours(1.5))
    assert due == berlin(2026, 3, 9, 8)
    assert SPLIT.subtract(due, hours(1)) == berlin(2026, 3, 6, 15, 30)
    assert SPLIT.subtract(berlin(2026, 3, 9, 13, 15), hours(0.5)) == berlin(2026, 3, 9, 11, 45)


def test_glpi_6902_and_15605_a_new_urgency_keeps_the_pause():
    pause = (berlin(2026, 3, 2, 9), Status.WAITING_REPORTER), (berlin(2026, 3, 2, 11), Status.IN_PROGRESS)
    paused = clock(berlin(2026, 3, 2, 8), *pause)
    assert paused.due_at(hours(4)) == berlin(2026, 3, 2, 14)
    assert paused.due_at(hours(2)) == berlin(2026, 3, 2, 12)


def test_otrs_pr787_and_pr698_the_end_of_summer_time_neither_shifts_nor_hangs():
    start = berlin(2026, 10, 23, 16)
    for minutes in range(0, 24 * 60, 7):
        due = ALWAYS.add(start, hours(36) + timedelta(minutes=minutes))
        assert due - start == hours(36) + timedelta(minutes=minutes)
    assert HOURS.add(start, SERVICE_DAY) == berlin(2026, 10, 26, 16)


@pytest.mark.parametrize(
    ("zone", "skips"),
    [
        ("America/Sao_Paulo", (2017, 10, 15)),  # where the clock goes from 23:59 to 1:00
        ("Asia/Tehran", (2022, 3, 22)),
        ("Europe/Berlin", (2026, 3, 29)),
    ],
)
def test_otobo_a_day_that_begins_late_is_an_hour_short_and_hangs_nothing(zone, skips):
    there = ZoneInfo(zone)
    calendar = BusinessHours(dict.fromkeys(range(7), ((MIDNIGHT, MIDNIGHT),)), there)
    eve = datetime(*skips, tzinfo=there) - hours(12)
    assert calendar.between(eve, eve + hours(36)) == hours(35)  # both ends as the wall shows them
    assert calendar.add(eve, hours(35)) == (eve + hours(36)).astimezone(UTC)
    assert calendar.subtract(calendar.add(eve, hours(35)), hours(35)) == eve.astimezone(UTC)


def test_healthchecks_the_time_of_grace_is_right_over_the_clock_change():
    ends = berlin(2026, 10, 25, 3)
    assert ALWAYS.subtract(ends, hours(1)) == berlin(2026, 10, 25, 2, fold=1)
    assert ALWAYS.subtract(ends, hours(2)) == berlin(2026, 10, 25, 2)


def test_oncall_3261_hours_stay_where_the_wall_clock_has_them_in_winter_and_summer():
    for month in (1, 7, 11):
        opens, closes = next(HOURS.periods_after(berlin(2026, month, 13)))
        assert (opens.astimezone(BERLIN).time(), closes.astimezone(BERLIN).time()) == (time(7, 30), time(16))


def test_osticket_6847_the_lunch_break_does_not_count():
    before_lunch = clock(berlin(2026, 3, 2, 11), calendar=SPLIT)
    assert before_lunch.due_at(hours(2)) == berlin(2026, 3, 2, 14)
    assert [line.reason for line in before_lunch.ledger(berlin(2026, 3, 2, 14))] == [
        Reason.COUNTED,
        Reason.OUTSIDE_HOURS,
        Reason.COUNTED,
    ]


def test_osticket_6739_a_week_may_consist_of_any_days():
    for weekday in range(7):
        only_then = BusinessHours({weekday: DAY}, BERLIN)
        assert only_then.add(berlin(2026, 3, 2), 5 * SERVICE_DAY).astimezone(BERLIN).weekday() == weekday


def test_osticket_1168_business_hours_are_found_after_years():
    assert HOURS.between(berlin(2026, 1, 5), berlin(2031, 1, 6)) == 261 * 5 * SERVICE_DAY


def test_frappe_2449_time_on_hold_is_not_added_to_the_clock_on_the_wall():
    held = (berlin(2026, 3, 2, 10), Status.WAITING_REPORTER), (berlin(2026, 3, 4, 10), Status.RESOLVED)
    assert clock(berlin(2026, 3, 2, 8), *held).used(berlin(2026, 3, 9)) == hours(2)
