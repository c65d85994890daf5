"""Service calendars and school holidays under /settings/."""

from datetime import date, timedelta

import pytest

from calendars.models import BusinessCalendar, ClosedDay, OpeningHours, Recomputation, SchoolHoliday
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


def test_closed_days_that_leave_nothing_open_for_years_are_refused(ada, path):
    assert ada.post(
        path, filled(ada.get(path), **{f"opening_hours-{n}-DELETE": "on" for n in range(1, 5)})
    ).status_code
    default = BusinessCalendar.objects.get(is_default=True)
    assert default.opening_hours.count() == 1
    mondays = [date(2027, 1, 4) + timedelta(weeks=n) for n in range(160)]
    default.closed_days.bulk_create(ClosedDay(calendar=default, day=day, name="zu") for day in mondays[:-5])
    last = {"closed_days-TOTAL_FORMS": 160}
    for number, day in enumerate(mondays[-5:], 155):
        last |= {f"closed_days-{number}-day": f"{day}", f"closed_days-{number}-name": "zu"}
    assert "3 Jahre lang" in complaints(ada.post(path, filled(ada.get(path), **last)))
    last["closed_days-TOTAL_FORMS"] = 156
    assert ada.post(path, filled(ada.get(path), **last)).status_code == 302


def test_hours_only_on_days_that_are_closed_for_years_are_refused(ada, path):
    default = BusinessCalendar.objects.get(is_default=True)
    tuesdays = [date(2027, 1, 5) + timedelta(weeks=n) for n in range(160)]
    default.closed_days.bulk_create(ClosedDay(calendar=default, day=day, name="zu") for day in tuesdays)
    all_but_tuesday = {f"opening_hours-{n}-DELETE": "on" for n in (0, 2, 3, 4)}
    assert "3 Jahre lang" in complaints(ada.post(path, filled(ada.get(path), **all_but_tuesday)))


def version():
    return BusinessCalendar.objects.get(is_default=True).version


def test_a_change_of_hours_closed_days_or_rule_is_a_new_version_and_nothing_else_is(ada, path):
    changes = [
        ({}, 1),
        ({"name_de": "Andere Worte"}, 1),
        ({"opening_hours-0-closes": "15:00"}, 2),
        ({"school_free_rule": "closed"}, 3),
        ({"closed_days-TOTAL_FORMS": 1, "closed_days-0-day": "2027-05-07", "closed_days-0-name": "Ausflug"}, 4),
        ({"closed_days-0-DELETE": "on"}, 5),
        ({"opening_hours-0-closes": "zehn"}, 5),
    ]
    for posted, expected in changes:
        answer = ada.post(path, filled(ada.get(path), **posted))
        assert (version(), answer.status_code) == (expected, 200 if "zehn" in posted.values() else 302)
    assert BusinessCalendar.objects.get(is_default=True).changed_at is not None
    assert BusinessCalendar.objects.get(slug="systemhaus").version == 1
    assert "5" in ada.get(path).content.decode()


def asked():
    return list(Recomputation.objects.exclude(reason="upgrade").order_by("pk").values_list("reason", "name"))


def test_whatever_changes_when_clocks_run_has_due_times_worked_out_anew(ada, city, path):
    ada.post(path, filled(ada.get(path), name_de="Andere Worte"))
    facts = {"name": "Erfundene Ferien", "starts_on": "2040-01-01", "ends_on": "2040-01-10", "source": ""}
    ada.post(f"{HOLIDAY}add/", facts)
    assert asked() == []
    ada.post(path, filled(ada.get(path), school_free_rule="closed"))
    assert asked() == [("calendar", "Andere Worte")]
    assert Recomputation.objects.latest("pk").requested_by == city.administrator
    ada.post(f"{HOLIDAY}{SchoolHoliday.objects.get(name='Erfundene Ferien').pk}/delete/", {"post": "yes"})
    assert asked()[1:] == [("holidays", "")]
    systemhaus = f"{CALENDAR}{BusinessCalendar.objects.get(slug='systemhaus').pk}/change/"
    ada.post(systemhaus, filled(ada.get(systemhaus), is_default="on"))
    assert asked()[2:] == [("calendar", "Servicezeiten des Systemhauses")]
    assert BusinessCalendar.objects.get(is_default=True).version == 1


def test_school_holidays_change_the_calendars_that_mind_them(ada, path):
    facts = {"name": "Erfundene Ferien", "starts_on": "2040-01-01", "ends_on": "2040-01-10", "source": ""}
    ada.post(f"{HOLIDAY}add/", facts)
    assert version() == 1
    BusinessCalendar.objects.filter(is_default=True).update(school_free_rule="own_hours")
    change = f"{HOLIDAY}{SchoolHoliday.objects.get(name='Erfundene Ferien').pk}/"
    ada.post(f"{change}change/", {**facts, "source": "Amtsblatt"})
    assert version() == 1
    ada.post(f"{change}change/", {**facts, "ends_on": "2040-01-09"})
    assert version() == 2
    ada.post(f"{change}delete/", {"post": "yes"})
    assert version() == 3
    ada.post(f"{HOLIDAY}add/", facts)
    keys = SchoolHoliday.objects.filter(name="Erfundene Ferien").values_list("pk", flat=True)
    ada.post(HOLIDAY, {"action": "delete_selected", "_selected_action": list(keys), "post": "yes"})
    assert (version(), SchoolHoliday.objects.count()) == (5, 0)
    assert BusinessCalendar.objects.get(slug="systemhaus").version == 1


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
