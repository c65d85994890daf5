"""What every page of figures shows of a period: that of a school, of the city, and of a part of the city."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from reports.arithmetic import Figures
from reports.charts import Columns, stacked
from reports.others import FormMedians
from reports.periods import MONTH, Period
from reports.told import Compared, Told, answers
from schools.viewer import Viewer


class PeriodUnknown(Exception):
    """There is no such period, or it has not begun yet."""


class PeriodPage:
    """A period that has begun, those beside it, and what is told of them; without a name it is this school year.

    Of which figures it is says a subclass: by `figures_of` and `told_of`, `known_periods` and `waiting_since`.
    Raises PeriodUnknown.
    """

    others = FormMedians()  # whom else it is compared with

    def __init__(self, viewer: Viewer, name: str = ""):
        self.viewer = viewer
        period = Period.named(name) if name else Period.year_of(viewer.day)
        if period is None or period.first > viewer.day:
            raise PeriodUnknown(name)
        self.period = period

    # --- Of what it is ---

    def figures_of(self, period: Period) -> Figures:
        raise NotImplementedError

    def told_of(self, period: Period) -> Told:
        raise NotImplementedError

    @property
    def known_periods(self) -> Iterable[Period]:
        """Periods in which something was reported, all school years among them."""
        raise NotImplementedError

    @property
    def waiting_since(self) -> datetime | None:
        """Since when the oldest change waits to be counted; None where all is counted."""
        raise NotImplementedError

    # --- Where one is ---

    @property
    def is_running(self) -> bool:
        return self.viewer.day < self.period.ends

    @property
    def is_month(self) -> bool:
        return self.period.months == MONTH

    @property
    def halves(self) -> list[Period]:
        return self._begun(self.period.year.parts)

    @property
    def months(self) -> list[Period]:
        """The months to choose among: those of the school year, as far as they have begun."""
        return self._begun(self.period.year.each_month)

    @property
    def shown_months(self) -> list[Period]:
        """The months told beside each other: those of the period; for a single month those of its half year."""
        return self._begun(self._told_by_month.each_month)

    @property
    def earlier(self) -> Period | None:
        """The school year before, where anything was reported in it or before it."""
        year = self.period.year
        return year.year_before if any(known.first < year.first for known in self.known_periods) else None

    @property
    def later(self) -> Period | None:
        after = Period.year_of(self.period.year.ends)
        return after if after.first <= self.viewer.day else None

    @property
    def as_of(self) -> datetime:
        """Up to when everything is counted: until now, if nothing waits to be counted."""
        return min(self.viewer.at, self.waiting_since or self.viewer.at)

    # --- What is told ---

    @cached_property
    def told(self) -> Told:
        return self.told_of(self.period)

    @cached_property
    def before(self) -> Told:
        """The same period a year earlier."""
        return self.told_of(self.period.year_before)

    @property
    def comparison(self) -> list[Compared]:
        """Return the times and shares beside those of the year before, and of others where there are any."""
        now, before, others = self.told, self.before, self.others
        return [
            Compared(_("First response, usually"), "span", now.response.usual, before.response.usual, others.response),
            Compared(_("First response, nine of ten within"), "span", now.response.most, before.response.most),
            Compared(_("Solution, usually"), "span", now.solution.usual, before.solution.usual, others.solution),
            Compared(_("Solution, nine of ten within"), "span", now.solution.most, before.solution.most),
            self._compared(_("Solved by the first level"), "first_level"),
            self._compared(_("Deadlines kept"), "kept"),
            self._compared(_("Satisfied"), "satisfied", note=answers(now.satisfied)),
        ]

    @property
    def speeds(self) -> list[tuple[str, float]]:
        """Return which share was solved how fast."""
        names = (_("Within 4 hours"), _("Within one service day"), _("Within 3 service days"))
        return list(zip(names, self.within, strict=False))

    @property
    def within(self) -> tuple[float, ...]:
        """Which shares were solved within each of STEPS; empty where that is not told."""
        return self.told.solution.within

    @cached_property
    def by_month(self) -> list[tuple[Period, Figures]]:
        """Return the counts of each of the months told beside each other."""
        return [(month, self.figures_of(month)) for month in self.shown_months]

    @property
    def months_total(self) -> Figures:
        return self.figures_of(self._told_by_month)

    @property
    def chart(self) -> Columns:
        """Draw the counts of each month."""
        return stacked(
            [(month.short_label, each.solved, each.reported - each.solved) for month, each in self.by_month]
        )

    @property
    def _told_by_month(self) -> Period:
        return self.period.whole if self.is_month else self.period

    def _begun(self, periods: Iterable[Period]) -> list[Period]:
        return [period for period in periods if period.first <= self.viewer.day]

    def _compared(self, title: str, name: str, note: str = "") -> Compared:
        """Return a share of both periods, each with whether small schools are left out of it."""
        values = [getattr(told, name).value for told in (self.told, self.before)]
        notes = [_("without small schools") if name in told.without_small else "" for told in (self.told, self.before)]
        return Compared(title, "percent", *values, getattr(self.others, name), note, *notes)
