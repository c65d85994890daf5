"""Asking that due times are worked out anew, for whoever changes by what clocks run."""

from datetime import datetime

from calendars.models import Recomputation


def ask_to_recompute(
    reason: str, *, at: datetime, by=None, name: str = "", school: int | None = None
) -> Recomputation:
    """Ask for it in the transaction of the change; `school` is the id of the only school it concerns.

    One that has not begun yet and does the same is not asked for twice.
    """
    waiting = Recomputation.objects.unfinished().filter(
        reason=reason, name=name, school=school, total=None, leaves_past=False
    )
    found = waiting.select_for_update(skip_locked=True).first()
    if found is not None:
        return found
    return Recomputation.objects.create(reason=reason, name=name, school=school, requested_at=at, requested_by=by)
