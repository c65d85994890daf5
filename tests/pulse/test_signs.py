"""Who works by itself leaves a sign of life, and counts what it did."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.celery import app
from pulse.models import Heartbeat
from pulse.sent import EVERY, tick_sent_at
from pulse.signs import leave_sign
from pulse.tasks import forget_signs

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def tick(db, monkeypatch):
    """Have a worker take a task as beat sends it, or as somebody else does."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    app.loader.import_default_modules()  # as a worker does at its start

    def take(name="tickets.tasks.sweep_deadlines", **request):
        task = app.tasks[name]
        task.push_request(hostname="celery@eins", called_directly=False, **request)
        try:
            task()
        finally:
            task.pop_request()

    return take


@pytest.mark.django_db
def test_what_is_counted_adds_up_and_the_facts_are_those_of_the_last_time():
    leave_sign("sweep", at=NOON, facts={"late": True}, counted={"sweeps": 1, "taken": 3})
    leave_sign("sweep", at=NOON + timedelta(seconds=20), counted={"sweeps": 1, "failed": 2})
    row = Heartbeat.objects.get(name="sweep")
    assert row.at == NOON + timedelta(seconds=20)
    assert row.facts == {}
    assert row.totals == {"sweeps": 2, "taken": 3, "failed": 2}


@pytest.mark.django_db
def test_a_round_that_ends_late_counts_and_does_not_cover_a_later_one():
    leave_sign("sweep", at=NOON, facts={"round": 2}, counted={"sweeps": 1})
    leave_sign("sweep", at=NOON - timedelta(minutes=1), facts={"round": 1}, counted={"sweeps": 1})
    row = Heartbeat.objects.get(name="sweep")
    assert (row.at, row.facts, row.totals) == (NOON, {"round": 2}, {"sweeps": 2})


@pytest.mark.django_db
def test_a_sign_of_life_is_one_statement():
    with CaptureQueriesContext(connection) as captured:
        leave_sign("sweep", at=NOON, counted={"sweeps": 1})
    assert len(captured) == 1


def test_a_tick_shows_which_worker_took_it_and_when_beat_sent_it(tick):
    tick(headers={EVERY: 20}, expires=(NOON + timedelta(seconds=17)).isoformat())
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"sweep", "beat", "worker celery@eins"}
    beat = Heartbeat.objects.get(name=Heartbeat.BEAT)
    assert beat.at == NOON - timedelta(seconds=3)
    assert beat.facts == {"taken_at": NOON.isoformat(), "waited": 3.0}


def test_a_nudge_by_a_request_says_nothing_about_beat(tick):
    tick()
    assert not Heartbeat.objects.filter(name=Heartbeat.BEAT).exists()
    assert Heartbeat.objects.filter(name="worker celery@eins").exists()


@pytest.mark.parametrize(
    ("name", "row", "counted"),
    [
        ("tickets.tasks.sweep_deadlines", Heartbeat.SWEEP, "sweeps"),
        ("tickets.tasks.deliver_outbox", Heartbeat.DELIVERY, "rounds"),
        ("accounts.tasks.send_access_mails", Heartbeat.ACCESS_MAILS, "rounds"),
    ],
)
def test_each_round_says_when_it_was_and_counts(tick, name, row, counted):
    tick(name)
    tick(name)
    assert Heartbeat.objects.get(name=row).totals[counted] == 2


def test_every_tick_of_beat_tells_how_often_it_comes():
    for entry in app.conf.beat_schedule.values():
        assert entry["options"]["headers"][EVERY] == entry["options"]["expires"] == entry["schedule"]


def test_when_a_tick_was_sent_is_told_only_by_beats_own():
    assert tick_sent_at({EVERY: 20}, "2026-03-02T12:00:20+00:00") == NOON
    assert tick_sent_at({EVERY: 20}, NOON + timedelta(seconds=20)) == NOON
    assert tick_sent_at({}, "2026-03-02T12:00:20+00:00") is None
    assert tick_sent_at({EVERY: 20}, None) is None
    assert tick_sent_at(None, None) is None


def test_workers_that_are_gone_for_a_day_are_forgotten_and_beat_is_not(tick):
    for name in ("worker celery@alt", "beat"):
        leave_sign(name, at=NOON - timedelta(days=2))
    leave_sign("worker celery@neu", at=NOON - timedelta(hours=2))
    forget_signs()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"beat", "worker celery@neu"}
