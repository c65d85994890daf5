"""Service calendars in the database: what it refuses, and what is read back in two statements."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from calendars.business_time import MIDNIGHT, ClosedBy
from calendars.commands import note_change
from calendars.models import BusinessCalendar, ClosedDay, OpeningHours, SchoolHoliday
from calendars.public_holidays import is_public_holiday, public_holiday_name, public_holidays
from calendars.reading import CalendarIsEmpty, hours_of
from foundation.berlin import BERLIN

pytestmark = pytest.mark.django_db
OWN_HOURS = BusinessCalendar.SchoolFreeRule.OWN_HOURS


def berlin(*parts):
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def calendar():
    """Mondays 8 to 12 and 13 to 16, in school holidays 9 to 11."""
    calendar = BusinessCalendar.objects.create(slug="mondays", name_de="Montags", school_free_rule=OWN_HOURS)
    for opens, closes, applies in [(8, 12, "school"), (13, 16, "school"), (9, 11, "school_free")]:
        OpeningHours.objects.create(
            calendar=calendar, weekday=0, opens=time(opens), closes=time(closes), applies=applies
        )
    return calendar


@pytest.fixture
def summer():
    return SchoolHoliday.objects.create(
        name="Sommerferien 2026", starts_on=date(2026, 7, 20), ends_on=date(2026, 9, 1)
    )


def open_on(hours, day):
    return [f"{opens:%H}-{closes:%H}" for opens, closes in hours.periods_on(day)]


def test_the_product_comes_with_a_default_calendar_from_half_past_seven_to_four():
    hours = hours_of()
    assert hours.add(berlin(2026, 10, 23, 15), timedelta(hours=2)) == berlin(2026, 10, 26, 8, 30)
    assert hours.between(berlin(2026, 3, 2), berlin(2026, 3, 9)) == timedelta(hours=42.5)


def test_the_default_calendar_stays_open_in_school_holidays(summer):
    assert open_on(hours_of(), date(2026, 7, 27)) == ["07-16"]


def test_the_systemhaus_has_a_calendar_of_its_own_with_the_same_hours():
    systemhaus = BusinessCalendar.objects.get(slug="systemhaus")
    assert not systemhaus.is_default
    day = date(2026, 3, 2)
    assert hours_of(slug="systemhaus").periods_on(day) == hours_of(systemhaus.pk).periods_on(day)
    assert open_on(hours_of(systemhaus.pk), day) == ["07-16"]


def test_public_holidays_of_nrw_are_closed_whatever_the_rule(calendar):
    easter_monday, whit_monday = date(2026, 4, 6), date(2026, 5, 25)
    assert open_on(hours_of(calendar.pk), easter_monday) == []
    assert open_on(hours_of(calendar.pk), whit_monday) == []
    assert hours_of().add(berlin(2026, 4, 2, 15), timedelta(hours=2)) == berlin(2026, 4, 7, 8, 30)


def test_nrw_has_eleven_public_holidays_and_carnival_is_none_of_them():
    assert len(public_holidays(2026)) == 11
    assert is_public_holiday(date(2026, 6, 4)) and is_public_holiday(date(2026, 11, 1))
    assert not is_public_holiday(date(2026, 2, 16)) and not is_public_holiday(date(2026, 11, 11))


@pytest.mark.parametrize(
    ("rule", "expected"), [("open", ["08-12", "13-16"]), ("closed", []), ("own_hours", ["09-11"])]
)
def test_the_rule_of_the_calendar_decides_about_school_free_days(calendar, summer, rule, expected):
    BusinessCalendar.objects.filter(pk=calendar.pk).update(school_free_rule=rule)
    hours = hours_of(calendar.pk)
    assert open_on(hours, date(2026, 7, 20)) == expected
    assert open_on(hours, date(2026, 8, 31)) == expected
    assert open_on(hours, date(2026, 7, 13)) == open_on(hours, date(2026, 9, 7)) == ["08-12", "13-16"]


def test_movable_days_of_a_school_count_as_its_holidays(calendar):
    # Any rows with a `day` will do; those of another calendar stand in for the ones of a school.
    other = BusinessCalendar.objects.get(is_default=True)
    ClosedDay.objects.create(calendar=other, day=date(2026, 2, 16), name="Rosenmontag")
    hours = hours_of(calendar.pk, movable_days=ClosedDay.objects.filter(calendar=other))
    assert open_on(hours, date(2026, 2, 16)) == ["09-11"]
    assert open_on(hours_of(calendar.pk), date(2026, 2, 16)) == ["08-12", "13-16"]


def test_a_closed_day_closes_its_own_calendar_only(calendar):
    ClosedDay.objects.create(calendar=calendar, day=date(2026, 3, 2), name="Betriebsausflug")
    assert open_on(hours_of(calendar.pk), date(2026, 3, 2)) == []
    assert open_on(hours_of(), date(2026, 3, 2)) == ["07-16"]


def test_a_closed_day_wins_over_a_school_free_one(calendar, summer):
    ClosedDay.objects.create(calendar=calendar, day=date(2026, 7, 27), name="Umzug")
    assert open_on(hours_of(calendar.pk), date(2026, 7, 27)) == []


def test_what_ended_before_the_first_day_of_interest_is_left_out(calendar, summer):
    ClosedDay.objects.create(calendar=calendar, day=date(2026, 8, 24), name="Umzug")
    late = hours_of(calendar.pk, since=date(2026, 9, 1))
    assert open_on(late, date(2026, 8, 31)) == ["09-11"]  # the holidays still lasted on that first day
    assert open_on(late, date(2026, 8, 24)) == ["09-11"]
    assert open_on(hours_of(calendar.pk, since=date(2026, 9, 2)), date(2026, 8, 31)) == ["08-12", "13-16"]


def test_hours_say_of_every_closed_day_why(calendar, summer):
    BusinessCalendar.objects.filter(pk=calendar.pk).update(school_free_rule="closed")
    ClosedDay.objects.create(calendar=calendar, day=date(2026, 3, 2), name="Betriebsausflug")
    other = BusinessCalendar.objects.get(is_default=True)
    for day, name in [(date(2026, 2, 16), "Rosenmontag"), (date(2026, 2, 23), "")]:
        ClosedDay.objects.create(calendar=other, day=day, name=name)
    movable = ClosedDay.objects.filter(calendar=other)
    hours = hours_of(calendar.pk, movable_days=movable)
    assert {day: hours.closed_because(date(2026, *day)) for day in [(2, 9), (2, 10), (2, 14), (2, 16), (2, 23)]} == {
        (2, 9): None,
        (2, 10): (ClosedBy.OUTSIDE_HOURS, ""),
        (2, 14): (ClosedBy.WEEKEND, ""),
        (2, 16): (ClosedBy.SCHOOL_FREE, "Rosenmontag"),
        (2, 23): (ClosedBy.SCHOOL_FREE, ""),
    }
    assert hours.closed_because(date(2026, 3, 2)) == (ClosedBy.CLOSED_DAY, "Betriebsausflug")
    assert hours.closed_because(date(2026, 7, 25)) == (ClosedBy.SCHOOL_FREE, "Sommerferien 2026")
    assert hours.closed_because(date(2026, 11, 1)) == (ClosedBy.PUBLIC_HOLIDAY, "Allerheiligen")


def test_own_hours_leave_a_weekend_in_the_holidays_a_weekend(calendar, summer):
    hours = hours_of(calendar.pk)
    assert hours.closed_because(date(2026, 7, 20)) is None
    assert hours.closed_because(date(2026, 7, 21)) == (ClosedBy.SCHOOL_FREE, "Sommerferien 2026")
    assert hours.closed_because(date(2026, 7, 25)) == (ClosedBy.WEEKEND, "")
    assert hours_of().closed_because(date(2026, 7, 25)) == (ClosedBy.WEEKEND, "")


def test_public_holidays_are_named_in_the_language_of_the_page():
    hours, corpus_christi = hours_of(), date(2026, 6, 4)
    assert hours.closed_because(corpus_christi).name == "Fronleichnam"
    with translation.override("en"):
        assert hours.closed_because(corpus_christi).name == "Corpus Christi"
    assert public_holiday_name(corpus_christi) == "Fronleichnam"
    assert public_holiday_name(corpus_christi, "fr") == "Fronleichnam"
    assert public_holiday_name(date(2026, 6, 5)) is None


def test_hours_name_the_calendar_and_the_version_they_were_read_from(calendar):
    assert hours_of(calendar.pk).source == (calendar.pk, "Montags", 1)
    for day in (2, 3):
        note_change(calendar=calendar, at=berlin(2026, 3, day))
    assert hours_of(calendar.pk).source.version == 3
    assert hours_of().source.version == 1
    calendar.refresh_from_db()
    assert calendar.changed_at == berlin(2026, 3, 3)


def test_holidays_of_years_are_a_typing_mistake():
    holiday = SchoolHoliday(name="Sommerferien", starts_on=date(2026, 7, 20), ends_on=date(2036, 9, 1))
    with pytest.raises(ValidationError, match="Monate"):
        holiday.full_clean()


@pytest.mark.parametrize("days", [1, 40])
def test_reading_a_calendar_costs_two_statements(calendar, summer, days, django_assert_num_queries):
    for n in range(days):
        day = date(2026, 3, 1) + timedelta(days=n)
        ClosedDay.objects.create(calendar=calendar, day=day, name="zu")
    with django_assert_num_queries(2):
        hours = hours_of(calendar.pk, movable_days=ClosedDay.objects.all(), since=date(2026, 1, 1))
        hours.add(berlin(2026, 2, 28), timedelta(hours=100))
    with django_assert_num_queries(2):
        hours_of().between(berlin(2026, 1, 1), berlin(2026, 12, 31))


@pytest.mark.parametrize("which", [{"calendar_id": 0}, {"slug": "nowhere"}])
def test_a_calendar_without_hours_is_an_error_of_its_own(which):
    with pytest.raises(CalendarIsEmpty):
        hours_of(**which)


def test_round_the_clock_is_entered_as_midnight_to_midnight(calendar):
    OpeningHours.objects.create(calendar=calendar, weekday=6, opens=MIDNIGHT, closes=MIDNIGHT)
    sunday = hours_of(calendar.pk).between(berlin(2026, 3, 29), berlin(2026, 3, 30))
    assert sunday == timedelta(hours=23)
    assert str(OpeningHours.objects.get(weekday=6)) == "Sonntag, 00:00–24:00"


def test_there_is_one_default_calendar():
    with pytest.raises(IntegrityError), transaction.atomic():
        BusinessCalendar.objects.create(slug="second", name_de="Zweiter", is_default=True)
    with pytest.raises(ValidationError):
        BusinessCalendar(slug="second", name_de="Zweiter", is_default=True).full_clean()


@pytest.mark.parametrize(
    ("weekday", "opens", "closes"),
    [
        (0, time(11), time(14)),  # over both periods of the morning and the afternoon
        (0, time(7), time(8, 0, 1)),
        (0, time(15), MIDNIGHT),
        (0, MIDNIGHT, MIDNIGHT),
        (1, time(12), time(9)),
        (1, time(9), time(9)),
        (7, time(8), time(9)),
    ],
)
def test_hours_that_overlap_or_end_before_they_begin_are_refused_by_form_and_database(
    calendar, weekday, opens, closes
):
    row = OpeningHours(calendar=calendar, weekday=weekday, opens=opens, closes=closes)
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    ("weekday", "opens", "closes", "applies"),
    [
        (0, time(12), time(13), "school"),  # from one period to the next without a gap
        (0, time(16), MIDNIGHT, "school"),
        (1, time(8), time(12), "school"),
        (0, time(11), time(16), "school_free"),
    ],
)
def test_hours_that_only_touch_others_are_taken(calendar, weekday, opens, closes, applies):
    row = OpeningHours(calendar=calendar, weekday=weekday, opens=opens, closes=closes, applies=applies)
    row.full_clean()
    row.save()
    assert row.pk


def test_hours_are_whole_seconds(calendar):
    row = OpeningHours(calendar=calendar, weekday=2, opens=time(8, 0, 0, 500_000), closes=time(9))
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    assert list(error.value.message_dict) == ["opens"]


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 9, 1), date(2026, 9, 3)), (date(2027, 1, 2), date(2027, 1, 1))]
)
def test_school_holidays_neither_overlap_nor_end_before_they_begin(summer, first, last):
    holiday = SchoolHoliday(name="Noch einmal Ferien", starts_on=first, ends_on=last)
    with pytest.raises(ValidationError):
        holiday.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        holiday.save()


def test_a_day_is_closed_once(calendar):
    ClosedDay.objects.create(calendar=calendar, day=date(2026, 3, 2), name="Betriebsausflug")
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosedDay.objects.create(calendar=calendar, day=date(2026, 3, 2), name="Noch einer")


def test_a_calendar_is_named_in_the_language_of_the_page():
    calendar = BusinessCalendar.objects.get(is_default=True)
    assert str(calendar) == "Servicezeiten der Schulen"
    with translation.override("en"):
        assert str(calendar) == "Service times of the schools"


def test_every_row_says_what_it_is(calendar, summer):
    closed = ClosedDay.objects.create(calendar=calendar, day=date(2026, 3, 2), name="Betriebsausflug")
    assert str(summer) == "Sommerferien 2026"
    assert "Betriebsausflug" in str(closed) and "2026" in str(closed)
