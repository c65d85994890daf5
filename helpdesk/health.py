"""Two answers for whoever watches: does the process live, and can it do its work."""

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

from helpdesk.condition import Condition
from pulse.models import Heartbeat


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
    """Return what every check found; without the database, or its tables, what asks them is left out."""
    try:
        state = migrations()
        return [state, broker(), *(work(at) if state.ok else [])]
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


def work(at: datetime) -> list[Finding]:
    """Return how everything stands that works by itself; whoever reports or answers can do so without it."""
    condition = Condition(at)
    heaps = condition.heaps
    mails, clocks, running = heaps["access mails"], heaps["clocks"], heaps["recomputations"].number
    changes = heaps["figures"].number
    return [
        _finding("sweep", not condition.is_silent(Heartbeat.SWEEP), _ago(condition.age(Heartbeat.SWEEP))),
        _finding("clocks", not clocks.late, f"{clocks.number} due, {clocks.late} for more than a minute"),
        _finding("mails", not mails.late, _told(at - mails.oldest if mails.oldest else timedelta())),
        _finding("outbox", not condition.mail_is_late, f"oldest due for {_told(condition.owed_for)}"),
        _finding("parked", not condition.parked, f"{condition.parked} wait for an administrator"),
        _finding("recomputation", not condition.recomputation_stands_still, f"{running} unfinished"),
        _finding("figures", not condition.figures_stand_still, f"{changes} changes wait to be counted"),
    ]


def _finding(name: str, ok: bool, detail: str) -> Finding:
    return Finding(name, ok=ok, needed=False, detail=detail)


def _ago(age: timedelta | None) -> str:
    return "never" if age is None else f"{_told(age)} ago"


def _told(age: timedelta) -> str:
    return f"{age.total_seconds():.0f} s"
