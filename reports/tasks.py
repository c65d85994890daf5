"""The tick of the clock for figures. It may come twice, late or beside its twin; it only calls."""

from celery import shared_task
from django.utils import timezone

from pulse.models import Heartbeat
from pulse.signs import leave_sign
from reports.keeping import keep_figures

KEEPING = 10  # seconds of a tick; others, which come as often, shall not wait long behind it


@shared_task
def keep() -> None:
    """Count anew what has changed, for as long as a tick may take; the next tick goes on from there."""
    kept = keep_figures(at=timezone.now(), seconds=KEEPING)
    counted = {"rounds": 1, "schools": kept.schools, "cities": kept.cities, "failed": kept.failed}
    leave_sign(Heartbeat.FIGURES, at=timezone.now(), facts={"failed": kept.failed}, counted=counted)
