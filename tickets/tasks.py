"""Ticks of the clock for reports. A tick may come twice, late or beside its twin; it only calls."""

import time
from dataclasses import asdict

from celery import shared_task
from django.utils import timezone

from foundation.berlin import berlin_day
from notifications import delivery
from pulse.models import Heartbeat, sent_on
from pulse.signs import leave_sign
from tickets import drafts, letters, orphans, presence
from tickets.commands.recompute import measure_some, recompute_some
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
    swept = sweep(at=timezone.now())
    leave_sign(Heartbeat.SWEEP, at=timezone.now(), counted={"sweeps": 1, **asdict(swept)})


@shared_task
def deliver_outbox() -> None:
    """Gather what is owed by e-mail and send what is due."""
    done = delivery.deliver_outbox(at=timezone.now(), compose=letters.compose)
    counted = {"rounds": 1, "gathered": done.gathered, "sent": done.sent, "failed": done.failed, "parked": done.parked}
    ended = timezone.now()
    leave_sign(Heartbeat.DELIVERY, at=ended, facts={"reached_server": done.reached_server}, counted=counted)
    if done.sent:
        leave_sign(sent_on(berlin_day(ended)), at=ended, counted={"sent": done.sent})


@shared_task
def recompute() -> None:
    """Go on with what has to be worked out anew, for as long as a tick may take; the next tick goes on from there."""
    ends, steps = time.monotonic() + RECOMPUTING, 0
    while time.monotonic() < ends and (recompute_some(at=timezone.now()) or measure_some()):
        steps += 1
    if steps:
        leave_sign(Heartbeat.RECOMPUTATION, at=timezone.now(), counted={"steps": steps})
