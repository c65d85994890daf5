"""Ticks of the clock for reports. A tick may come twice, late or beside its twin; it only calls."""

import time

from celery import shared_task
from django.utils import timezone

from notifications import delivery
from tickets import drafts, letters, orphans, presence
from tickets.commands.recompute import recompute_some
from tickets.commands.sweep import sweep

RECOMPUTING = 10  # seconds of a tick; the sweep, which comes as often, shall not wait long behind it


@shared_task
def discard_drafts() -> None:
    """Remove drafts nobody came back to within a day, with their photos."""
    drafts.discard_outdated(at=timezone.now())


@shared_task
def remove_orphans() -> None:
    """Remove photo files that belong to nothing."""
    orphans.remove_orphans(at=timezone.now())


@shared_task
def forget_presence() -> None:
    """Remove who had a report open and has left; pages leave them out after a minute anyway."""
    presence.remove_outdated(at=timezone.now())


@shared_task
def sweep_deadlines() -> None:
    """Take the steps of all clocks that are due."""
    sweep(at=timezone.now())


@shared_task
def deliver_outbox() -> None:
    """Gather what is owed by e-mail and send what is due."""
    delivery.deliver_outbox(at=timezone.now(), compose=letters.compose)


@shared_task
def recompute() -> None:
    """Go on with what has to be worked out anew, for as long as a tick may take; the next tick goes on from there."""
    ends = time.monotonic() + RECOMPUTING
    while time.monotonic() < ends and recompute_some(at=timezone.now()):
        pass
