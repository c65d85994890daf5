"""What an administrator sees of the work that happens by itself, and has tried again."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessMail, AccountEvent
from calendars.models import Recomputation
from foundation.berlin import berlin_day
from helpdesk.condition import Condition
from helpdesk.parked import Kind, try_again, try_all_again
from notifications.models import Mail, OutboxMessage
from pulse.models import Heartbeat, sent_on
from pulse.signs import leave_sign
from reports.models import StaleMonth
from tests.city import DAY, MONDAY
from tickets.models import Deadline

TRANSACTIONS = re.compile(r"^(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK|BEGIN|COMMIT)")
WORKER = f"{Heartbeat.WORKER}celery@eins"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


@pytest.fixture
def at_work(db):
    """Everything that works by itself did so a moment ago."""
    leave_sign(Heartbeat.SWEEP, at=MONDAY - timedelta(seconds=9))
    leave_sign(Heartbeat.DELIVERY, at=MONDAY - timedelta(seconds=9), facts={"reached_server": True})
    leave_sign(Heartbeat.BEAT, at=MONDAY - timedelta(seconds=9))
    leave_sign(WORKER, at=MONDAY - timedelta(seconds=9))


@pytest.fixture
def look(client, city):
    """Open the page as the administrator and return its words."""
    client.force_login(city.administrator)

    def words():
        answer = client.get("/operations/")
        assert answer.status_code == 200
        plain = re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main", 1)[1].split("</main", 1)[0])
        return " ".join(html.unescape(plain).split())

    return words


@pytest.fixture
def put_aside(city):
    """A clock, a mail and a link that failed too often."""
    city.report(description="Das geheime Passwort steht an der Tafel")
    since = MONDAY - timedelta(hours=3)
    clock = Deadline.objects.get(kind="resolution")
    Deadline.objects.filter(pk=clock.pk).update(parked_at=since, attempts=5, last_error="KeyError")
    facts = {"created_at": since, "due_at": since, "attempts": 8, "last_error": "SMTPDataError", "parked_at": since}
    mail = Mail.objects.create(recipient=city.teacher, kind="single", **facts)
    link = AccessMail.objects.create(
        kind="reset", email="tilda.tafel@city.example", requested_at=since, attempts=5, last_error="OSError"
    )
    return {Kind.CLOCK: clock, Kind.MAIL: mail, Kind.ACCESS_MAIL: link}


def test_all_is_well(look, at_work):
    assert "Alles läuft von selbst" in look()
    assert "docker compose" not in look()


def test_before_the_first_tick_it_says_so(look):
    told = look()
    assert "Bisher kam kein Takt" in told
    assert "docker compose restart worker beat" in told


def test_a_machine_that_stands_still_says_since_when_and_what_to_type(look, at_work):
    Heartbeat.objects.update(at=MONDAY - timedelta(minutes=7))
    told = look()
    assert "Der letzte Takt kam vor 7 Minuten." in told
    assert "Starten Sie worker und beat neu:" in told
    assert "docker compose restart worker beat" in told


def test_where_a_worker_lives_it_is_beat_that_is_to_be_restarted(look, at_work):
    Heartbeat.objects.exclude(name=WORKER).update(at=MONDAY - timedelta(minutes=7))
    told = look()
    assert "docker compose restart beat" in told
    assert "docker compose restart worker" not in told


def test_a_sweep_that_fails_is_no_reason_to_restart_anything(look, at_work):
    Heartbeat.objects.filter(name=Heartbeat.SWEEP).update(at=MONDAY - timedelta(hours=2))
    told = look()
    assert "endete vor 2 Stunden." in told
    assert "docker compose logs worker" in told
    assert "restart" not in told


def test_a_mail_server_that_is_away_is_named(look, at_work, city):
    city.report()
    OutboxMessage.objects.owed().update(due_at=MONDAY - timedelta(minutes=12))
    Heartbeat.objects.filter(name=Heartbeat.DELIVERY).update(facts={"reached_server": False})
    told = look()
    assert "seit 12 Minuten fällig" in told
    assert "Der Mailserver wurde nicht erreicht." in told


def test_clocks_that_wait_and_mails_of_today_are_counted(look, at_work, city):
    city.report()
    Deadline.objects.update(next_at=MONDAY - timedelta(seconds=61))
    leave_sign(sent_on(berlin_day(MONDAY)), at=MONDAY, counted={"sent": 1234})
    told = look()
    assert "2 Fristen warten seit mehr als einer Minute" in told
    assert "1.234" in told


def test_the_last_backup_is_told_and_that_none_was_ever_tried(look, at_work):
    leave_sign(Heartbeat.BACKUP, at=MONDAY - timedelta(hours=7))
    assert "Letzte Sicherung vor 7 Stunden Zuletzt zurückgespielt und verglichen noch nie" in look()


def test_workers_that_were_replaced_are_not_shown_beside_living_ones(look, at_work):
    leave_sign(f"{Heartbeat.WORKER}celery@alt", at=MONDAY - timedelta(hours=5))
    assert "celery@alt" not in look()
    assert "celery@eins" in look()


def test_what_is_put_aside_is_told_without_anybodys_name_or_word(look, at_work, put_aside):
    told = look()
    for kind, row in put_aside.items():
        assert f"{kind.label} {row.pk}" in told
    assert "KeyError" in told and "SMTPDataError" in told and "OSError" in told
    assert "3 Arbeiten sind zu oft fehlgeschlagen" in told
    for secret in ("Passwort steht", "Tilda", "tilda.tafel", "DO-2026", "Brecht"):
        assert secret not in told


def test_a_recomputation_shows_how_far_it_is_and_who_asked_for_it(look, client, at_work, city):
    facts = {"reason": "calendar", "name": "Schulen", "requested_at": MONDAY, "requested_by": city.administrator}
    Recomputation.objects.create(total=200, done=50, **facts)
    Recomputation.objects.create(total=80, done=80, moved=7, finished_at=MONDAY, **facts)
    told = look()
    assert "50 von 200 Meldungen" in told
    assert "80 Meldungen, geänderte Fristen: 7" in told
    assert "Ada Admin" in told
    assert 'max="100" value="25"' in client.get("/operations/").content.decode()


def test_figures_that_stand_still_say_for_how_long_and_what_to_read(look, at_work, city):
    StaleMonth.objects.create(school=city.brecht, month=DAY.replace(day=1), marked_at=MONDAY - timedelta(minutes=7))
    leave_sign(Heartbeat.FIGURES, at=MONDAY)
    assert "Alles läuft von selbst" in look()
    leave_sign(Heartbeat.FIGURES, at=MONDAY, facts={"failed": 1})
    assert "Was sich seit 7 Minuten geändert hat, fehlt in den Auswertungen." in look()


@pytest.mark.parametrize("kind", Kind)
def test_one_piece_is_tried_again_once_and_it_is_on_record(client, city, at_work, put_aside, kind):
    client.force_login(city.administrator)
    address = f"/operations/again/{kind.value}/{put_aside[kind].pk}/"
    for _ in range(2):
        assert client.post(address).headers["Location"] == "/operations/"
    [event] = AccountEvent.objects.filter(verb=AccountEvent.Verb.TRIED_AGAIN)
    assert (event.by, event.person) == (city.administrator, None)
    assert event.data == {"kind": kind.value, "ids": [put_aside[kind].pk]}
    assert Condition(MONDAY).parked == 2


def test_what_is_tried_again_is_due_at_once(city, put_aside):
    assert try_all_again(by=city.administrator, at=MONDAY) == 3
    assert Deadline.objects.due(MONDAY).filter(pk=put_aside[Kind.CLOCK].pk).exists()
    mail = Mail.objects.due(at=MONDAY).get()
    assert (mail.pk, mail.public_id, mail.attempts) == (put_aside[Kind.MAIL].pk, put_aside[Kind.MAIL].public_id, 0)
    assert AccessMail.objects.due(at=MONDAY).get().pk == put_aside[Kind.ACCESS_MAIL].pk
    assert try_all_again(by=city.administrator, at=MONDAY) == 0


def test_a_link_that_is_being_sent_for_the_last_time_is_left_alone(city, put_aside):
    link = put_aside[Kind.ACCESS_MAIL]
    AccessMail.objects.update(leased_until=MONDAY + timedelta(minutes=1))
    assert not try_again(kind=Kind.ACCESS_MAIL, pk=link.pk, by=city.administrator, at=MONDAY)


def test_the_page_asks_and_hears_nothing_while_nothing_is_different(client, city, look, at_work):
    look()
    stamp = re.search(r'name="stamp" value="([^"]+)"', client.get("/operations/").content.decode())[1]
    ask = {"path": "/operations/live/", "headers": {"HX-Request": "true", "HX-Polling": "true"}}
    leave_sign(Heartbeat.SWEEP, at=MONDAY)
    assert client.get(**ask, data={"stamp": stamp}).status_code == 204
    Heartbeat.objects.update(at=MONDAY - timedelta(minutes=3))
    answer = client.get(**ask, data={"stamp": stamp})
    assert answer.status_code == 200
    assert 'id="operations-verdict"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_the_page_takes_as_many_statements_with_much_as_with_little(client, city, at_work, put_aside):
    client.force_login(city.administrator)
    client.get("/account/")

    def statements(address):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len([query for query in captured if not TRANSACTIONS.match(query["sql"])])

    Recomputation.objects.create(reason="policy", requested_at=MONDAY, requested_by=city.administrator)
    few = statements("/operations/"), statements("/operations/live/")
    for _ in range(4):
        city.report()
        Recomputation.objects.create(reason="policy", requested_at=MONDAY, requested_by=city.coordinator)
    Deadline.objects.update(parked_at=MONDAY, attempts=5, last_error="KeyError")
    assert (statements("/operations/"), statements("/operations/live/")) == few
    assert max(few) <= 10
