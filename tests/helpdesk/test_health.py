"""What whoever watches Campusruf is told."""

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from helpdesk import health


@pytest.fixture
def no_broker(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


def test_a_living_process_says_so_without_asking_anybody(client, django_assert_num_queries):
    answer = client.get("/health/live")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.django_db
def test_all_is_well(client):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["checks"]["migrations"]["ok"] is True
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


@pytest.mark.django_db
def test_reports_work_without_a_broker_so_it_is_only_degraded(client, no_broker):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"]["broker"] == {"ok": False, "detail": "unreachable"}


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
