"""Two answers for whoever watches: does the process live, and can it do its work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from accounts.models import AccessMail

LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """What one check found. `needed` says whether people can work without it."""

    name: str
    ok: bool
    needed: bool
    detail: str = ""


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Answer as long as the process can answer at all."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 503 without database or with open migrations; what people can work without is only `degraded`."""
    findings = examine(request.at)
    if any(finding.needed and not finding.ok for finding in findings):
        status, code = "unavailable", 503
    elif any(not finding.ok for finding in findings):
        status, code = "degraded", 200
    else:
        status, code = "ok", 200
    checks = {finding.name: {"ok": finding.ok, "detail": finding.detail} for finding in findings}
    return JsonResponse({"status": status, "checks": checks}, status=code)


def examine(at: datetime) -> list[Finding]:
    """Return what every check found; without a database the checks that ask it are left out."""
    try:
        return [migrations(), broker(), *(check(at) for check in CHECKS_IN_DATABASE)]
    except DatabaseError:
        return [Finding("database", ok=False, needed=True, detail="unreachable"), broker()]


def migrations() -> Finding:
    """Compare what the code brings with what the database has applied."""
    applied = MigrationRecorder(connection).applied_migrations()
    missing = sorted(f"{app}.{name}" for app, name in migrations_on_disk() - set(applied))
    detail = f"{len(missing)} to apply, first {missing[0]}" if missing else ""
    return Finding("migrations", ok=not missing, needed=True, detail=detail)


@cache
def migrations_on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def broker() -> Finding:
    """Ask the broker for a sign of life; work reaches the worker later without it, and is not lost."""
    client = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        client.ping()
    except RedisError:
        return Finding("broker", ok=False, needed=False, detail="unreachable")
    finally:
        client.close()
    return Finding("broker", ok=True, needed=False)


def access_mails(at: datetime) -> Finding:
    """Return whether the oldest mail that is due has waited for long: then the worker or the mail server is out."""
    oldest = AccessMail.objects.due(at=at).first()
    waiting = at - oldest.requested_at if oldest else timedelta()
    return Finding("mails", ok=waiting <= LATE, needed=False, detail=f"{waiting.total_seconds():.0f} s")


# Each asks how old the oldest piece of due work is, and what is owed without anybody waiting at the counter.
CHECKS_IN_DATABASE: list[Callable[[datetime], Finding]] = [access_mails]
