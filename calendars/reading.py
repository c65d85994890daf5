"""Calendars out of the database: two statements, whatever the calendar and however many days."""

from datetime import date, timedelta

from django.db.models import F, QuerySet, Value

from calendars.business_time import BusinessHours, NeverOpens
from calendars.models import ClosedDay, OpeningHours, SchoolHoliday


class CalendarIsEmpty(NeverOpens):
    """The calendar has no opening hours, or there is no such calendar: no clock can run by it."""


def hours_of(
    calendar_id: int | None = None,
    *,
    slug: str | None = None,
    since: date | None = None,
    movable_days: QuerySet | None = None,
) -> BusinessHours:
    """Return the hours of a calendar by id or slug; without either those of the default calendar.

    `movable_days` is a queryset of any model with the fields `day` and `name`: further school-free days, which
    the floors above know. `since` leaves out what ended before that Berlin day; measuring must not begin earlier.
    Raises CalendarIsEmpty where there is nothing to read.
    """
    if calendar_id is not None:
        which = {"calendar": calendar_id}
    elif slug is not None:
        which = {"calendar__slug": slug}
    else:
        which = {"calendar__is_default": True}
    opening = list(OpeningHours.objects.filter(**which).select_related("calendar"))
    if not opening:
        raise CalendarIsEmpty(f"no opening hours for {which}")
    closed, school_free = _days(ClosedDay.objects.filter(**which), movable_days, since)
    return opening[0].calendar.hours(opening=opening, closed_days=closed, school_free_days=school_free)


def _days(closed_days, movable_days, since):
    """Return the closed and the school-free days with their names, out of one statement."""
    holidays = SchoolHoliday.objects.order_by()
    singles = [(closed_days, True)]
    if movable_days is not None:
        singles.append((movable_days, False))
    if since is not None:
        holidays = holidays.filter(ends_on__gte=since)
        singles = [(days.filter(day__gte=since), closed) for days, closed in singles]
    rows = _columns(holidays, "starts_on", "ends_on", False).union(
        *(_columns(days.order_by(), "day", "day", closed) for days, closed in singles), all=True
    )
    closed, school_free = {}, {}
    for first, last, called, is_closed in rows:
        known = closed if is_closed else school_free
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            known[day] = max(known.get(day, ""), called)  # the same, in whatever order the rows come
    return closed, school_free


def _columns(queryset, first, last, closed):
    columns = {"first": F(first), "last": F(last), "called": F("name"), "is_closed": Value(closed)}
    return queryset.annotate(**columns).values_list(*columns)
