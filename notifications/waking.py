"""When somebody may be written to: quiet hours, and the hour of the daily digest. Pure."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from calendars.business_time import BusinessHours
from foundation.berlin import BERLIN, berlin_day

from .models.preference import Preference, Quiet

MIDNIGHT = time(0)

#: Answers with the first instant from the given one on at which a person may be written to.
Waking = Callable[[datetime], datetime]


def waking_of(preference: Preference, service_hours: BusinessHours | None) -> Waking:
    """Return when the person is to be reached; without service hours there is nothing to wait for."""
    if preference.quiet == Quiet.OWN:
        return _next_open(_awake(preference.quiet_from, preference.quiet_until))
    if preference.quiet == Quiet.SERVICE_HOURS and service_hours is not None:
        return _next_open(service_hours)
    return lambda at: at


def digest_after(at: datetime, digest_at: time) -> datetime:
    """Return the first instant after `at` at which the clocks in Dortmund show the time of the digest."""
    day = berlin_day(at)
    today = datetime.combine(day, digest_at, tzinfo=BERLIN)
    if today > at:
        return today
    return datetime.combine(day + timedelta(days=1), digest_at, tzinfo=BERLIN)


def _next_open(hours: BusinessHours) -> Waking:
    return lambda at: next((opens for opens, _closes in hours.periods_after(at)), at)


def _awake(quiet_from: time, quiet_until: time) -> BusinessHours:
    """Return the hours that are not quiet, the same on every day of the year."""
    if quiet_from == MIDNIGHT or quiet_until < quiet_from:
        periods = [(quiet_until, quiet_from)]
    elif quiet_until == MIDNIGHT:
        periods = [(MIDNIGHT, quiet_from)]
    else:
        periods = [(MIDNIGHT, quiet_from), (quiet_until, MIDNIGHT)]
    return BusinessHours(dict.fromkeys(range(7), periods), BERLIN)
