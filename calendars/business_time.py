"""Business time: when clocks run. Pure, without Django and without a clock of its own.

Opening hours are local times; everything that goes in or comes out is an aware instant, and what comes out is
UTC. Adding and measuring walk over the same periods, so `between(start, add(start, d)) == d` always holds.

On the two nights of the clock change a local time means the first instant at which the clock on the wall has
reached it that day: one that comes twice means its first coming, one that is skipped the moment of the jump.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

Period = tuple[time, time]  # opens, closes
Periods = tuple[Period, ...]

MIDNIGHT = time(0)  # as a closing time: 24:00, the end of the day
GIVE_UP_AFTER = timedelta(days=3 * 366)  # of nothing but closed days

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_NOTHING = timedelta(0)


@dataclass(frozen=True, eq=False)
class BusinessHours:
    """The opening hours of a week and the days that differ from it.

    `weekly` maps a weekday (0 is Monday) to its periods; a weekday that is missing is closed. `exceptions` is
    asked for every day, a mapping or a function: it answers with the periods of that day, `()` for a closed
    one, or None for a day like any other.
    """

    weekly: Mapping[int, Iterable[Period]]
    zone: tzinfo
    exceptions: Mapping[date, Iterable[Period]] | Callable[[date], Iterable[Period] | None] | None = None

    def __post_init__(self):
        week = tuple(in_order(self.weekly.get(weekday, ())) for weekday in range(7))
        if set(self.weekly) - set(range(7)):
            raise ValueError("a weekday is a number from 0 (Monday) to 6 (Sunday)")
        object.__setattr__(self, "weekly", week)
        ask = self.exceptions.get if isinstance(self.exceptions, Mapping) else self.exceptions
        object.__setattr__(self, "exceptions", ask or (lambda day: None))

    def periods_on(self, day: date) -> Periods:
        """Return the opening hours of one day as local times, in order."""
        periods = self.exceptions(day)
        return self.weekly[day.weekday()] if periods is None else in_order(periods)

    def periods_after(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open periods from `start` on, in UTC and clipped to it; end when none are in sight."""
        start = _utc(start)
        day = start.astimezone(self.zone).date()
        closed_since = day
        while day - closed_since <= GIVE_UP_AFTER:
            for opens, closes in self.periods_on(day):
                closed_since = day
                opens_at, closes_at = self._instant(day, opens), self._closing(day, closes)
                if max(opens_at, start) < closes_at:
                    yield max(opens_at, start), closes_at
            day += _DAY

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """Return the first instant by which `duration` of opening time has run since `start`.

        No duration has run at `start` itself, open or not. Raises ValueError when the hours never open again.
        """
        if duration < _NOTHING:
            raise ValueError("business time runs forward only")
        if not duration:
            return _utc(start)
        left = duration
        for opens, closes in self.periods_after(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise ValueError("these hours never open again")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much opening time lies between two instants; nothing where `end` is not later."""
        end = _utc(end)
        total = _NOTHING
        if end <= _utc(start):
            return total
        for opens, closes in self.periods_after(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def is_open(self, at: datetime) -> bool:
        """Return whether clocks run at this instant; at closing time they no longer do."""
        at = _utc(at)
        day = at.astimezone(self.zone).date()
        return any(
            self._instant(day, opens) <= at < self._closing(day, closes) for opens, closes in self.periods_on(day)
        )

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


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC)
