"""Waking the worker never stands between a teacher and their report."""

import pytest
from django.db import transaction

from foundation import nudge
from helpdesk.celery import app


@app.task(name="tests.nothing")
def nothing():
    """Do nothing."""


@pytest.fixture(autouse=True)
def not_silent(monkeypatch):
    monkeypatch.setattr(nudge, "_silent_until", 0.0)


def waiting(settings):
    with app.connection_for_read(url=settings.REDIS_URL) as connection:
        return connection.default_channel.client.llen("celery")


def test_the_worker_is_told(settings):
    before = waiting(settings)
    assert nudge.publish(nothing) is True
    assert waiting(settings) == before + 1


def test_a_dead_broker_costs_a_line_in_the_log_and_no_request(settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert nudge.publish(nothing) is False
    assert "tests.nothing" in caplog.text


def test_a_dead_broker_is_left_alone_for_a_while(settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    nudge.publish(nothing)
    caplog.clear()
    assert nudge.publish(nothing) is False
    assert caplog.text == ""


@pytest.mark.django_db
def test_the_worker_is_woken_after_the_commit_and_not_before(settings, django_capture_on_commit_callbacks):
    before = waiting(settings)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        nudge.nudge(nothing)
        assert waiting(settings) == before
    assert waiting(settings) == before + 1


@pytest.mark.django_db
def test_nobody_is_woken_for_what_was_never_committed(settings, django_capture_on_commit_callbacks):
    before = waiting(settings)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        nudge.nudge(nothing)
        transaction.set_rollback(True)
    assert waiting(settings) == before


def test_everything_the_clock_starts_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
