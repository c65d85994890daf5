"""How instants, spans and numbers read to people, in the active language. Pure: the clock is a parameter.

Times are those of the wall clock in Berlin. A short and a long form exist where a list has less room.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

from foundation.berlin import BERLIN, berlin_day, start_of_day

NEAR = timedelta(hours=1)  # a promise due within this is shown as pressing
A_WEEK = 7  # days; as long as a weekday alone is unmistakable


class Due(NamedTuple):
    """How a promised instant reads, and whether it presses."""

    text: str
    near: bool


def clock(at: datetime) -> str:
    """Return the time of day: "7:58 Uhr"."""
    wall = at.astimezone(BERLIN)
    return _written(time(wall.hour, wall.minute), pgettext("time of day, in Django's date format", "G:i"))


def exact_clock(at: datetime) -> str:
    """Return the time of day, with its seconds where it has any: "9:00:12 Uhr"."""
    if not at.second:
        return clock(at)
    pattern = pgettext("time of day with seconds, in Django's date format", "G:i:s")
    return _written(at.astimezone(BERLIN).time().replace(microsecond=0), pattern)


def day(at: datetime, now: datetime) -> str:
    """Return the day: "heute", "gestern", "morgen", "Fr., 27. November", with the year if need be."""
    distance = (berlin_day(at) - berlin_day(now)).days
    if distance in (-1, 0, 1):
        return (gettext("today"), gettext("tomorrow"), gettext("yesterday"))[distance]
    return weekday(at, now)


def weekday(at: datetime, now: datetime) -> str:
    """Return the day by its date, also where it is today: "Fr., 27. November", with the year if need be."""
    if berlin_day(at).year == berlin_day(now).year:
        pattern = pgettext("day of this year, in Django's date format", "D, j F")
    else:
        pattern = pgettext("day of another year, in Django's date format", "D, j F Y")
    return _written(berlin_day(at), pattern)


def moment(at: datetime, now: datetime) -> str:
    """Return day and time: "heute, 7:58 Uhr"."""
    return _all_day(_moment, at, berlin_day(now), get_language())


def _moment(at: datetime, now: datetime) -> str:
    return gettext("%(day)s, %(time)s") % {"day": day(at, now), "time": clock(at)}


def long_day(at: datetime) -> str:
    """Return the day in full: "Montag, 23. November 2026"."""
    return _written(berlin_day(at), pgettext("day in full, in Django's date format", "l, j F Y"))


def short_day(at: datetime) -> str:
    """Return the day for a table: "23.11.2026"."""
    return _written(berlin_day(at), pgettext("day in a table, in Django's date format", "d/m/Y"))


def point(at: datetime, now: datetime) -> str:
    """Return the shortest clear name of a past instant: "7:58 Uhr", "gestern", "Freitag", "12. November"."""
    distance = (berlin_day(now) - berlin_day(at)).days
    if distance <= 0:
        return clock(at)
    if distance == 1:
        return gettext("yesterday")
    if distance < A_WEEK:
        return str(WEEKDAYS[berlin_day(at).weekday()])
    if berlin_day(at).year == berlin_day(now).year:
        pattern = pgettext("date of this year, in Django's date format", "j F")
    else:
        pattern = pgettext("date of another year, in Django's date format", "j F Y")
    return _written(berlin_day(at), pattern)


def since(at: datetime, now: datetime) -> str:
    """Return since when: "seit 7:58 Uhr", "seit Freitag"."""
    return _all_day(_since, at, berlin_day(now), get_language())


def _since(at: datetime, now: datetime) -> str:
    return gettext("since %(point)s") % {"point": point(at, now)}


def due(at: datetime, now: datetime, *, short: bool = False) -> Due:
    """Return how a promise reads: "noch 25 Min.", "heute, 15:00 Uhr", "überfällig seit Freitag".

    The short form leaves the time out from the day after tomorrow on.
    """
    left = at - now
    if left <= timedelta():
        return Due(gettext("overdue since %(point)s") % {"point": point(at, now)}, near=True)
    if left <= NEAR:
        return Due(gettext("%(span)s left") % {"span": span(left)}, near=True)
    far = (berlin_day(at) - berlin_day(now)).days > 1
    return Due(day(at, now) if short and far else moment(at, now), near=False)


def span(length: timedelta) -> str:
    """Return a length of time: "25 Min.", "5 Std. 20 Min."; a started minute counts."""
    minutes = max(0, -(-length // timedelta(minutes=1)))
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s hr", "%(count)s hrs", hours) % {"count": number(hours)})
    if rest or not hours:
        parts.append(ngettext("%(count)s min", "%(count)s mins", rest) % {"count": rest})
    return glued(" ".join(parts))


def exact_span(length: timedelta, *, by_days: bool = False) -> str:
    """Return a length of time to the second: "3 Std. 15 Min. 12 Sek."; what is nothing is left out.

    With `by_days` hours are told as days of 24 hours where there are so many.
    """
    minutes, seconds = divmod(length // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24) if by_days else (0, hours)
    parts = []
    if days:
        parts.append(ngettext("%(count)s day", "%(count)s days", days) % {"count": number(days)})
    if hours:
        parts.append(ngettext("%(count)s hr", "%(count)s hrs", hours) % {"count": number(hours)})
    if minutes or not (days or hours or seconds):
        parts.append(ngettext("%(count)s min", "%(count)s mins", minutes) % {"count": minutes})
    if seconds:
        parts.append(ngettext("%(count)s sec", "%(count)s secs", seconds) % {"count": seconds})
    return " ".join(glued(part) for part in parts)


def number(value: int | float, digits: int = 0) -> str:
    """Return a number with the separators of the language: "1.234"."""
    return number_format(value, digits, use_l10n=True, force_grouping=True)


def percent(value: float, digits: int = 0) -> str:
    """Return a share of one as per cent: "92 %"."""
    return glued(gettext("%(number)s %%") % {"number": number(round(value * 100, digits), digits)})


def glued(text: str) -> str:
    """Return the text with spaces at which no line breaks, so that a number stays with its unit."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


@lru_cache(maxsize=10_000)  # the newest reports are listed again and again, to everybody
def _all_day(worded: Callable, at: datetime, today: date, language: str) -> str:
    """Return an instant as it is worded as long as this day lasts."""
    return worded(at, start_of_day(today))


def _written(value: date | time, pattern: str) -> str:
    """Return a day, or a time of day that no line breaks, by a pattern of Django's in the active language."""
    return _remembered(value, pattern, get_language())


@lru_cache(maxsize=10_000)  # all minutes of a day and some years of days, in two languages
def _remembered(value: date | time, pattern: str, language: str) -> str:
    return glued(time_format(value, pattern)) if isinstance(value, time) else date_format(value, pattern)
