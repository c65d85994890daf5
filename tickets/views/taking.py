"""What every form that takes a step does alike: one effect for one key, and the version that was seen."""

from collections.abc import Callable

from django.http import HttpResponse

from idempotency.fingerprint import fingerprint_of
from idempotency.once import run_once


def once(request, action: Callable[[], HttpResponse], *, part: str = "") -> HttpResponse:
    """Return what `action` answers, or what it answered to the same form before.

    `part` names what the form does besides its step, which is then done once as well.
    """
    key = request.POST.get("idempotency_key", "")
    if not key:
        return action()
    return run_once(
        owner=request.user, key=key + part, fingerprint=fingerprint_of(request), at=request.at, action=action
    )


def version_seen(request) -> int | None:
    """Return the version of the ticket on which the form stood."""
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
