"""Service time as a number of seconds that grows while clocks run; forwards and backwards, and fast. Pure.

The same walk as `calendars.business_time`, worked out once for a stretch of years: a million due times are then a
million look-ups.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta

from calendars.business_time import BusinessHours


class ServiceTime:
    """The service seconds that have run since `first`; good for instants until `last`."""

    def __init__(self, hours: BusinessHours, first: datetime, last: datetime):
        self.opens: list[float] = []
        self.ends: list[float] = []  # service seconds at the end of each period
        total = 0.0
        for opens, closes in hours.periods_after(first):
            if opens >= last:
                break
            total += (closes - opens).total_seconds()
            self.opens.append(opens.timestamp())
            self.ends.append(total)
        self.length = total

    def seconds(self, at: datetime) -> float:
        """Return how many service seconds have run until this instant."""
        index = bisect_right(self.opens, at.timestamp()) - 1
        if index < 0:
            return 0.0
        return min(self.ends[index], self._before(index) + at.timestamp() - self.opens[index])

    def at(self, seconds: float) -> datetime:
        """Return the first instant by which so many service seconds have run."""
        if not 0 <= seconds <= self.length:
            raise ValueError("outside the years that were worked out")
        index = bisect_left(self.ends, seconds)
        return datetime.fromtimestamp(self.opens[index] + seconds - self._before(index), UTC)

    def after(self, at: datetime, duration: timedelta) -> datetime:
        """Return the instant by which the duration of service time has run since `at`."""
        return self.at(self.seconds(at) + duration.total_seconds())

    def before(self, at: datetime, duration: timedelta) -> datetime:
        """Return the instant from which on the duration of service time runs until `at`."""
        return self.at(max(0.0, self.seconds(at) - duration.total_seconds()))

    def _before(self, index: int) -> float:
        return self.ends[index - 1] if index else 0.0
