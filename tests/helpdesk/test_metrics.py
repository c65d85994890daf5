"""What Prometheus reads: figures of the machine, for whoever has the key, and nothing about people."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from notifications.models import Mail, OutboxMessage
from pulse.models import Heartbeat
from pulse.signs import leave_sign
from tests.city import MONDAY
from tickets.models import Deadline

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "nur-fuer-prometheus-2026"


@pytest.fixture
def scrape(client, settings, monkeypatch, db):
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    return lambda token=TOKEN: client.get("/metrics", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def figures(scrape):
    """Return every sample by its name."""

    def read():
        families = text_string_to_metric_families(scrape().content.decode())
        return {sample.name: sample.value for family in families for sample in family.samples}

    return read


def test_without_a_key_in_the_settings_there_is_no_such_address(scrape, settings):
    settings.METRICS_TOKEN = ""
    assert scrape().status_code == 404
    assert scrape(token="").status_code == 404


@pytest.mark.parametrize("token", ["", "falsch", TOKEN + "x", "schlüssel"])
def test_a_wrong_key_opens_nothing(scrape, token):
    answer = scrape(token=token)
    assert answer.status_code == 401
    assert answer.content == b""


def test_no_key_opens_nothing_either_and_a_session_is_none(client, scrape, city):
    client.force_login(city.administrator)
    answer = client.get("/metrics")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_nothing_has_happened_yet(figures):
    told = figures()
    assert told["campusruf_clocks_due"] == told["campusruf_sweeps_total"] == told["campusruf_workers"] == 0
    assert "campusruf_last_sweep_timestamp_seconds" not in told  # rather none than 1970


def test_the_figures_are_those_of_the_database(figures, city):
    city.report()
    late = MONDAY - timedelta(seconds=90)
    Deadline.objects.filter(kind="first_response").update(next_at=late)
    Deadline.objects.filter(kind="resolution").update(parked_at=late, attempts=5, last_error="KeyError")
    owed = OutboxMessage.objects.owed().count()
    Mail.objects.create(recipient=city.manager, kind="single", created_at=late, due_at=late)
    leave_sign(Heartbeat.SWEEP, at=MONDAY, counted={"sweeps": 7, "taken": 3, "failed": 1})
    leave_sign(Heartbeat.DELIVERY, at=MONDAY, counted={"rounds": 5, "sent": 4})
    leave_sign(Heartbeat.BEAT, at=late)
    leave_sign(Heartbeat.BACKUP, at=late)
    leave_sign(f"{Heartbeat.WORKER}celery@eins", at=MONDAY - timedelta(seconds=5))
    leave_sign(f"{Heartbeat.WORKER}celery@zwei", at=MONDAY - timedelta(hours=1))
    told = figures()
    expected = {
        "clocks_due": 1,
        "clocks_overdue": 1,
        "clocks_oldest_due_seconds": 90,
        "clocks_parked": 1,
        "sweeps_total": 7,
        "sweep_clocks_taken_total": 3,
        "sweep_clocks_failed_total": 1,
        "sweep_clocks_parked_total": 0,
        "outbox_messages_owed": owed,
        "outbox_mails_owed": 1,
        "outbox_oldest_due_seconds": 90,
        "outbox_mails_sent_total": 4,
        "last_sweep_timestamp_seconds": MONDAY.timestamp(),
        "last_beat_timestamp_seconds": late.timestamp(),
        "last_backup_timestamp_seconds": late.timestamp(),
        "last_worker_timestamp_seconds": MONDAY.timestamp() - 5,
        "workers": 1,
        "build_info": 1,
    }
    assert {name: told[f"campusruf_{name}"] for name in expected} == expected


def test_the_only_label_is_the_version(scrape, city):
    city.report()
    leave_sign(f"{Heartbeat.WORKER}celery@eins", at=MONDAY)
    told = scrape().content.decode()
    labelled = [line for line in told.splitlines() if "{" in line and not line.startswith("#")]
    assert len(labelled) == 1
    assert labelled[0].startswith("campusruf_build_info{version=")


def test_a_scrape_takes_two_statements_whatever_there_is(scrape, city):
    for _ in range(4):
        city.report()
    with CaptureQueriesContext(connection) as captured:
        scrape()
    assert len(captured) == 2


def test_what_is_due_is_found_by_indexes_that_hold_nothing_else(scrape, city):
    city.report()
    with CaptureQueriesContext(connection) as captured:
        scrape()
    [asked] = [query["sql"] for query in captured if "UNION ALL" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # as it is where there are many rows
        cursor.execute(f"EXPLAIN {asked}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan
    for index in (
        "clocks_with_a_step_due",
        "parked_clocks",
        "messages_owed_",  # one of two
        "mails_to_send",
        "parked_mails",
        "access_mails_owed",
        "recomputations_to_do",
        "changes_to_count",
    ):
        assert index in plan


def test_every_series_stands_in_the_papers(figures, city):
    rounds = (Heartbeat.SWEEP, Heartbeat.DELIVERY, Heartbeat.FIGURES, Heartbeat.BACKUP, Heartbeat.RESTORE)
    for name in (*rounds, Heartbeat.BEAT, f"{Heartbeat.WORKER}celery@eins"):
        leave_sign(name, at=MONDAY)
    papers = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert [name for name in figures() if f"`{name}`" not in papers] == []
