"""The kind of task everything here is: whoever takes it leaves a sign of life."""

import logging
from datetime import datetime

from celery import Task
from django.db import DatabaseError
from django.utils import timezone

from .models import Heartbeat
from .sent import tick_sent_at
from .signs import leave_sign

log = logging.getLogger(__name__)


class Tick(Task):
    """A task that notes which worker took it, and when beat sent it if beat did."""

    abstract = True

    def __call__(self, *args, **kwargs):
        if not self.request.called_directly:
            self._leave_signs(timezone.now())
        return super().__call__(*args, **kwargs)

    def _leave_signs(self, at: datetime) -> None:
        try:
            leave_sign(f"{Heartbeat.WORKER}{self.request.hostname}", at=at, counted={"ticks": 1})
            if sent_at := tick_sent_at(self.request.headers, self.request.expires):
                facts = {"taken_at": at.isoformat(), "waited": round((at - sent_at).total_seconds(), 3)}
                leave_sign(Heartbeat.BEAT, at=sent_at, facts=facts, counted={"ticks": 1})
        except DatabaseError as trouble:  # the work of the task may be possible all the same
            log.warning("no sign of life left: %s", type(trouble).__name__)
