"""Mails go out once, come back after a failure, and hold up nobody: with a real mail server and real connections."""

import itertools
from datetime import timedelta

import pytest
from django.core.mail.backends import smtp as real
from django.core.management import call_command
from django.db import connection

from helpdesk.celery import app
from notifications import commands
from notifications.delivery import MOST_ATTEMPTS, Outcome, deliver
from notifications.gathering import gather
from notifications.models import Mail, OutboxMessage
from tests.at_once import at_once, failures
from tests.city import MONDAY
from tests.notifications.conftest import mails_of, minutes, plainly
from tickets import tasks

SECOND = timedelta(seconds=1)


def test_what_is_owed_goes_out_once(city, office, smtp):
    office.owe(city.manager)
    assert office.round().sent == 1
    assert office.round(MONDAY + minutes(1)).sent == 0
    [letter] = smtp.letters
    assert letter.rcpt_tos == [city.manager.email]
    [mail] = Mail.objects.all()
    assert smtp.message_ids == [f"<{mail.public_id}@127.0.0.1>"]
    assert mail.sent_at is not None and mail.leased_until is None
    assert not OutboxMessage.objects.owed().exists()


def test_a_server_that_is_down_costs_no_mail_an_attempt_and_all_go_when_it_is_back(city, office, smtp):
    for person in (city.manager, city.teacher, city.helpdesk):
        office.owe(person)
    smtp.down()
    for count in range(30):
        done = office.round(MONDAY + minutes(count))
        assert (done.sent, done.failed, done.reached_server) == (0, 0, False)
    assert set(Mail.objects.values_list("attempts", "leased_until")) == {(0, None)}
    smtp.up()
    assert office.round(MONDAY + minutes(30)).sent == 3
    assert len(smtp.letters) == len(set(smtp.message_ids)) == 3


def test_a_server_that_is_busy_is_left_alone_and_no_mail_stands_in_the_way_of_the_next(city, office, smtp):
    office.owe(city.manager)
    office.owe(city.teacher)
    smtp.is_busy = True
    for count in range(20):
        assert not office.round(MONDAY + count * 20 * SECOND).reached_server
    assert set(Mail.objects.values_list("attempts", flat=True)) == {0}
    smtp.is_busy = False
    at = MONDAY + minutes(8)
    assert office.round(at).sent == 2


def test_a_refused_address_rests_longer_each_time_and_is_parked_while_the_others_flow(city, office, smtp):
    smtp.refuse[city.manager.email] = "550 no such mailbox"
    office.owe(city.manager)
    at, tried = MONDAY, []
    for _ in range(50):
        before = mails_of(city.manager).values_list("attempts", flat=True).first() or 0
        done = office.round(at)
        mail = mails_of(city.manager).get()
        if mail.attempts > before:
            tried.append(at - MONDAY)
        if done.parked:
            break
        at = mail.due_at + SECOND
    pauses = [later - earlier for earlier, later in itertools.pairwise(tried)]
    assert len(tried) == MOST_ATTEMPTS and pauses == sorted(pauses)
    assert mail.parked_at is not None and mail.last_error == "SMTPRecipientsRefused"
    office.owe(city.teacher, at=at, urgent=True)
    assert office.round(at).sent == 1
    assert [letter.rcpt_tos for letter in smtp.letters] == [[city.teacher.email]]
    assert office.round(at + timedelta(days=30)).failed == 0
    smtp.refuse.clear()
    assert commands.unpark(mail_id=mail.pk, at=at) and not commands.unpark(mail_id=mail.pk, at=at)
    assert office.round(at + timedelta(days=30)).sent == 1


def test_a_mail_that_cannot_be_composed_stops_no_other(city, office, smtp):
    def poisonous(messages, person, at):
        if person == city.manager:
            raise RuntimeError("private words")
        return plainly(messages, person, at)

    office.owe(city.manager)
    office.owe(city.teacher)
    done = office.round(compose=poisonous)
    assert (done.sent, done.failed) == (1, 1)
    mail = mails_of(city.manager).get()
    assert (mail.attempts, mail.last_error) == (1, "RuntimeError")
    assert office.round(MONDAY + minutes(1)).sent == 1


class Dies(BaseException):
    """The worker is killed."""


class DiesAfterwards(real.EmailBackend):
    """Sends, hears the server's 250, and is killed before anything can be written down."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise Dies


def test_killed_between_the_servers_yes_and_our_own_it_is_the_same_mail_again(city, office, smtp, settings):
    office.owe(city.manager)
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.DiesAfterwards"
    with pytest.raises(Dies):
        office.round()
    settings.EMAIL_BACKEND = backend
    assert office.round(MONDAY + 30 * SECOND).sent == 0  # the dead one's lease still runs
    assert office.round(MONDAY + 61 * SECOND).sent == 1
    first, second = smtp.message_ids
    assert first == second


def test_a_mail_that_kills_whoever_has_it_is_parked_in_the_end(city, office, smtp, settings):
    office.owe(city.manager)
    settings.EMAIL_BACKEND = f"{__name__}.DiesAfterwards"
    at = MONDAY
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(Dies):
            office.round(at)
        at += minutes(2)
    assert office.round(at).parked == 1
    assert mails_of(city.manager).get().last_error == "Killed"


def test_who_was_overtaken_while_sending_does_not_undo_what_the_other_one_wrote(city, office, smtp):
    office.owe(city.manager)
    gather(at=MONDAY)
    [mail] = Mail.objects.all()

    def slowly(messages, person, at):
        """While this one composes, its lease runs out and another one sends the mail."""
        assert deliver(mail_id=mail.pk, compose=plainly, at=MONDAY + minutes(2)) is Outcome.SENT
        raise RuntimeError

    assert deliver(mail_id=mail.pk, compose=slowly, at=MONDAY) is Outcome.FAILED
    mail.refresh_from_db()
    assert mail.sent_at == MONDAY + minutes(2) and mail.last_error == ""
    assert office.round(MONDAY + minutes(5)).sent == 0


def test_who_may_not_sign_in_any_more_gets_nothing(city, office, mailoutbox):
    office.owe(city.manager)
    gather(at=MONDAY)
    office.owe(city.teacher)
    for person in (city.manager, city.teacher):
        person.is_active = False
        person.save()
    office.round(MONDAY + minutes(1))
    assert mailoutbox == []
    assert mails_of(city.manager).get().dropped_at is not None
    row = OutboxMessage.objects.get(recipient=city.teacher, channel="email")
    assert (row.settled_as, row.mail) == ("inactive", None)
    assert office.waits() == 0


def test_several_deliverers_side_by_side_send_every_message_in_one_mail(committed, smtp):
    from tests.notifications.conftest import PostOffice

    office = PostOffice()
    people = list(committed.everybody.values())
    for person in people:
        for about in ("DO-2026-1", "DO-2026-2", "DO-2026-2"):
            office.owe(person, about)
    outcomes = at_once(*(lambda: office.round(MONDAY) for _ in range(4)))
    assert failures(outcomes) == []
    office.round(MONDAY + minutes(1))  # who was passed by because another one was at it
    assert len(smtp.letters) == len(set(smtp.message_ids)) == 2 * len(people)
    assert OutboxMessage.objects.filter(channel="email", mail__sent_at__isnull=False).count() == 3 * len(people)


class TestTheDoors:
    """The clock and the shell do the same; both with the letters about reports."""

    @pytest.fixture(autouse=True)
    def clock(self, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)

    def test_the_clock_sends_what_is_owed(self, city, mailoutbox):
        ticket = city.report()
        tasks.deliver_outbox()
        assert [ticket.number in letter.subject for letter in mailoutbox] == [True]
        tick = app.conf.beat_schedule["outbox"]
        assert tick["task"] == tasks.deliver_outbox.name and tick["schedule"] <= 20

    def test_the_shell_says_what_was_done(self, city, mailoutbox, capsys):
        city.report()
        call_command("deliver_outbox")
        assert "1 E-Mails zusammengestellt, 1 gesendet" in capsys.readouterr().out

    def test_the_shell_says_that_the_server_is_away(self, city, smtp, capsys):
        city.report()
        smtp.down()
        call_command("deliver_outbox")
        assert "nicht zu erreichen" in capsys.readouterr().out


def test_finding_what_is_due_costs_the_same_however_much_is_done(city):
    """Of 5,000 rows that are done with, and as many mails that are sent, the two questions of a round read none."""
    mails = Mail.objects.bulk_create(
        Mail(recipient=city.teacher, kind="single", created_at=MONDAY, due_at=MONDAY, sent_at=MONDAY)
        for _ in range(5_000)
    )
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            key=f"k{number}",
            channel="email",
            recipient=city.teacher,
            kind="asked",
            about="DO-2026-1",
            created_at=MONDAY,
            due_at=MONDAY,
            mail=mail,
        )
        for number, mail in enumerate(mails)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_mail, notifications_outboxmessage")
    assert "messages_owed_by_mail" in OutboxMessage.objects.due(at=MONDAY).order_by("due_at").explain()
    assert "messages_owed_to_a_person" in OutboxMessage.objects.owed().filter(recipient=city.teacher).explain()
    assert "mails_to_send" in Mail.objects.due(at=MONDAY).explain()
