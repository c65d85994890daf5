"""Which period a page shows, and which others one can choose."""

from collections.abc import Iterable
from datetime import date

from reports.periods import MONTH, Period
from reports.statistics import PeriodUnknown


class Choice:
    """A period that has begun, and those beside it. Raises PeriodUnknown; without a name it is this school year."""

    def __init__(self, name: str, day: date):
        self.day = day
        period = Period.named(name) if name else Period.year_of(day)
        if period is None or period.first > day:
            raise PeriodUnknown(name)
        self.period = period

    @property
    def is_running(self) -> bool:
        return self.day < self.period.ends

    @property
    def is_month(self) -> bool:
        return self.period.months == MONTH

    @property
    def halves(self) -> list[Period]:
        return self.begun(self.period.year.parts)

    @property
    def months(self) -> list[Period]:
        """The months to choose among: those of the school year, as far as they have begun."""
        return self.begun(self.period.year.each_month)

    @property
    def shown_months(self) -> list[Period]:
        """The months told beside each other: those of the period; for a single month those of its half year."""
        return self.begun((self.period.whole if self.is_month else self.period).each_month)

    @property
    def later(self) -> Period | None:
        after = Period.year_of(self.period.year.ends)
        return after if after.first <= self.day else None

    def begun(self, periods: Iterable[Period]) -> list[Period]:
        return [period for period in periods if period.first <= self.day]
