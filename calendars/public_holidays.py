"""The public holidays of North Rhine-Westphalia, from the pinned `holidays` package, not from the network."""

from datetime import date
from functools import lru_cache

import holidays


def is_public_holiday(day: date) -> bool:
    """Return whether the day is a statutory holiday in NRW."""
    return day in public_holidays(day.year)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Return the statutory holidays of a year."""
    # Built whole: the package's own object fills up while it is asked, which a second thread must not see.
    return frozenset(holidays.country_holidays("DE", subdiv="NW", years=year, expand=False))
