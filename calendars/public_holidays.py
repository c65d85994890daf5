"""The public holidays of North Rhine-Westphalia, from the pinned `holidays` package, not from the network."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays

NAMED_IN = {"de": "de", "en": "en_US"}  # our language: the package's


def is_public_holiday(day: date) -> bool:
    """Return whether the day is a statutory holiday in NRW."""
    return day in public_holidays(day.year)


def public_holiday_name(day: date, language: str | None = None) -> str | None:
    """Return what a statutory holiday is called in a language, in German unless it is known; else None."""
    return public_holidays(day.year, (language or "de")[:2]).get(day)


@lru_cache(maxsize=64)
def public_holidays(year: int, language: str = "de") -> Mapping[date, str]:
    """Return the statutory holidays of a year and their names."""
    # Built whole: the package's own object fills up while it is asked, which a second thread must not see.
    named = holidays.country_holidays(
        "DE", subdiv="NW", years=year, expand=False, language=NAMED_IN.get(language, "de")
    )
    return MappingProxyType(dict(named))
