from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from foundation import wording
from foundation.berlin import BERLIN

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=BERLIN)  # a Monday


def berlin(*parts):
    return datetime(*parts, tzinfo=BERLIN)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(autouse=True)
def german():
    with translation.override("de"):
        yield


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (berlin(2026, 11, 23, 7, 58), "heute, 7:58 Uhr"),
        (berlin(2026, 11, 22, 23, 59), "gestern, 23:59 Uhr"),
        (berlin(2026, 11, 24, 0, 0), "morgen, 0:00 Uhr"),
        (berlin(2026, 11, 27, 9, 5), "Fr., 27. November, 9:05 Uhr"),
        (berlin(2027, 1, 4, 8, 0), "Mo., 4. Januar 2027, 8:00 Uhr"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "heute, 0:30 Uhr"),
    ],
)
def test_a_moment_reads_like_people_say_it(at, words):
    assert plain(wording.moment(at, NOW)) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (berlin(2026, 11, 23, 7, 58), "seit 7:58 Uhr"),
        (berlin(2026, 11, 22, 7, 58), "seit gestern"),
        (berlin(2026, 11, 20, 7, 58), "seit Freitag"),
        (berlin(2026, 11, 17, 7, 58), "seit Dienstag"),
        (berlin(2026, 11, 16, 7, 58), "seit 16. November"),
        (berlin(2025, 12, 24, 7, 58), "seit 24. Dezember 2025"),
    ],
)
def test_since_names_the_shortest_clear_point(at, words):
    assert plain(wording.since(at, NOW)) == words


@pytest.mark.parametrize(
    ("at", "words", "near"),
    [
        (berlin(2026, 11, 23, 10, 55), "noch 25 Min.", True),
        (berlin(2026, 11, 23, 11, 30), "noch 1 Std.", True),
        (berlin(2026, 11, 23, 11, 31), "heute, 11:31 Uhr", False),
        (berlin(2026, 11, 24, 9, 0), "morgen, 9:00 Uhr", False),
        (berlin(2026, 11, 27, 9, 0), "Fr., 27. November, 9:00 Uhr", False),
        (berlin(2026, 11, 23, 10, 30), "überfällig seit 10:30 Uhr", True),
        (berlin(2026, 11, 20, 9, 0), "überfällig seit Freitag", True),
    ],
)
def test_a_promise_says_how_much_time_is_left(at, words, near):
    told = wording.due(at, NOW)
    assert (plain(told.text), told.near) == (words, near)


def test_a_list_leaves_the_time_of_later_days_out():
    assert wording.due(berlin(2026, 11, 27, 9), NOW, short=True).text == "Fr., 27. November"
    assert plain(wording.due(berlin(2026, 11, 24, 9), NOW, short=True).text) == "morgen, 9:00 Uhr"


@pytest.mark.parametrize("day", [berlin(2026, 3, 29, 12), berlin(2026, 10, 25, 12)])
def test_the_days_around_a_clock_change_are_still_yesterday_today_and_tomorrow(day):
    hours = [berlin(day.year, day.month, day.day + step, 0, 30) for step in (-1, 0, 1)]
    assert [wording.day(at, day) for at in hours] == ["gestern", "heute", "morgen"]


def test_the_hour_that_comes_twice_is_told_by_the_time_left():
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold) for fold in (0, 1))
    assert plain(wording.due(second.astimezone(UTC), first.astimezone(UTC)).text) == "noch 1 Std."


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=1), "1 Min."),
        (timedelta(), "0 Min."),
        (timedelta(hours=5, minutes=20), "5 Std. 20 Min."),
        (timedelta(days=2), "48 Std."),
        (timedelta(hours=-1), "0 Min."),
    ],
)
def test_a_span_counts_started_minutes(length, words):
    assert plain(wording.span(length)) == words


def test_numbers_have_the_separators_of_the_language():
    assert (wording.number(1234), plain(wording.percent(0.924))) == ("1.234", "92 %")
    with translation.override("en"):
        assert (wording.number(1234), plain(wording.percent(0.924))) == ("1,234", "92 %")


def test_english_reads_the_same_way():
    with translation.override("en"):
        assert wording.moment(berlin(2026, 11, 23, 7, 58), NOW) == "today, 7:58"
        assert wording.since(berlin(2026, 11, 20, 7, 58), NOW) == "since Friday"
        assert plain(wording.due(berlin(2026, 11, 23, 10, 55), NOW).text) == "25 mins left"
        assert wording.long_day(NOW) == "Monday, 23 November 2026"


def test_dates_in_full_and_in_tables():
    assert (wording.long_day(NOW), wording.short_day(NOW)) == ("Montag, 23. November 2026", "23.11.2026")


def test_a_number_stays_with_its_unit():
    assert wording.clock(berlin(2026, 11, 23, 7, 58)) == "7:58\N{NO-BREAK SPACE}Uhr"
