"""The wall clock for many questions: looked at once every minute, then only counted.

In the spirit of `wall_clock`: shares no line with the code it judges, and nothing here turns a local time into an
instant. A minute is open when the clock has, on that day, already shown the opening time and not yet the closing
time. Instants are seconds since the window began.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import groupby

MINUTE = timedelta(minutes=1)
DAY_OF_MINUTES = 24 * 60
HOP = 4 * 60  # minutes that are counted at once while there is far to go


class Wall:
    """What the clock of a zone shows, minute by minute, through a window of whole minutes."""

    def __init__(self, zone, first: datetime, days: int):
        self.first = first
        self.length = days * DAY_OF_MINUTES * 60
        at, day, shown, seen = first - 26 * 60 * MINUTE, None, 0, []  # the clock change hides in what was shown before
        while at < first + timedelta(days=days):
            local = at.astimezone(zone)
            now = local.hour * 60 + local.minute
            day, shown = local.date(), now if local.date() != day else max(shown, now)
            if at >= first:
                seen.append((day, shown))
            at += MINUTE
        self.days = [(day, [shown for _, shown in minutes]) for day, minutes in groupby(seen, lambda look: look[0])]

    def instant(self, second: int) -> datetime:
        return self.first + timedelta(seconds=second)

    def second(self, instant: datetime) -> float:
        return (instant - self.first).total_seconds()

    def open_minutes(self, periods_on) -> "OpenMinutes":
        """Return which minutes are open; `periods_on` answers with (opens, closes) of a day in minutes."""
        found, open_days, ends = bytearray(), {}, []
        for day, shown in self.days:
            painted = bytearray(DAY_OF_MINUTES)
            for opens, closes in periods_on(day):
                painted[opens:closes] = b"\1" * (closes - opens)
            of_the_day = bytes(map(painted.__getitem__, shown))
            open_days[day] = 1 in of_the_day
            found += of_the_day
            ends.append(len(found) * 60)
        return OpenMinutes(found, open_days, ends)


@lru_cache(maxsize=8)
def wall(zone, first: datetime, days: int) -> Wall:
    """Return the wall clock of a window; looking takes a while, so it is remembered."""
    return Wall(zone, first.astimezone(UTC), days)


class OpenMinutes:
    """The open minutes of one calendar in a window, to be counted."""

    def __init__(self, is_open: bytearray, open_days: dict[date, bool], ends: list[int]):
        self.is_open = is_open
        self.open_days = open_days
        self._ends, self._days = ends, list(open_days)
        self.length = len(is_open) * 60

    def count(self, begins: int, ends: int) -> int:
        """Return how many open seconds lie between two seconds."""
        total = 0
        if begins % 60 and begins < ends:
            whole = min(-(-begins // 60) * 60, ends)
            total, begins = self.is_open[begins // 60] * (whole - begins), whole
        if begins >= ends:
            return total
        total += self.is_open.count(1, begins // 60, ends // 60) * 60
        return total + (self.is_open[ends // 60] * (ends % 60) if ends % 60 else 0)

    def reached(self, running, seconds: int) -> int | None:
        """Return by when so many open seconds have passed in the stretches (from, until); None if never in sight."""
        for begins, ends in running:
            at = begins
            if not seconds:
                return at
            while at < ends:
                if at % 60 == 0 and at + HOP * 60 <= ends:
                    ahead = self.is_open.count(1, at // 60, at // 60 + HOP) * 60
                    if ahead < seconds:
                        seconds -= ahead
                        at += HOP * 60
                        continue
                next_minute = min((at // 60 + 1) * 60, ends)
                if self.is_open[at // 60]:
                    if seconds <= next_minute - at:
                        return at + seconds
                    seconds -= next_minute - at
                at = next_minute
        return None

    def left_behind(self, end: int, seconds: int) -> int | None:
        """Return the last second from which so many open seconds pass until `end`; None before the window."""
        at = end
        while seconds and at > 0:
            if at % 60 == 0 and at >= HOP * 60:
                behind = self.is_open.count(1, at // 60 - HOP, at // 60) * 60
                if behind < seconds:
                    seconds -= behind
                    at -= HOP * 60
                    continue
            minute = (at - 1) // 60
            if self.is_open[minute]:
                if seconds <= at - minute * 60:
                    return at - seconds
                seconds -= at - minute * 60
            at = minute * 60
        return None if seconds else at

    def opens_at(self, second: int) -> int | None:
        """Return the second itself if it is open, else when it next opens; None if not in sight."""
        if self.is_open[second // 60]:
            return second
        found = self.is_open.find(1, second // 60)
        return None if found < 0 else found * 60

    def days_of(self, begins: int, ends: int) -> list:
        """Return the days of which something lies between two seconds."""
        if begins >= ends:
            return []
        return self._days[bisect_right(self._ends, begins) : bisect_left(self._ends, ends) + 1]
