"""One effect for one key: pages and the API put what they do into `run_once`.

    return run_once(
        owner=request.user, key=key, fingerprint=fingerprint_of(request), at=request.at, action=act
    )

`act` takes no arguments, does the work and returns the response. Its own statements aside this costs two: one
that claims the key and looks for an answer, one that stores the answer in the same transaction as the effect.

Only answers below 400 are kept. After a refusal or an exception the whole transaction is rolled back, so the
same key may be tried again; what must survive a refusal, such as a draft, is written outside of `act`.
`run_once` opens the outermost transaction itself and says so with a RuntimeError where there already is one.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from idempotency.models import LONGEST_KEY, IdempotencyRecord

_VISIBLE = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")


class InvalidKey(ValueError):
    """The key is empty, too long or not visible ASCII (400)."""

    message = _("The idempotency key must be 1 to 128 visible ASCII characters.")


class KeyReused(Exception):
    """The key has already been used for a request with other content (422)."""

    message = _("This idempotency key was already used for something else.")


class StillRunning(Exception):
    """The first request with this key has not been answered yet (409); the same may be sent again shortly."""

    message = _("This is already being processed. Please try again in a moment.")


class _Overtaken(Exception):
    """Another request with this key was answered while ours ran; ours is rolled back."""


def clean_key(raw: str) -> str:
    """Return the key as it is stored, without quotation marks around it; raise InvalidKey."""
    key = raw[1:-1] if len(raw) > 2 and raw[0] == raw[-1] == '"' else raw
    if not _VISIBLE.fullmatch(key):
        raise InvalidKey(InvalidKey.message)
    return key


def key_of(request) -> str | None:
    """Return the key a request carries in its header or in a form's hidden field; None without one."""
    return request.headers.get("Idempotency-Key") or request.POST.get("idempotency_key") or None


def run_once(
    *, owner, key: str, fingerprint: str, at: datetime, action: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return the action's response, or the stored one with `Idempotent-Replayed: true` if there is one.

    Raises KeyReused, StillRunning, InvalidKey for a key that cannot be one, or what the action raises.
    """
    key = clean_key(key)
    try:
        with transaction.atomic(durable=True):
            return _answer(owner, key, fingerprint, at, action)
    except _Overtaken:
        # A statement sees the rows of the moment it began, so the twin may commit between our looking for
        # its answer and our claiming the key. The unique constraint noticed; a new transaction sees it.
        with transaction.atomic(durable=True):
            return _answer(owner, key, fingerprint, at, action)


def _answer(owner, key, fingerprint, at, action):
    claimed, stored = _claim(owner, key)
    if stored is not None:
        if stored.fingerprint != fingerprint:
            raise KeyReused(KeyReused.message)
        return _replay(stored)
    if not claimed:
        raise StillRunning(StillRunning.message)
    response = action()
    if response.status_code >= 400:
        transaction.set_rollback(True)
        return response
    try:
        IdempotencyRecord.objects.create(
            owner=owner, key=key, fingerprint=fingerprint, created_at=at, **_contents(response)
        )
    except IntegrityError as error:
        raise _Overtaken from error
    return response


def _claim(owner, key):
    """Take the key until the transaction ends, if nobody has it, and look for its answer: one statement."""
    digest = hashlib.blake2b(f"{owner.pk}:{key}".encode(), digest_size=8).digest()
    table = connection.ops.quote_name(IdempotencyRecord._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s),"
            " r.fingerprint, r.status_code, r.content_type, r.location, r.body"
            f" FROM (SELECT 1) AS one LEFT JOIN {table} AS r ON r.owner_id = %s AND r.key = %s",
            [int.from_bytes(digest, signed=True), owner.pk, key],
        )
        claimed, *columns = cursor.fetchone()
    if columns[0] is None:
        return claimed, None
    fields = ("fingerprint", "status_code", "content_type", "location", "body")
    return claimed, IdempotencyRecord(owner=owner, key=key, **dict(zip(fields, columns, strict=True)))


def _contents(response):
    """Return the columns of a record for a response, rendering it where that has not happened yet."""
    if response.streaming:
        raise TypeError("a streamed response cannot be kept")
    content_type = response.headers.get("Content-Type", "")
    if isinstance(response, Response) and not response.is_rendered:
        # The REST framework chooses its renderer after the view has returned; ours speaks JSON only.
        body = b"" if response.data is None else JSONRenderer().render(response.data)
        content_type = response.content_type or "application/json"
    else:
        if not getattr(response, "is_rendered", True):
            response.render()
        body = response.content
    return {
        "status_code": response.status_code,
        "content_type": content_type,
        "location": response.headers.get("Location", ""),
        "body": body,
    }


def _replay(stored):
    response = HttpResponse(bytes(stored.body), status=stored.status_code, content_type=stored.content_type or None)
    if stored.location:
        response.headers["Location"] = stored.location
    response.headers["Idempotent-Replayed"] = "true"
    return response
