"""An oracle for business time that shares no line with it: somebody who looks at the wall clock every minute.

A minute counts when the clock has, on that day, already shown the opening time and not yet the closing time.
Nothing here converts a local time into an instant.
"""

from datetime import UTC, time, timedelta

MINUTE = timedelta(minutes=1)


class WallClock:
    """Counts open minutes; `periods_on` answers with the periods of a day."""

    def __init__(self, periods_on, zone):
        self.periods_on = periods_on
        self.zone = zone

    def open_minutes(self, start, pauses=()):
        """Yield each minute from `start` on and whether it counts; paused minutes do not."""
        at = start.astimezone(UTC)
        day, shown = None, time(0)
        for warming_up in self._minutes_of_the_day_before(at):
            day, shown = self._look(warming_up, day, shown)
        while True:
            day, shown = self._look(at, day, shown)
            running = any(
                opens <= shown and (closes == time(0) or shown < closes) for opens, closes in self.periods_on(day)
            )
            yield at, running and not any(a <= at and (b is None or at < b) for a, b in pauses)
            at += MINUTE

    def count(self, start, end, pauses=()):
        """Return how many minutes between two instants were open."""
        total = 0
        for at, is_open in self.open_minutes(start, pauses):
            if at >= end:
                return timedelta(minutes=total)
            total += is_open

    def reached(self, start, duration, pauses=(), give_up=60 * 24 * 40):
        """Return the first instant by which so much was open, or None once the patience is at an end."""
        left = duration // MINUTE
        for number, (at, is_open) in enumerate(self.open_minutes(start, pauses)):
            if left == 0:
                return at
            if number == give_up:
                return None
            left -= is_open

    def _look(self, at, day, shown):
        local = at.astimezone(self.zone)
        today, now = local.date(), local.time().replace(second=0, microsecond=0)
        return today, now if today != day else max(shown, now)

    def _minutes_of_the_day_before(self, at):
        """The clock change hides in what the wall has shown since midnight, so looking begins before that."""
        return (at - n * MINUTE for n in range(26 * 60, 0, -1))
