"""Ends a worker or a beat that has gone deaf; whoever keeps it alive starts it again.

After a broker has come back each connects anew by itself, as was measured (docs/measurements.md). This is for the day
one does not: it lives, answers the supervisor, and does nothing [celery#10205].
"""

import logging
import os
import signal
import time
from dataclasses import dataclass
from threading import Event, Thread

from billiard import active_children
from celery import Celery, bootsteps
from celery.beat import PersistentScheduler
from celery.worker import state
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from redis import Redis, RedisError

from accounts.models import AccessMail
from notifications.models import Mail, OutboxMessage
from reports.models import StaleMonth
from tickets.models import Deadline

log = logging.getLogger(__name__)

LOOK_EVERY = 10  # seconds
PATIENCE = 120  # seconds without a sign of work while there is some; a tick comes every 20
PATIENCE_WHEN_BUSY = 300  # no task may take longer than 150
DEAF = 70  # the exit code: EX_SOFTWARE
WANT_TICKS = (Deadline, OutboxMessage, Mail, AccessMail, StaleMonth)


@dataclass
class Vigil:
    """Watches something that counts up when it works. Pure: the instants are seconds of any clock that goes on."""

    since: float
    counted: int = 0

    def is_deaf(self, now: float, *, counted: int, is_due: bool, is_busy: bool = False) -> bool:
        """Return whether nothing was counted for too long although all the time there was something to do."""
        if counted != self.counted or not is_due:
            self.since, self.counted = now, counted
        return now - self.since >= (PATIENCE_WHEN_BUSY if is_busy else PATIENCE)


class WorkerWatchdog(bootsteps.StartStopStep):
    """A thread of the worker's own process, beside the loop that may hang."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker, **options):
        super().__init__(worker, **options)
        self.ended = Event()

    def start(self, worker) -> None:
        Thread(target=self._watch, args=(worker.app,), name="watchdog", daemon=True).start()

    def stop(self, worker) -> None:
        self.ended.set()

    def _watch(self, app: Celery) -> None:
        vigil = Vigil(time.monotonic())
        while not self.ended.wait(LOOK_EVERY):
            taken, is_busy = state.all_total_count[0], bool(state.active_requests)
            is_due = taken == vigil.counted and has_work(app)  # who works need not be asked whether there is work
            if vigil.is_deaf(time.monotonic(), counted=taken, is_due=is_due, is_busy=is_busy):
                end("the worker has taken nothing for long although there is work")
            connection.close()  # of this thread, which is no task: nobody else would


class WatchedScheduler(PersistentScheduler):
    """Beat's scheduler, with a thread beside it that counts the ticks it has sent."""

    sent = 0

    def setup_schedule(self) -> None:
        super().setup_schedule()
        Thread(target=self._watch, name="watchdog", daemon=True).start()

    def apply_async(self, *args, **kwargs):
        result = super().apply_async(*args, **kwargs)
        self.sent += 1
        return result

    def _watch(self) -> None:
        vigil = Vigil(time.monotonic())
        while True:
            time.sleep(LOOK_EVERY)
            if vigil.is_deaf(time.monotonic(), counted=self.sent, is_due=messages_waiting(self.app) is not None):
                end("beat has sent no tick for long although the broker answers")


def has_work(app: Celery) -> bool:
    """Return whether the broker answers and something waits there or is due in the database."""
    waiting = messages_waiting(app)
    return waiting is not None and (waiting > 0 or work_is_due())


def messages_waiting(app: Celery) -> int | None:
    """Return how many messages lie in the queue, None where the broker does not answer: then nobody can work."""
    client = Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3)
    try:
        return client.llen(app.conf.task_default_queue)
    except RedisError:
        return None
    finally:
        client.close()


def work_is_due() -> bool:
    """Return whether a row wants a tick; none where the database does not answer."""
    at = timezone.now()
    try:
        return any(model.objects.due(at=at).exists() for model in WANT_TICKS)
    except DatabaseError:
        return False


def end(reason: str) -> None:
    """End this process at once, with the children it works through: whoever hangs does not stop when asked."""
    log.critical("%s; ending, to be started again", reason)
    for child in active_children():
        os.kill(child.pid, signal.SIGKILL)
    logging.shutdown()
    os._exit(DEAF)
