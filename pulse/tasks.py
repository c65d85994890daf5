"""What the clock does for the signs of life themselves."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from .models import Heartbeat


@shared_task
def forget_signs() -> None:
    """Remove the signs of workers that have not been heard of for a day, and what was counted on earlier days."""
    Heartbeat.objects.outdated(before=timezone.now() - timedelta(days=1)).delete()
