"""What the pages of the city's figures show: the city, one of its parts, and the tables one takes along."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.urls import reverse

from reports.arithmetic import Figures
from reports.city.parts import By, parts_of
from reports.city.reading import CITY, Key, Reading
from reports.models import Scope, StaleMonth
from reports.period_page import PeriodPage
from reports.periods import Period
from reports.told import Told
from schools.viewer import Viewer

HALF_OF_THEM = 0.5


class PartUnknown(Exception):
    """There is no such campus, school form, district or kind."""


@dataclass(frozen=True)
class Line:
    """One row of a table: what is told of it, where it opens, and its reports as a share of the most."""

    name: str
    told: Told
    address: str = ""
    note: str = ""
    share: float = 0.0


class Page(PeriodPage):
    """What the page of the city and those of its parts have in common. Raises PeriodUnknown."""

    key: Key = CITY

    def __init__(self, viewer: Viewer, name: str = ""):
        super().__init__(viewer, name)
        self.reading = Reading(viewer, self.period)

    def figures_of(self, period: Period) -> Figures:
        return self.reading.figures(self.key, period)

    def told_of(self, period: Period) -> Told:
        return self.reading.told(self.key, period)

    @property
    def known_periods(self) -> Sequence[Period]:
        return self.reading.known_years

    @cached_property
    def waiting_since(self) -> datetime | None:
        return StaleMonth.objects.waiting_since()

    @property
    def is_more_than_half(self) -> bool:
        """Whether more than half was solved at first level; asked only where that is told."""
        return self.told.first_level.value > HALF_OF_THEM

    @property
    def within(self) -> tuple[float, ...]:
        return self.reading.within(self.key, self.period)

    @property
    def are_speeds_without_small(self) -> bool:
        return self.reading.leaves_small_out(self.key, self.period, "solution")

    @property
    def months_told(self) -> list[Line]:
        """Return each month that has begun, with what may be told of it."""
        return _with_shares([Line(month.label, self.told_of(month)) for month in self.shown_months])

    def _opens(self, address: str) -> str:
        return f"{address}?period={self.period.name}" if address else ""


class CityPage(Page):
    """The whole city in one period, told apart in one way."""

    def __init__(self, viewer: Viewer, name: str = "", by: By = By.CAMPUS):
        super().__init__(viewer, name)
        self.by = by

    @property
    def ways(self) -> Sequence[By]:
        return tuple(By)

    @cached_property
    def lines(self) -> list[Line]:
        return self.lines_by(self.by)

    def lines_by(self, by: By) -> list[Line]:
        """Return the parts of the city, and what may be told of them; kinds nobody reported are left out."""
        lines = [
            Line(
                part.name,
                self.reading.told(part.place, self.period),
                self._opens(part.address),
            )
            for part in parts_of(by, self.viewer, self.reading)
        ]
        stays = by != By.CATEGORY  # a campus without reports is told, a kind without is not
        return _with_shares([line for line in lines if line.told.figures.reported or (stays and line.address)])

    @property
    def by_year(self) -> list[Line]:
        """Return the school years, the latest first."""
        years = self.reading.known_years[::-1]
        return _with_shares(
            [
                Line(year.label, self.reading.told(CITY, year), f"{reverse('city')}?period={year.name}")
                for year in years
            ]
        )


class PartPage(Page):
    """One campus, form or district with its schools, or one kind of report with its months.

    Raises PartUnknown besides.
    """

    def __init__(self, viewer: Viewer, by: By, slug: str, name: str = ""):
        super().__init__(viewer, name)
        parts = parts_of(by, viewer, self.reading)
        self.part = next((part for part in parts if part.slug and part.slug == slug), None)
        if self.part is None:
            raise PartUnknown(slug)
        self.by = by
        self.key = self.reading.detail = self.part.place

    @property
    def has_schools(self) -> bool:
        return self.by != By.CATEGORY

    @cached_property
    def lines(self) -> list[Line]:
        """Return its schools, by name, each with what it tells on its own page."""
        if not self.has_schools:
            return []
        lines = []
        for key in self.reading.members(self.key):
            school, told = self.reading.schools[key], self.reading.told((Scope.SCHOOL, key), self.period)
            address = self._opens(reverse("statistics", args=[school.number]))
            lines.append(Line(school.name, told, address, note=school.district if self.by != By.DISTRICT else ""))
        return _with_shares(lines)


def _with_shares(lines: list[Line]) -> list[Line]:
    most = max((line.told.figures.reported for line in lines), default=0) or 1
    return [replace(line, share=line.told.figures.reported / most) for line in lines]
