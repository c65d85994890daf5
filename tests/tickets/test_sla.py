"""The clock of a promise: pauses, reopening, changes of the promise, and the clock on the wall as a witness."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.business_time import MIDNIGHT, BusinessHours, ClosedBy, Closure, NeverOpens
from foundation.berlin import BERLIN
from tests.calendars.wall_clock import WallClock
from tickets.lifecycle import Status
from tickets.sla import SERVICE_DAY, LedgerLine, Reason, SlaClock

SERVICE = ((time(7, 30), time(16)),)
HOURS = BusinessHours(dict.fromkeys(range(5), SERVICE), BERLIN)
ALWAYS = BusinessHours(dict.fromkeys(range(7), ((MIDNIGHT, MIDNIGHT),)), BERLIN)
PAUSED_IN = {Status.WAITING_REPORTER}


def berlin(*parts):
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)


def hours(number):
    return timedelta(hours=number)


def clock(started_at, *changes, calendar=HOURS, paused_in=PAUSED_IN):
    return SlaClock.from_history(calendar, started_at, changes, paused_in)


MONDAY_8 = berlin(2026, 3, 2, 8)


def test_a_clock_without_pauses_runs_with_the_business_hours():
    plain = clock(MONDAY_8, (MONDAY_8, Status.NEW), (berlin(2026, 3, 2, 9), Status.IN_PROGRESS))
    assert plain.due_at(SERVICE_DAY) == berlin(2026, 3, 3, 8)
    assert plain.used(berlin(2026, 3, 2, 20)) == hours(8)
    assert plain.used(MONDAY_8 - hours(1)) == hours(0)
    assert not plain.is_paused


@pytest.mark.parametrize(
    ("asked", "answered", "due"),
    [
        pytest.param((2026, 3, 2, 10), (2026, 3, 2, 12), (2026, 3, 2, 14), id="two hours within the day"),
        pytest.param((2026, 3, 2, 17), (2026, 3, 2, 20), (2026, 3, 2, 12), id="in the evening costs nothing"),
        pytest.param((2026, 3, 2, 10), (2026, 3, 2, 20), (2026, 3, 3, 9, 30), id="over closing time"),
        pytest.param((2026, 3, 2, 10), (2026, 3, 9, 7), (2026, 3, 9, 9, 30), id="a week with its weekend"),
        pytest.param((2026, 3, 2, 10), (2026, 3, 7, 11), (2026, 3, 9, 9, 30), id="answered on Saturday"),
    ],
)
def test_waiting_for_the_reporter_pushes_the_due_time_back_by_business_time_only(asked, answered, due):
    history = (berlin(*asked), Status.WAITING_REPORTER), (berlin(*answered), Status.IN_PROGRESS)
    assert clock(MONDAY_8, *history).due_at(hours(4)) == berlin(*due)


def test_a_pause_over_a_weekend_counts_not_longer_than_its_service_time():
    friday_15, monday_9 = berlin(2026, 3, 6, 15), berlin(2026, 3, 9, 9)
    paused = clock(MONDAY_8, (friday_15, Status.WAITING_REPORTER), (monday_9, Status.IN_PROGRESS))
    assert HOURS.between(MONDAY_8, monday_9) - paused.used(monday_9) == hours(2.5)


def test_while_it_waits_for_the_reporter_nothing_is_due_and_nothing_is_used():
    waiting = clock(MONDAY_8, (berlin(2026, 3, 2, 10), Status.WAITING_REPORTER))
    assert waiting.is_paused
    assert waiting.due_at(hours(4)) is None
    assert waiting.percent_at(0.8, hours(4)) is None
    assert waiting.used(berlin(2026, 3, 20)) == hours(2)


def test_of_two_people_at_the_same_moment_the_second_one_is_believed():
    # A message and a question: whoever asked had looked at the clock before waiting for the message to be written.
    ten = berlin(2026, 3, 2, 10)
    asked_at = ten - timedelta(milliseconds=3)
    waiting = clock(MONDAY_8, (ten, Status.IN_PROGRESS), (asked_at, Status.WAITING_REPORTER))
    assert waiting.is_paused
    assert waiting.used(ten + hours(1)) == hours(2)


def test_what_was_due_before_the_pause_stays_due():
    waiting = clock(MONDAY_8, (berlin(2026, 3, 2, 10), Status.WAITING_REPORTER))
    assert waiting.due_at(hours(2)) == berlin(2026, 3, 2, 10)
    assert waiting.percent_at(0.5, hours(4)) == berlin(2026, 3, 2, 10)
    assert waiting.percent_at(0.25, hours(4)) == berlin(2026, 3, 2, 9)


def test_between_a_solution_and_its_reopening_the_clock_stands_still():
    reopened = clock(
        MONDAY_8,
        (berlin(2026, 3, 2, 10), Status.RESOLVED),
        (berlin(2026, 3, 4, 10), Status.REOPENED),
        (berlin(2026, 3, 4, 11), Status.IN_PROGRESS),
    )
    assert reopened.used(berlin(2026, 3, 4, 10)) == hours(2)
    assert reopened.due_at(hours(4)) == berlin(2026, 3, 4, 12)


def test_waiting_that_ends_in_closing_and_a_late_answer_is_one_pause():
    late = clock(
        MONDAY_8,
        (berlin(2026, 3, 2, 10), Status.WAITING_REPORTER),
        (berlin(2026, 3, 9, 10), Status.CLOSED),
        (berlin(2026, 3, 16, 10), Status.REOPENED),
    )
    assert late.pauses == ((berlin(2026, 3, 2, 10), berlin(2026, 3, 16, 10)),)
    assert late.due_at(hours(4)) == berlin(2026, 3, 16, 12)


def test_the_clock_pauses_only_where_the_policy_says_so():
    history = (berlin(2026, 3, 2, 10), Status.WAITING_EXTERNAL), (berlin(2026, 3, 2, 12), Status.IN_PROGRESS)
    assert clock(MONDAY_8, *history).due_at(hours(4)) == berlin(2026, 3, 2, 12)
    patient = clock(MONDAY_8, *history, paused_in=["waiting_external"])
    assert patient.due_at(hours(4)) == berlin(2026, 3, 2, 14)


def test_escalating_and_returning_do_not_restart_the_promise():
    moved = clock(
        MONDAY_8,
        (berlin(2026, 3, 2, 9), Status.IN_PROGRESS),
        (berlin(2026, 3, 2, 10), Status.ESCALATED),
        (berlin(2026, 3, 2, 11), Status.IN_PROGRESS),
    )
    assert moved.pauses == ()
    assert moved.due_at(hours(4)) == berlin(2026, 3, 2, 12)


def test_a_higher_priority_keeps_what_is_used_even_if_the_promise_is_broken_at_once():
    history = (berlin(2026, 3, 2, 10), Status.WAITING_REPORTER), (berlin(2026, 3, 3, 10), Status.IN_PROGRESS)
    changed = clock(MONDAY_8, *history)
    now = berlin(2026, 3, 3, 14)
    assert changed.used(now) == hours(6)
    assert changed.due_at(3 * SERVICE_DAY) == berlin(2026, 3, 6, 8)
    assert changed.due_at(hours(4)) == berlin(2026, 3, 3, 12) < now


def test_another_calendar_is_applied_to_the_whole_history():
    longer = BusinessHours(dict.fromkeys(range(5), ((time(7), time(20)),)), BERLIN)
    history = (berlin(2026, 3, 2, 17), Status.WAITING_REPORTER), (berlin(2026, 3, 2, 19), Status.IN_PROGRESS)
    assert clock(MONDAY_8, *history).due_at(hours(9)) == berlin(2026, 3, 3, 8, 30)
    assert clock(MONDAY_8, *history, calendar=longer).due_at(hours(9)) == berlin(2026, 3, 2, 17)
    assert clock(MONDAY_8, *history, calendar=longer).due_at(hours(10)) == berlin(2026, 3, 2, 20)


def test_a_clock_that_starts_later_knows_the_state_it_starts_in():
    escalated_at = berlin(2026, 3, 3, 9)
    history = [
        (MONDAY_8, Status.NEW),
        (berlin(2026, 3, 2, 9), Status.WAITING_REPORTER),
        (berlin(2026, 3, 2, 10), Status.IN_PROGRESS),
        (escalated_at, Status.ESCALATED),
    ]
    assert clock(escalated_at, *history).pauses == ()
    assert clock(escalated_at, *history).due_at(hours(1)) == berlin(2026, 3, 3, 10)
    asked_before = clock(escalated_at, *history[:2], (berlin(2026, 3, 3, 11), Status.IN_PROGRESS))
    assert asked_before.due_at(hours(1)) == berlin(2026, 3, 3, 12)


def test_reminders_come_at_half_and_at_four_fifths():
    plain = clock(MONDAY_8)
    assert plain.percent_at(0.5, hours(5)) == berlin(2026, 3, 2, 10, 30)
    assert plain.percent_at(0.8, hours(5)) == berlin(2026, 3, 2, 12)
    assert plain.percent_at(1, hours(5)) == plain.due_at(hours(5))


def test_the_last_minute_before_closing_is_due_then_and_not_next_morning():
    history = (berlin(2026, 3, 2, 16), Status.WAITING_REPORTER), (berlin(2026, 3, 4, 9), Status.IN_PROGRESS)
    assert clock(MONDAY_8, *history).due_at(hours(8)) == berlin(2026, 3, 2, 16)


def test_a_clock_that_can_never_run_again_says_so():
    last_day = BusinessHours({}, BERLIN, {date(2026, 2, 27): SERVICE})
    with pytest.raises(NeverOpens, match="never open again"):
        clock(MONDAY_8, calendar=last_day).due_at(hours(1))


@pytest.mark.parametrize(
    "pauses",
    [
        ((berlin(2026, 3, 1), berlin(2026, 3, 3)),),
        ((berlin(2026, 3, 5), berlin(2026, 3, 4)),),
        ((berlin(2026, 3, 3), berlin(2026, 3, 5)), (berlin(2026, 3, 4), berlin(2026, 3, 6))),
        ((berlin(2026, 3, 3), None), (berlin(2026, 3, 4), None)),
    ],
)
def test_pauses_in_disorder_are_refused(pauses):
    with pytest.raises(ValueError, match="pauses"):
        SlaClock(HOURS, MONDAY_8, pauses)


# --- The ledger ---

OUTING = date(2026, 3, 4)
WITH_AN_OUTING = BusinessHours(
    dict.fromkeys(range(5), ((time(7, 30), time(12)), (time(13), time(16)))),
    BERLIN,
    {OUTING: ()},
    {OUTING: Closure(ClosedBy.CLOSED_DAY, "Betriebsausflug")},
)


def told(lines):
    """Return a ledger as people read it: until when (in Berlin), how much counted, why, and what it is called."""
    return [
        (line.ends.astimezone(BERLIN).strftime("%d. %H:%M"), line.counted / hours(1), line.reason, line.name)
        for line in lines
    ]


def test_the_ledger_says_what_became_of_every_minute():
    running = clock(
        berlin(2026, 3, 2, 15),
        (berlin(2026, 3, 3, 9), Status.WAITING_REPORTER),
        (berlin(2026, 3, 3, 11), Status.IN_PROGRESS),
        (berlin(2026, 3, 6, 10), Status.RESOLVED),
        (berlin(2026, 3, 7, 11), Status.REOPENED),
        calendar=WITH_AN_OUTING,
    )
    lines = running.ledger(berlin(2026, 3, 9, 8))
    assert told(lines) == [
        ("02. 16:00", 1, Reason.COUNTED, ""),
        ("03. 07:30", 0, Reason.OUTSIDE_HOURS, ""),
        ("03. 09:00", 1.5, Reason.COUNTED, ""),
        ("03. 11:00", 0, Reason.PAUSED, Status.WAITING_REPORTER),
        ("03. 12:00", 1, Reason.COUNTED, ""),
        ("03. 13:00", 0, Reason.OUTSIDE_HOURS, ""),
        ("03. 16:00", 3, Reason.COUNTED, ""),
        ("05. 07:30", 0, Reason.CLOSED_DAY, "Betriebsausflug"),
        ("05. 12:00", 4.5, Reason.COUNTED, ""),
        ("05. 13:00", 0, Reason.OUTSIDE_HOURS, ""),
        ("05. 16:00", 3, Reason.COUNTED, ""),
        ("06. 07:30", 0, Reason.OUTSIDE_HOURS, ""),
        ("06. 10:00", 2.5, Reason.COUNTED, ""),
        ("07. 11:00", 0, Reason.PAUSED, Status.RESOLVED),
        ("09. 07:30", 0, Reason.WEEKEND, ""),
        ("09. 08:00", 0.5, Reason.COUNTED, ""),
    ]
    assert sum((line.counted for line in lines), hours(0)) == running.used(berlin(2026, 3, 9, 8)) == hours(17)


def test_every_line_has_words():
    names = {Reason.PAUSED: Status.WAITING_REPORTER, Reason.PUBLIC_HOLIDAY: "Allerheiligen"}
    lines = [LedgerLine(MONDAY_8, MONDAY_8, hours(0), reason, names.get(reason, "")) for reason in Reason]
    assert [line.label for line in lines] == [
        "Zählt",
        "Wartet auf Antwort",
        "Wochenende",
        "Allerheiligen",
        "Schulfrei",
        "An diesem Tag geschlossen",
        "Außerhalb der Servicezeiten",
    ]
    assert set(ClosedBy) | {"counted", "paused"} == set(Reason)


def test_a_pause_is_told_by_the_states_it_was_in():
    late = clock(
        MONDAY_8,
        (berlin(2026, 3, 2, 10), Status.WAITING_REPORTER),
        (berlin(2026, 3, 2, 11), Status.WAITING_REPORTER),
        (berlin(2026, 3, 9, 10), Status.CLOSED),
        (berlin(2026, 3, 16, 10), Status.REOPENED),
    )
    assert [line.name for line in late.ledger(berlin(2026, 3, 16, 10))] == ["", "waiting_reporter", "closed"]
    still = clock(MONDAY_8, (berlin(2026, 3, 2, 10), "waiting_reporter"))
    last = still.ledger(berlin(2026, 3, 2, 12))[-1]
    assert (last.ends, last.reason, last.name) == (
        berlin(2026, 3, 2, 12),
        Reason.PAUSED,
        Status.WAITING_REPORTER,
    )


def test_a_clock_that_starts_while_paused_knows_in_which_state():
    asked_before = clock(
        berlin(2026, 3, 3, 9), (MONDAY_8, Status.WAITING_REPORTER), (berlin(2026, 3, 3, 11), Status.IN_PROGRESS)
    )
    first = asked_before.ledger(berlin(2026, 3, 3, 12))[0]
    assert first == LedgerLine(
        berlin(2026, 3, 3, 9), berlin(2026, 3, 3, 11), hours(0), Reason.PAUSED, Status.WAITING_REPORTER
    )


def test_a_pause_given_without_its_state_is_told_as_a_pause():
    given_plainly = SlaClock(HOURS, MONDAY_8, ((berlin(2026, 3, 2, 9), berlin(2026, 3, 2, 10)),))
    assert told(given_plainly.ledger(berlin(2026, 3, 2, 11)))[1] == ("02. 10:00", 0, Reason.PAUSED, "")


def test_before_its_start_there_is_nothing_to_tell():
    assert clock(MONDAY_8).ledger(MONDAY_8) == clock(MONDAY_8).ledger(MONDAY_8 - hours(1)) == []


def test_round_the_clock_is_one_line():
    (line,) = clock(MONDAY_8, calendar=ALWAYS).ledger(berlin(2026, 3, 5, 8))
    assert line.counted == hours(72)


def test_a_ledger_wants_an_instant_with_a_zone():
    with pytest.raises(ValueError, match="time zone"):
        clock(MONDAY_8).ledger(datetime(2026, 3, 2, 12))


def test_what_remains_goes_below_nothing_once_the_promise_is_broken():
    plain = clock(MONDAY_8)
    assert plain.remaining(berlin(2026, 3, 2, 9), hours(4)) == hours(3)
    assert plain.remaining(berlin(2026, 3, 2, 14), hours(4)) == -hours(2)


# --- The clock on the wall ---

STATES = st.sampled_from(
    [Status.IN_PROGRESS, Status.WAITING_REPORTER, Status.WAITING_EXTERNAL, Status.RESOLVED, Status.REOPENED]
)
GAPS = st.integers(1, 2000).map(lambda n: timedelta(minutes=n))
CALENDARS = st.sampled_from(
    [
        {weekday: ((time(7, 30), time(16)),) for weekday in range(5)},
        {weekday: ((time(8), time(12)), (time(13), time(16, 30))) for weekday in range(5)},
        {weekday: ((MIDNIGHT, time(2, 30)), (time(2, 45), MIDNIGHT)) for weekday in range(7)},
        dict.fromkeys(range(7), ((MIDNIGHT, MIDNIGHT),)),
    ]
)
CLOSED = {date(2026, 10, 26): (), date(2026, 3, 30): ()}
STARTS = st.one_of(
    st.integers(0, 4000).map(lambda n: datetime(2026, 3, 27, tzinfo=UTC) + timedelta(minutes=n)),
    st.integers(0, 4000).map(lambda n: datetime(2026, 10, 23, tzinfo=UTC) + timedelta(minutes=n)),
)
HISTORIES = st.lists(st.tuples(GAPS, STATES), max_size=6)


def story(week, start, steps):
    """Return the clock of a random history, the wall clock beside it and the pauses it must leave out."""
    at, changes = start, []
    for gap, status in steps:
        at += gap
        changes.append((at, status))
    still = {Status.WAITING_REPORTER, Status.RESOLVED}
    states = [(start, Status.NEW), *changes, (None, None)]
    pauses = [(a, b) for (a, status), (b, _) in pairwise(states) if status in still]
    wall = WallClock(lambda day: CLOSED.get(day, week.get(day.weekday(), ())), BERLIN)
    return clock(start, *changes, calendar=BusinessHours(week, BERLIN, CLOSED)), wall, pauses


@settings(max_examples=80, deadline=None)
@given(week=CALENDARS, start=STARTS, steps=HISTORIES, span=st.integers(0, 8000))
def test_what_is_used_agrees_with_the_clock_on_the_wall(week, start, steps, span):
    running, wall, pauses = story(week, start, steps)
    until = start + timedelta(minutes=span)
    assert running.used(until) == wall.count(start, until, pauses)


@settings(max_examples=80, deadline=None)
@given(week=CALENDARS, start=STARTS, steps=HISTORIES, minutes=st.integers(0, 2500))
def test_what_is_due_agrees_with_the_clock_on_the_wall(week, start, steps, minutes):
    running, wall, pauses = story(week, start, steps)
    target = timedelta(minutes=minutes)
    expected = wall.reached(start, target, pauses, give_up=60 * 24 * 25)
    assert running.due_at(target) == expected
    if expected is None:
        assert running.is_paused


@settings(max_examples=200, deadline=None)
@given(week=CALENDARS, start=STARTS, steps=HISTORIES, more=STATES, minutes=st.integers(0, 2500))
def test_no_further_step_ever_brings_a_due_time_forward(week, start, steps, more, minutes):
    target = timedelta(minutes=minutes)
    before, _, _ = story(week, start, steps)
    after, _, _ = story(week, start, [*steps, (timedelta(minutes=90), more)])
    due, due_then = before.due_at(target), after.due_at(target)
    last = start + sum((gap for gap, _ in steps), timedelta(minutes=90))
    if due is not None and due_then is not None:
        assert due_then >= due
    elif due is not None:
        assert after.is_paused and due > last


@settings(max_examples=150, deadline=None)
@given(week=CALENDARS, start=STARTS, steps=HISTORIES, seconds=st.integers(0, 500_000))
def test_the_ledger_has_no_gap_and_adds_up_to_what_is_used(week, start, steps, seconds):
    running, _, _ = story(week, start, steps)
    until = start + timedelta(seconds=seconds)
    lines = running.ledger(until)
    assert [start, *(line.ends for line in lines)] == [*(line.begins for line in lines), until]
    assert all(line.begins < line.ends for line in lines)
    assert all(line.counted == (line.ends - line.begins) * (line.reason == Reason.COUNTED) for line in lines)
    assert sum((line.counted for line in lines), timedelta(0)) == running.used(until)
    assert all((one.reason, one.name) != (other.reason, other.name) for one, other in pairwise(lines))
