"""Forgets answers that have been kept long enough."""

from celery import shared_task
from django.utils import timezone

from idempotency.models import prune


@shared_task
def forget_answers() -> None:
    """Remove the stored answers whose 90 days are over."""
    prune(at=timezone.now())
