"""The periods figures are told for: school years, their halves, and months. Pure.

They nest, and do not overlap otherwise: what may be told of one is decided together with the others of its year.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

YEAR, HALF, MONTH = 12, 6, 1  # how many months they have
FIRST_MONTH = 8  # a school year begins on 1 August
FIRST_YEAR, LAST_YEAR = 2000, 2100
NAMES = re.compile(r"(?P<year>\d{4})-(?P<next>\d{4})(-(?P<half>[12]))?|(?P<of>\d{4})-(?P<month>\d{2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """`months` months from the `first` day on; a school year, a half of one, or a month."""

    first: date
    months: int = YEAR

    @classmethod
    def named(cls, name: str) -> "Period | None":
        """Return the period by its name in addresses: 2025-2026, 2025-2026-1 or 2026-03; None where it is none."""
        found = NAMES.fullmatch(name)
        if found is None:
            return None
        year, month = int(found["year"] or found["of"]), int(found["month"] or FIRST_MONTH)
        if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= YEAR):
            return None
        if found["month"]:
            return cls(date(year, month, 1), MONTH)
        if int(found["next"]) != year + 1:
            return None
        whole = cls(date(year, month, 1))
        return whole.parts[int(found["half"]) - 1] if found["half"] else whole

    @classmethod
    def year_of(cls, day: date) -> "Period":
        """Return the school year a day lies in."""
        return cls(date(day.year - (day.month < FIRST_MONTH), FIRST_MONTH, 1))

    @property
    def ends(self) -> date:
        """The first day after it."""
        return _later(self.first, self.months)

    @property
    def year(self) -> "Period":
        return self.year_of(self.first)

    @property
    def whole(self) -> "Period":
        """The period it is a part of; of a year the year itself."""
        return _whole(self)

    @property
    def around(self) -> tuple["Period", ...]:
        """The period itself, and those it is a part of."""
        return tuple(dict.fromkeys((self, self.whole, self.year)))

    @property
    def parts(self) -> tuple["Period", ...]:
        """The halves of a year, the months of a half."""
        return _parts(self)

    @property
    def each_month(self) -> tuple["Period", ...]:
        return tuple(Period(_later(self.first, n), MONTH) for n in range(self.months))

    @property
    def year_before(self) -> "Period":
        """The same period a year earlier."""
        return Period(_later(self.first, -YEAR), self.months)

    @property
    def name(self) -> str:
        """What it is called in addresses."""
        if self.months == MONTH:
            return f"{self.first:%Y-%m}"
        year = self.year.first.year
        half = "" if self.months == YEAR else f"-{1 + (self.first.month != FIRST_MONTH)}"
        return f"{year}-{year + 1}{half}"

    @property
    def label(self) -> str:
        """What people call it: "Schuljahr 2025/26", "2. Halbjahr 2025/26", "März 2026"."""
        if self.months == MONTH:
            return f"{MONTHS[self.first.month]} {self.first.year}"
        year = self.year.first.year
        years = f"{year}/{(year + 1) % 100:02d}"
        if self.months == YEAR:
            return _("School year %(years)s") % {"years": years}
        if self.first.month == FIRST_MONTH:
            return _("1st half of %(years)s") % {"years": years}
        return _("2nd half of %(years)s") % {"years": years}

    @property
    def short_label(self) -> str:
        """What it is called where all around is of the same year: "2. Halbjahr", "März"; of a year "2025/26"."""
        if self.months == MONTH:
            return date_format(self.first, "N")
        if self.months == YEAR:
            return f"{self.first.year}/{(self.first.year + 1) % 100:02d}"
        return _("1st half-year") if self.first.month == FIRST_MONTH else _("2nd half-year")


@lru_cache(maxsize=4096)
def _later(day: date, months: int) -> date:
    """Return the first day of the month that lies so many months later."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, 1)


@lru_cache(maxsize=4096)
def _whole(period: Period) -> Period:
    if period.months == MONTH:
        return next(half for half in period.year.parts if half.first <= period.first < half.ends)
    return period.year


@lru_cache(maxsize=4096)
def _parts(period: Period) -> tuple[Period, ...]:
    size = {YEAR: HALF, HALF: MONTH}.get(period.months)
    return tuple(Period(_later(period.first, n), size) for n in range(0, period.months, size)) if size else ()
