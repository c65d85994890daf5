"""A worker that has gone deaf ends by itself, so that its supervisor starts it again; nobody else does."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings as at_start
from django.utils import timezone
from redis import Redis

from helpdesk import watchdog
from helpdesk.celery import app
from helpdesk.watchdog import DEAF, PATIENCE, PATIENCE_WHEN_BUSY, Vigil, messages_waiting, work_is_due
from notifications.models import OutboxMessage
from reports.keeping import keep_figures
from tickets.models import Deadline

ROOT = Path(__file__).resolve().parents[2]
IMPATIENT = """
import sys
import django
django.setup()
from helpdesk import watchdog
watchdog.PATIENCE, watchdog.LOOK_EVERY = 2, 0.25
from celery.__main__ import main
sys.argv = ["celery", "--app=helpdesk", *sys.argv[1:]]
main()
"""
HANG = "import time; watchdog.PersistentScheduler.apply_async = lambda *given, **more: time.sleep(600)"


def test_who_works_is_never_deaf():
    vigil = Vigil(0.0)
    assert not any(vigil.is_deaf(10.0 * look, counted=look, is_due=True) for look in range(100))


def test_who_has_nothing_to_do_is_never_deaf():
    vigil = Vigil(0.0)
    assert not any(vigil.is_deaf(10.0 * look, counted=0, is_due=False) for look in range(100))


def test_who_did_nothing_for_two_minutes_with_something_to_do_all_the_time_is_deaf():
    vigil = Vigil(0.0, counted=7)
    heard = [vigil.is_deaf(10.0 * look, counted=7, is_due=True) for look in range(1, 13)]
    assert heard == [False] * 11 + [True]
    assert PATIENCE == 120


def test_a_broker_that_is_away_gives_everybody_two_minutes_more():
    vigil = Vigil(0.0)
    assert not vigil.is_deaf(110.0, counted=0, is_due=True)
    assert not vigil.is_deaf(115.0, counted=0, is_due=False)
    assert not vigil.is_deaf(234.0, counted=0, is_due=True)
    assert vigil.is_deaf(235.0, counted=0, is_due=True)


def test_who_is_at_a_long_task_is_busy_but_not_for_longer_than_a_task_may_take():
    vigil = Vigil(0.0)
    assert not vigil.is_deaf(299.0, counted=0, is_due=True, is_busy=True)
    assert vigil.is_deaf(300.0, counted=0, is_due=True, is_busy=True)
    assert PATIENCE_WHEN_BUSY > at_start.CELERY_TASK_TIME_LIMIT


def test_a_due_clock_is_work(city):
    city.report()
    OutboxMessage.objects.owed().delete()
    Deadline.objects.update(next_at=timezone.now() + timedelta(hours=1))
    keep_figures(at=timezone.now())
    assert not work_is_due()
    Deadline.objects.filter(kind="resolution").update(next_at=timezone.now() - timedelta(seconds=1))
    assert work_is_due()


def test_without_a_broker_nobody_can_hear(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert messages_waiting(app) is None
    assert not watchdog.has_work(app)


@pytest.fixture
def broker():
    """A corner of the broker that nobody else uses."""
    url = at_start.REDIS_URL.rpartition("/")[0] + "/11"
    client = Redis.from_url(url)
    client.flushdb()
    yield url
    client.flushdb()
    client.close()


def test_a_worker_that_no_longer_hears_ends_so_that_it_is_started_again(broker, tmp_path):
    command = [sys.executable, "-c", IMPATIENT, "worker", "--concurrency=1", "--hostname=taub@%h", "--loglevel=INFO"]
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        worker = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "REDIS_URL": broker}, stdout=output, stderr=subprocess.STDOUT
        )
    producer = Celery(broker=broker)
    try:
        deafened = []
        while not deafened:  # it lives and answers, and takes nothing any more
            assert worker.poll() is None, log.read_text()
            deafened = producer.control.cancel_consumer("celery", reply=True, timeout=1)
        producer.send_task("pulse.tasks.forget_signs")
        assert worker.wait(20) == DEAF, log.read_text()
    finally:
        worker.kill()
        worker.wait()
        producer.close()
    assert "has taken nothing for long although there is work" in log.read_text()
    assert Redis.from_url(broker).llen("celery") == 1  # for whoever is started next


def test_a_beat_that_hangs_while_it_sends_ends_so_that_it_is_started_again(broker, tmp_path):
    hanging = IMPATIENT.replace("from celery.__main__", f"{HANG}\nfrom celery.__main__")
    command = [sys.executable, "-c", hanging, "beat", f"--schedule={tmp_path / 'schedule'}", "--pidfile="]
    beat = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "REDIS_URL": broker}, capture_output=True, text=True, timeout=60
    )
    assert beat.returncode == DEAF, beat.stderr
    assert "beat has sent no tick for long although the broker answers" in beat.stderr
