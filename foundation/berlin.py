"""The wall clock of the city. Instants are kept in UTC; days are days in Dortmund."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def berlin_day(at: datetime) -> date:
    """Return the day the calendar on the wall shows at this instant."""
    return at.astimezone(BERLIN).date()


def start_of_day(day: date) -> datetime:
    """Return the first instant of the day, in UTC."""
    return datetime.combine(day, time.min, tzinfo=BERLIN).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return the instant at which the day is over, which is the first one of the next day."""
    return start_of_day(day + timedelta(days=1))
