"""How often one account may ask the API: counted in Valkey, so that all web processes count together."""

import logging
import time
from functools import cache

from django.conf import settings
from django.db import connection
from redis import Redis, RedisError
from rest_framework.throttling import BaseThrottle

log = logging.getLogger(__name__)

A_MINUTE = 60
PATIENCE = 0.25  # seconds; counting is worth no more
PAUSE_AFTER_FAILURE = 30  # seconds without another try, so that a dead Valkey slows one request and not all

_silent_until = 0.0


class AccountLimit(BaseThrottle):
    """Let every account ask `API_LIMIT` times a minute, by all its keys and sessions together.

    Without Valkey nobody is refused: the limit is there for the others' sake, and must not be what keeps them out.
    """

    left = 0.0  # seconds until the next minute begins

    def allow_request(self, request, view) -> bool:
        if not settings.API_LIMIT or not request.user.is_authenticated:
            return True
        minute, passed = divmod(request.at.timestamp(), A_MINUTE)
        self.left = A_MINUTE - passed
        # The name of the database, because several installations may share a Valkey.
        return count(f"{connection.settings_dict['NAME']}:api:{request.user.pk}:{minute:.0f}") <= settings.API_LIMIT

    def wait(self) -> float:
        return self.left


def count(key: str) -> int:
    """Count one more under `key` and return how many there are; 0 while Valkey does not answer."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return 0
    try:
        told = _valkey(settings.REDIS_URL).pipeline(transaction=False).incr(key).expire(key, 2 * A_MINUTE).execute()
    except RedisError as error:
        _silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
        log.warning("requests are not counted: %s", type(error).__name__)
        return 0
    return told[0]


@cache
def _valkey(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=None)
