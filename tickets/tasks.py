"""Ticks of the clock for reports. A tick may come twice, late or beside its twin; it only calls."""

from celery import shared_task
from django.utils import timezone

from tickets import drafts


@shared_task
def discard_drafts() -> None:
    """Remove drafts nobody came back to within a day, with their photos."""
    drafts.discard_outdated(at=timezone.now())
