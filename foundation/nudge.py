"""Wake the worker after a commit. The work stands in the database: a nudge may be lost, a request never."""

import logging
import time

from celery import current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

PATIENCE = 1  # seconds to reach the broker
PAUSE_AFTER_FAILURE = 30  # seconds without another try, so that a dead broker slows one request and not all
NO_RETRIES = {"max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0}

_silent_until = 0.0


def nudge(task) -> None:
    """Start `task`, which takes no arguments, after the commit; without a broker the next sweep does it."""
    transaction.on_commit(lambda: publish(task), robust=True)


def publish(task) -> bool:
    """Tell the worker now and return whether the broker took it; a dead one costs a second and a log line."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        with current_app.connection_for_write(
            url=settings.REDIS_URL,
            transport_options={
                **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
                **NO_RETRIES,
                "socket_timeout": PATIENCE,
                "socket_connect_timeout": PATIENCE,
            },
        ) as connection:
            task.apply_async(connection=connection, retry=False)
    except Exception as error:  # whatever it is: the sweep finds the work
        _silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
        log.warning("nudge for %s not published: %s", task.name, type(error).__name__)
        return False
    return True
