"""What changes a calendar: its version counts up, so that a due time can say by which rules it was worked out."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from calendars.models import BusinessCalendar, Recomputation
from calendars.recomputing import ask_to_recompute


@transaction.atomic
def note_change(*, calendar: BusinessCalendar, at: datetime, by=None) -> None:
    """Count up the version of a calendar whose rules are others from `at` on, and have due times worked out anew."""
    _count_up(BusinessCalendar.objects.filter(pk=calendar.pk), at)
    ask_to_recompute(Recomputation.Reason.CALENDAR, at=at, by=by, name=calendar.name)


@transaction.atomic
def note_changed_holidays(*, at: datetime, by=None) -> None:
    """Do the same for all calendars that run differently in school holidays; to the others they change nothing."""
    if _count_up(BusinessCalendar.objects.exclude(school_free_rule=BusinessCalendar.SchoolFreeRule.OPEN), at):
        ask_to_recompute(Recomputation.Reason.HOLIDAYS, at=at, by=by)


def note_another_default(*, calendar: BusinessCalendar, at: datetime, by=None) -> None:
    """Have due times worked out anew where another calendar has become the default; its rules are the same."""
    ask_to_recompute(Recomputation.Reason.CALENDAR, at=at, by=by, name=calendar.name)


def _count_up(calendars: QuerySet[BusinessCalendar], at: datetime) -> int:
    return calendars.update(version=F("version") + 1, changed_at=at)
