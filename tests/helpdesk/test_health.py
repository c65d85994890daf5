"""What whoever watches Campusruf is told."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessMail
from calendars.models import Recomputation
from helpdesk import health
from notifications.models import Mail, OutboxMessage
from pulse.models import Heartbeat
from pulse.signs import leave_sign
from reports.models import StaleMonth
from tests.city import MONDAY
from tickets.models import Deadline


@pytest.fixture
def no_broker(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


def test_a_living_process_says_so_without_asking_anybody(client, django_assert_num_queries):
    answer = client.get("/health/live")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.fixture
def at_work(db, monkeypatch):
    """It is Monday morning, and everything that works by itself did so a moment ago."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    leave_sign(Heartbeat.SWEEP, at=MONDAY - timedelta(seconds=12))


@pytest.fixture
def state(client):
    """Ask for the state, and what one check says."""

    def ask(name):
        answer = client.get("/health/ready")
        assert answer.status_code == 200  # reports work without all of this
        return answer.json()["status"], answer.json()["checks"][name]

    return ask


def test_all_is_well(client, at_work):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["checks"]["migrations"]["ok"] is True
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_reports_work_without_a_broker_so_it_is_only_degraded(client, at_work, no_broker):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"]["broker"] == {"ok": False, "detail": "unreachable"}


def test_a_sweep_that_has_not_come_for_two_minutes_is_told(state, at_work):
    assert state("sweep") == ("ok", {"ok": True, "detail": "12 s ago"})
    Heartbeat.objects.update(at=MONDAY - timedelta(seconds=121))
    assert state("sweep") == ("degraded", {"ok": False, "detail": "121 s ago"})
    Heartbeat.objects.all().delete()
    assert state("sweep") == ("degraded", {"ok": False, "detail": "never"})


def test_clocks_that_have_been_due_for_a_minute_are_counted(state, at_work, city):
    city.report()
    Deadline.objects.update(next_at=MONDAY - timedelta(seconds=30))
    assert state("clocks") == ("ok", {"ok": True, "detail": "2 due, 0 for more than a minute"})
    Deadline.objects.filter(kind="resolution").update(next_at=MONDAY - timedelta(seconds=61))
    assert state("clocks") == ("degraded", {"ok": False, "detail": "2 due, 1 for more than a minute"})


@pytest.mark.parametrize("where", ["not gathered", "in a mail"])
def test_a_message_that_has_been_due_for_five_minutes_is_told(state, at_work, city, where):
    city.report()
    since = MONDAY - timedelta(seconds=301)
    if where == "in a mail":
        mail = Mail.objects.create(recipient=city.manager, kind="single", created_at=since, due_at=since)
        OutboxMessage.objects.owed().update(mail=mail)
    else:
        OutboxMessage.objects.owed().update(due_at=since)
    assert state("outbox") == ("degraded", {"ok": False, "detail": "oldest due for 301 s"})


def test_what_is_due_later_is_not_late(state, at_work, city):
    city.report()
    OutboxMessage.objects.owed().update(due_at=MONDAY + timedelta(hours=9))
    assert state("outbox") == ("ok", {"ok": True, "detail": "oldest due for 0 s"})


def test_what_is_parked_waits_for_an_administrator(state, at_work, city):
    city.report()
    Deadline.objects.filter(kind="resolution").update(parked_at=MONDAY, attempts=5, last_error="KeyError")
    facts = {"created_at": MONDAY, "due_at": MONDAY, "attempts": 8, "last_error": "OSError"}
    Mail.objects.create(recipient=city.manager, kind="single", parked_at=MONDAY, **facts)
    AccessMail.objects.create(kind="reset", account_key="x", requested_at=MONDAY, attempts=5)
    assert state("parked") == ("degraded", {"ok": False, "detail": "3 wait for an administrator"})


def test_a_link_that_has_been_owed_for_five_minutes_is_told(state, at_work):
    AccessMail.objects.create(kind="reset", account_key="x", requested_at=MONDAY - timedelta(seconds=301))
    assert state("mails") == ("degraded", {"ok": False, "detail": "301 s"})


def test_a_recomputation_may_take_its_time_and_must_not_stand_still(state, at_work):
    Recomputation.objects.create(reason="calendar", requested_at=MONDAY - timedelta(minutes=20), total=9, done=1)
    leave_sign(Heartbeat.RECOMPUTATION, at=MONDAY - timedelta(minutes=1))
    assert state("recomputation") == ("ok", {"ok": True, "detail": "1 unfinished"})
    Heartbeat.objects.filter(name=Heartbeat.RECOMPUTATION).update(at=MONDAY - timedelta(minutes=6))
    assert state("recomputation") == ("degraded", {"ok": False, "detail": "1 unfinished"})


def test_changes_may_wait_while_somebody_counts_and_must_not_stand_still(state, at_work, city):
    StaleMonth.objects.create(school=city.brecht, month=date(2026, 3, 1), marked_at=MONDAY - timedelta(minutes=6))
    leave_sign(Heartbeat.FIGURES, at=MONDAY - timedelta(minutes=1), facts={"failed": 0})
    assert state("figures") == ("ok", {"ok": True, "detail": "1 changes wait to be counted"})
    leave_sign(Heartbeat.FIGURES, at=MONDAY, facts={"failed": 1})
    assert state("figures") == ("degraded", {"ok": False, "detail": "1 changes wait to be counted"})
    Heartbeat.objects.filter(name=Heartbeat.FIGURES).update(at=MONDAY - timedelta(minutes=6), facts={})
    assert state("figures") == ("degraded", {"ok": False, "detail": "1 changes wait to be counted"})


def test_the_state_takes_as_many_statements_with_many_reports_as_with_none(client, at_work, city):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            client.get("/health/ready")
        return len(captured)

    few = statements()
    for _ in range(5):
        city.report()
    assert statements() == few <= 4


@pytest.mark.django_db
def test_an_open_migration_makes_it_unavailable_and_is_named(client):
    MigrationRecorder(connection).record_unapplied("audit", "nothing")
    app, name = max(health.migrations_on_disk())
    MigrationRecorder(connection).record_unapplied(app, name)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"
    assert f"{app}.{name}" in answer.json()["checks"]["migrations"]["detail"]


def test_a_database_that_is_down_makes_it_unavailable(client, monkeypatch):
    def unreachable():
        raise DatabaseError("connection refused to db.example.org with password geheim")

    monkeypatch.setattr(health, "migrations", unreachable)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == {"ok": False, "detail": "unreachable"}
    assert "geheim" not in answer.content.decode()


def test_health_is_read_only(client):
    assert client.post("/health/live").status_code == 405


def test_every_answer_carries_the_security_headers(client):
    headers = client.get("/health/live").headers
    assert {part.strip() for part in headers["Content-Security-Policy"].split(";")} == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


def test_a_page_that_does_not_exist_carries_them_too(client):
    answer = client.get("/there/is/nothing/here")
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Permissions-Policy" in answer.headers


def test_a_foreign_host_name_is_refused(client):
    assert client.get("/health/live", headers={"host": "evil.example.org"}).status_code == 400
