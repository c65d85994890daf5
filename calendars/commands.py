"""What changes a calendar counts up its version, so that a due time can say by which rules it was worked out."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, QuerySet

from calendars.models import BusinessCalendar


def note_change(*, calendars: Iterable[BusinessCalendar | int] | QuerySet, at: datetime) -> int:
    """Count up the version of these calendars because their rules are others from `at` on. Return how many."""
    keys = [getattr(calendar, "pk", calendar) for calendar in calendars]
    return BusinessCalendar.objects.filter(pk__in=keys).update(version=F("version") + 1, changed_at=at)


def calendars_minding_holidays() -> QuerySet[BusinessCalendar]:
    """Return the calendars that run differently on school-free days; to the others holidays change nothing."""
    return BusinessCalendar.objects.exclude(school_free_rule=BusinessCalendar.SchoolFreeRule.OPEN)
