"""Business time: when clocks run, and why they do not. Pure, without Django and without a clock of its own.

Opening hours are local times; everything that goes in or comes out is an aware instant, and what comes out is
UTC. Adding, measuring and walking back go over the same periods, so `between(start, add(start, d)) == d` and
`between(subtract(end, d), end) == d` always hold.

On the two nights of the clock change a local time means the first instant at which the clock on the wall has
reached it that day: one that comes twice means its first coming, one that is skipped the moment of the jump.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

Period = tuple[time, time]  # opens, closes
Periods = tuple[Period, ...]
Stretch = tuple[datetime, datetime]  # from, until, in UTC

MIDNIGHT = time(0)  # as a closing time: 24:00, the end of the day
GIVE_UP_AFTER = timedelta(days=3 * 366)  # of nothing but closed days
DAYS_KEPT = 4000  # worked out and kept by one calendar, about eleven years; then it begins anew

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_NOTHING = timedelta(0)
_SATURDAY = 5


class NeverOpens(ValueError):
    """These hours do not open, or not again: no clock can run by them."""


class ClosedBy(StrEnum):
    """What keeps a calendar closed."""

    WEEKEND = "weekend"
    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_FREE = "school_free"
    CLOSED_DAY = "closed_day"
    OUTSIDE_HOURS = "outside_hours"


class Closure(NamedTuple):
    """Why clocks stand still, and what it is called where it has a name of its own."""

    by: ClosedBy
    name: str = ""


class Source(NamedTuple):
    """Which calendar hours were read from, and in which version of its rules."""

    calendar_id: int | None
    name: str
    version: int


AT_NIGHT = Closure(ClosedBy.OUTSIDE_HOURS)
AT_WEEKENDS = Closure(ClosedBy.WEEKEND)


@dataclass(frozen=True, eq=False)
class BusinessHours:
    """The opening hours of a week and the days that differ from it.

    `weekly` maps a weekday (0 is Monday) to its periods; a weekday that is missing is closed. `exceptions` is
    asked for every day, a mapping or a function: it answers with the periods of that day, `()` for a closed
    one, or None for a day like any other. `reasons` likewise answers why a day is closed, or None where its
    weekday says enough. What was asked once is kept, so both must answer the same again. Raises NeverOpens
    where no day can ever be open.
    """

    weekly: Mapping[int, Iterable[Period]]
    zone: tzinfo
    exceptions: Mapping[date, Iterable[Period]] | Callable[[date], Iterable[Period] | None] | None = None
    reasons: Mapping[date, Closure] | Callable[[date], Closure | None] | None = None
    source: Source | None = None

    def __post_init__(self):
        week = tuple(in_order(self.weekly.get(weekday, ())) for weekday in range(7))
        if set(self.weekly) - set(range(7)):
            raise ValueError("a weekday is a number from 0 (Monday) to 6 (Sunday)")
        known = {} if self.exceptions is None else self.exceptions
        if not any(week) and isinstance(known, Mapping) and not any(known.values()):
            raise NeverOpens("these hours never open")
        object.__setattr__(self, "weekly", week)
        object.__setattr__(self, "exceptions", _asked(self.exceptions))
        object.__setattr__(self, "reasons", _asked(self.reasons))
        object.__setattr__(self, "_days", {})

    def periods_on(self, day: date) -> Periods:
        """Return the opening hours of one day as local times, in order."""
        periods = self.exceptions(day)
        return self.weekly[day.weekday()] if periods is None else in_order(periods)

    def closed_because(self, day: date) -> Closure | None:
        """Return why nothing is open on this day; None where something is."""
        if self._open_on(day):
            return None
        return self.reasons(day) or (AT_WEEKENDS if day.weekday() >= _SATURDAY else AT_NIGHT)

    def periods_after(self, start: datetime) -> Iterator[Stretch]:
        """Yield the open periods from `start` on, in UTC and clipped to it; end when none are in sight."""
        start = utc(start)
        day = closed_since = self._day_of(start)
        while day - closed_since <= GIVE_UP_AFTER:
            for period in self._open_on(day):
                closed_since = day
                opens, closes = period
                if start <= opens:
                    yield period
                elif start < closes:
                    yield start, closes
            day += _DAY

    def periods_before(self, end: datetime) -> Iterator[Stretch]:
        """Yield the open periods until `end`, newest first, in UTC and clipped to it; end when none are in sight."""
        end = utc(end)
        day = closed_since = self._day_of(end)
        while closed_since - day <= GIVE_UP_AFTER:
            for period in reversed(self._open_on(day)):
                closed_since = day
                opens, closes = period
                if closes <= end:
                    yield period
                elif opens < end:
                    yield opens, end
            day -= _DAY

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """Return the first instant by which `duration` of opening time has run since `start`.

        No duration has run at `start` itself, open or not. Raises NeverOpens when the hours never open again.
        """
        if duration < _NOTHING:
            raise ValueError("business time runs forward only")
        if not duration:
            return utc(start)
        left = duration
        for opens, closes in self.periods_after(start):
            length = closes - opens
            if left <= length:
                return opens + left
            left -= length
        raise NeverOpens("these hours never open again")

    def subtract(self, end: datetime, duration: timedelta) -> datetime:
        """Return the latest instant from which `duration` of opening time runs until `end`.

        Unless the duration is nothing, clocks run at that instant. Raises NeverOpens when the hours were
        never open for so long before.
        """
        if duration < _NOTHING:
            raise ValueError("a duration is not negative, in either direction")
        if not duration:
            return utc(end)
        left = duration
        for opens, closes in self.periods_before(end):
            length = closes - opens
            if left <= length:
                return closes - left
            left -= length
        raise NeverOpens("these hours were never open before")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much opening time lies between two instants; nothing where `end` is not later."""
        end = utc(end)
        total = _NOTHING
        if end <= utc(start):
            return total
        for opens, closes in self.periods_after(start):
            if closes >= end:
                return total + (end - opens) if opens < end else total
            total += closes - opens
        return total

    def is_open(self, at: datetime) -> bool:
        """Return whether clocks run at this instant; at closing time they no longer do."""
        at = utc(at)
        return any(opens <= at < closes for opens, closes in self._open_on(self._day_of(at)))

    def next_open(self, at: datetime) -> datetime:
        """Return `at` itself while clocks run, else the next opening. Raises NeverOpens when there is none."""
        for opens, _ in self.periods_after(at):
            return opens
        raise NeverOpens("these hours never open again")

    def stretches(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, Closure | None]]:
        """Yield all time between two instants as (from, until, why closed), in order; None where clocks run.

        Closed time that belongs together comes as one: a night, a weekend with the evening before and the
        morning after it. Where one reason gives way to another, that is at midnight.
        """
        at, end = utc(start), utc(end)
        for opens, closes in self.periods_after(start):
            if opens >= end:
                break
            yield from self._closed(at, opens)
            yield opens, min(closes, end), None
            at = closes
        yield from self._closed(at, end)

    def _closed(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, Closure]]:
        """Yield one stretch without opening time by its reasons."""
        if start >= end:
            return
        day = self._day_of(start)
        begins, why = start, self.closed_because(day)
        while (midnight := self._instant(day + _DAY, MIDNIGHT)) < end:
            day += _DAY
            # An evening belongs to the day that follows, a morning to the one before.
            then = self.closed_because(day) or why
            if why is not None and then != why:
                yield begins, midnight, why
                begins = midnight
            why = then
        yield begins, end, why or AT_NIGHT

    def _day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _open_on(self, day: date) -> tuple[Stretch, ...]:
        """Return the open periods of one day in UTC; worked out once a day of the calendar."""
        found = self._days.get(day)
        if found is None:
            periods = (
                (self._instant(day, opens), self._closing(day, closes)) for opens, closes in self.periods_on(day)
            )
            found = tuple((opens, closes) for opens, closes in periods if opens < closes)
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            self._days[day] = found
        return found

    def _closing(self, day: date, closes: time) -> datetime:
        return self._instant(day + _DAY, MIDNIGHT) if closes == MIDNIGHT else self._instant(day, closes)

    def _instant(self, day: date, wall: time) -> datetime:
        """Return the first instant of the day at which the clock on the wall has reached `wall`."""
        local = datetime.combine(day, wall, tzinfo=self.zone)
        instant = local.astimezone(UTC)
        if instant.astimezone(self.zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            return instant
        # A skipped time. Read with the offsets after and before the jump it encloses it; halve down to it.
        before, after = local.replace(fold=1).astimezone(UTC), instant
        old_offset = before.astimezone(self.zone).utcoffset()
        while after - before > _SECOND:
            middle = before + (after - before) // (2 * _SECOND) * _SECOND
            if middle.astimezone(self.zone).utcoffset() == old_offset:
                before = middle
            else:
                after = middle
        return after


def in_order(periods: Iterable[Period]) -> Periods:
    """Return the periods of one day by opening time; raise ValueError where one is empty or two overlap."""
    ordered = tuple(sorted(tuple(period) for period in periods))
    if any(closes != MIDNIGHT and closes <= opens for opens, closes in ordered):
        raise ValueError("a period closes after it opens")
    for (_, closes), (opens, _) in pairwise(ordered):
        if closes == MIDNIGHT or opens < closes:
            raise ValueError("two periods of a day overlap")
    return ordered


def _asked(answers):
    if answers is None:
        return lambda day: None
    return dict(answers).get if isinstance(answers, Mapping) else answers


def utc(at: datetime) -> datetime:
    """Return the instant in UTC; raise ValueError for one without a zone."""
    if at.tzinfo is UTC:
        return at
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC)
