"""`Idempotency-Key` of the API: whoever got no answer sends the same again, and it happens once."""

from collections.abc import Callable

from django.http.response import HttpResponseBase

from idempotency.fingerprint import fingerprint_of
from idempotency.once import run_once


def answer_once(request, action: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Return the action's answer, or the one it had when this key came first. Without a key it simply acts."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return action()
    return run_once(owner=request.user, key=key, fingerprint=fingerprint_of(request), at=request.at, action=action)
