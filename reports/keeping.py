"""Keeps the read model: counts anew what has changed, or everything.

One keeper works at a time. Each piece, a school year of one school or of the city, is a transaction of its own that
takes the marks away together with what it has counted: a killed keeper has done a piece or it has not. A mark is seen
only once its change is, so what is counted after the marks were taken holds every change they stood for.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Min

from foundation.berlin import berlin_day
from reports.building import build_city, build_schools
from reports.models import CITY_LATE, OF_THE_CITY, PeriodFigures, StaleMonth
from reports.periods import YEAR, Period
from schools.models import School
from tickets.models import Ticket

log = logging.getLogger(__name__)

#: Counting a whole year takes seconds where there are many reports, and nobody reads the city's figures by the minute.
CITY_EVERY = timedelta(minutes=5)
ONE_KEEPER = 7_301_511  # of the advisory lock; a number nobody else takes
TAKE = """
WITH taken AS (
    DELETE FROM reports_stalemonth WHERE {whose} AND month >= %(first)s AND month < %(ends)s RETURNING marked_at
)
SELECT min(marked_at) FROM taken
"""
OF_SCHOOL, OF_CITY, OF_ALL = "school_id = %(school)s", "school_id IS NULL", "true"


class AnotherKeeper(Exception):
    """Somebody else keeps the figures at this moment."""


@dataclass
class Kept:
    """What one round did: school years counted, of schools and of the city, and those at which it failed."""

    schools: int = 0
    cities: int = 0
    failed: int = 0


def keep_figures(*, at: datetime, seconds: float | None = None) -> Kept:
    """Count anew what has changed, what waits longest first; with `seconds` begin nothing more after so many.

    Schools come first. Where the city has waited for too long they leave it half of the time, however many they are.
    """
    began, kept = time.monotonic(), Kept()

    def has_time(of: float = 1) -> bool:
        return seconds is None or time.monotonic() < began + seconds * of

    is_late = StaleMonth.objects.filter(school=None, marked_at__lte=at - CITY_LATE).exists()
    try:
        for school, year in stale_schools():
            if has_time(of=0.5 if is_late else 1):
                kept.schools += _done(kept, keep_school, school=school, year=year, at=at)
        for year in stale_years(at):
            if has_time():
                kept.cities += _done(kept, keep_city, year=year, at=at)
    except AnotherKeeper:
        log.info("figures are kept by somebody else at this moment")
    return kept


def _done(kept: Kept, keep: Callable[..., bool], **piece) -> bool:
    try:
        return keep(**piece)
    except AnotherKeeper:
        raise
    except Exception as error:  # whatever it is: one piece never stops the others
        whose = piece.get("school", "the city")
        log.warning("figures of %s in %s: %s", whose, piece["year"].name, type(error).__name__)
        kept.failed += 1
        return False


def stale_schools() -> list[tuple[int, Period]]:
    """Return the school years of schools in which something has changed, what waits longest first."""
    marked = StaleMonth.objects.exclude(school=None).values_list("school", "month").annotate(mark=Min("pk"))
    return list(dict.fromkeys((school, Period.year_of(month)) for school, month, _mark in marked.order_by("mark")))


def stale_years(at: datetime) -> list[Period]:
    """Return the school years of the city in which something has changed, unless they were counted just now."""
    marked = StaleMonth.objects.filter(school=None).values_list("month", flat=True).distinct()
    counted = PeriodFigures.objects.filter(scope__in=OF_THE_CITY, months=YEAR, as_of__gt=at - CITY_EVERY)
    fresh = set(counted.values_list("first", flat=True))
    return [Period(first) for first in sorted(marked) if first not in fresh]


@transaction.atomic
def keep_school(*, school: int, year: Period, at: datetime) -> bool:
    """Count a school year of one school anew; return False where it was done meanwhile. Raises AnotherKeeper."""
    _be_the_keeper()
    since = _take(year, OF_SCHOOL, school)
    if since is not None:
        _count_school(year, school, since, at)
    return since is not None


@transaction.atomic
def keep_city(*, year: Period, at: datetime) -> bool:
    """Count a school year of the city anew; return False where it was done meanwhile. Raises AnotherKeeper."""
    _be_the_keeper()
    since = _take(year, OF_CITY)
    if since is not None:
        build_city(year, as_of=at)
    return since is not None


@transaction.atomic
def rebuild_school(*, school: School, year: Period, at: datetime) -> None:
    """Count a school year of one school from nothing, marked or not; a keeper at work is waited for."""
    _be_the_keeper(waits=True)
    _count_school(year, school.pk, _take(year, OF_SCHOOL, school.pk), at)


@transaction.atomic
def rebuild_year(*, year: Period, at: datetime) -> None:
    """Count a school year of all schools and of the city from nothing; a keeper at work is waited for."""
    _be_the_keeper(waits=True)
    _take(year, OF_ALL)
    build_schools(year, as_of=at)
    build_city(year, as_of=at)


def years_with_figures() -> list[Period]:
    """Return the school years from the first to the last with reports that count, figures, or marks."""
    days = [
        berlin_day(at)
        for at in Ticket.objects.counted().aggregate(a=Min("created_at"), b=Max("created_at")).values()
        if at
    ]
    days += filter(None, PeriodFigures.objects.aggregate(a=Min("first"), b=Max("first")).values())
    days += filter(None, StaleMonth.objects.aggregate(a=Min("month"), b=Max("month")).values())
    years = [Period.year_of(min(days))] if days else []
    while years and years[-1].ends <= max(days):
        years.append(Period.year_of(years[-1].ends))
    return years


def _count_school(year: Period, school: int, since: datetime | None, at: datetime) -> None:
    """Count a school year of one school, and note that the city does not know yet what has changed since then."""
    build_schools(year, school=school, as_of=at)
    if since is not None:
        StaleMonth.objects.create(school=None, month=year.first, marked_at=since)


def _take(year: Period, whose: str, school: int | None = None) -> datetime | None:
    """Take the marks of a school year away; return since when the oldest has waited, None where there are none."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(whose=whose), {"school": school, "first": year.first, "ends": year.ends})
        return cursor.fetchone()[0]


def _be_the_keeper(*, waits: bool = False) -> None:
    """Hold the lock of the keeper until the transaction ends. Raises AnotherKeeper unless it waits for it."""
    function = "pg_advisory_xact_lock" if waits else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [ONE_KEEPER])
        if cursor.fetchone()[0] is False:
            raise AnotherKeeper
