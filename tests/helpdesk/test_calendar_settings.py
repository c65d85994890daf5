"""Service calendars and school holidays under /settings/."""

import pytest

from calendars.models import BusinessCalendar, OpeningHours, SchoolHoliday
from tests.settings_pages import complaints, filled

CALENDAR = "/settings/calendars/businesscalendar/"
HOLIDAY = "/settings/calendars/schoolholiday/"


@pytest.fixture
def ada(city, client):
    client.force_login(city.administrator)
    return client


@pytest.fixture
def path(city):
    return f"{CALENDAR}{BusinessCalendar.objects.get(is_default=True).pk}/change/"


def hours(first, *rows):
    """Return rows of opening hours (weekday, opens, closes) to post, counted from `first`."""
    posted = {"opening_hours-TOTAL_FORMS": first + len(rows)}
    for number, (weekday, opens, closes) in enumerate(rows, first):
        facts = {"weekday": weekday, "opens": opens, "closes": closes, "applies": "school"}
        posted |= {f"opening_hours-{number}-{name}": value for name, value in facts.items()}
    return posted


def kept(client, path):
    return OpeningHours.objects.filter(calendar__is_default=True).count()


def test_a_day_may_have_two_periods(ada, path):
    before = kept(ada, path)
    posted = filled(ada.get(path), **hours(before, (5, "08:00", "10:00"), (5, "10:00", "12:00")))
    assert ada.post(path, posted).status_code == 302
    assert kept(ada, path) == before + 2


@pytest.mark.parametrize(
    "rows",
    [
        [(5, "08:00", "10:00"), (5, "09:59", "12:00")],
        [(5, "08:00", "00:00"), (5, "22:00", "23:00")],
        [(5, "08:00", "10:00"), (5, "08:00", "10:00")],
        [(0, "09:00", "10:00")],
        [(5, "10:00", "08:00")],
        [(5, "zehn", "elf")],
    ],
)
def test_hours_that_overlap_or_run_backwards_are_refused(ada, path, rows):
    before = kept(ada, path)
    answer = ada.post(path, filled(ada.get(path), **hours(before, *rows)))
    assert answer.status_code == 200 and complaints(answer)
    assert kept(ada, path) == before


def test_a_calendar_that_never_opens_is_refused(ada):
    posted = filled(ada.get(f"{CALENDAR}add/"), name_de="Nie", slug="nie", school_free_rule="open")
    assert complaints(ada.post(f"{CALENDAR}add/", posted))
    assert ada.post(f"{CALENDAR}add/", {**posted, **hours(0, (0, "08:00", "09:00"))}).status_code == 302
    path = f"{CALENDAR}{BusinessCalendar.objects.get(slug='nie').pk}/change/"
    assert complaints(ada.post(path, filled(ada.get(path), **{"opening_hours-0-DELETE": "on"})))


def test_a_closed_day_is_entered_once(ada, path):
    rows = {"closed_days-TOTAL_FORMS": 2}
    for number in range(2):
        rows |= {f"closed_days-{number}-day": "2027-05-07", f"closed_days-{number}-name": "Betriebsausflug"}
    assert complaints(ada.post(path, filled(ada.get(path), **rows)))
    assert ada.post(path, filled(ada.get(path), **{**rows, "closed_days-TOTAL_FORMS": 1})).status_code == 302


def test_the_default_calendar_moves_and_never_goes(ada, path):
    assert ada.post(path, filled(ada.get(path), is_default="")).status_code == 302
    assert BusinessCalendar.objects.filter(is_default=True).count() == 1
    assert ada.post(path.replace("change", "delete"), {"post": "yes"}).status_code == 403
    posted = filled(ada.get(f"{CALENDAR}add/"), name_de="Neu", slug="neu", is_default="on", school_free_rule="open")
    assert ada.post(f"{CALENDAR}add/", {**posted, **hours(0, (0, "08:00", "09:00"))}).status_code == 302
    assert BusinessCalendar.objects.get(is_default=True).slug == "neu"


def test_holidays_do_not_overlap(ada):
    facts = {"name": "Erfundene Ferien", "starts_on": "2040-01-01", "ends_on": "2040-01-10", "source": ""}
    assert ada.post(f"{HOLIDAY}add/", facts).status_code == 302
    again = ada.post(f"{HOLIDAY}add/", {**facts, "name": "Andere", "starts_on": "2040-01-10", "ends_on": "2040-01-12"})
    assert complaints(again)
    assert complaints(ada.post(f"{HOLIDAY}add/", {**facts, "name": "Rückwärts", "ends_on": "2039-01-01"}))
    assert SchoolHoliday.objects.filter(starts_on__year=2040).count() == 1
