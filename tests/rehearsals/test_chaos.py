"""The verdict of `chaos` finds what was planted, and a short form of it: each kind of kill once, nothing forgotten."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from calendars.public_holidays import is_public_holiday
from demo.paths import ROOT
from demo.processes import on_a_leash
from foundation.berlin import berlin_day
from notifications.models import Mail, OutboxMessage
from tests.city import MONDAY
from tests.rehearsals.chaos.books import wrong_books
from tests.rehearsals.chaos.kills import KINDS, Kill
from tests.rehearsals.chaos.later import days_go_by
from tests.rehearsals.chaos.load import Load
from tests.rehearsals.chaos.messages import unexplained, wrong_mails, wrong_messages
from tests.rehearsals.chaos.post import Taken
from tests.rehearsals.chaos.steps import wrong_steps
from tests.rehearsals.chaos.town import Town
from tickets.commands.sweep import sweep
from tickets.models import Escalation, StepTaken, TicketEvent

TICK = timedelta(seconds=20)
TEN_MINUTES = timedelta(minutes=10)


@dataclass
class Evening:
    """Some reports and all that has come of them by itself, without a single kill."""

    load: Load
    taken: list[Taken]
    until = MONDAY + TEN_MINUTES

    def found(self) -> list[str]:
        return [
            *wrong_books(self.load.entries),
            *wrong_steps(lambda ticket: MONDAY, self.until),
            *wrong_messages(self.until),
            *wrong_mails(self.taken, []),
        ]


@pytest.fixture
def evening(db, settings):
    settings.BASE_URL = "http://localhost"
    load = Load(Town(), 1)
    load.begin(5, over=timedelta(minutes=3), now=MONDAY)
    for n in range(TEN_MINUTES // TICK + 1):
        sweep(at=MONDAY + n * TICK)
    days_go_by(MONDAY + TEN_MINUTES)
    letters = [(letter.extra_headers["Message-ID"], letter.to[0]) for letter in mail.outbox]
    taken = [Taken(key, to.split("<")[-1].strip(">"), MONDAY, MONDAY, answered=True) for key, to in letters]
    return Evening(load, taken)


def once_more(row, **facts):
    """Add a copy of a row, with other facts if the database insists."""
    row.pk, row._state.adding = None, True
    for name, fact in facts.items():
        setattr(row, name, fact)
    row.save()


def remind_twice(evening):
    once_more(TicketEvent.objects.filter(verb="reminded").last())


def forget_to_remind(evening):
    TicketEvent.objects.filter(pk=TicketEvent.objects.filter(verb="reminded").last().pk).expire()


def forget_a_step(evening):
    StepTaken.objects.filter(action="miss").first().delete()


def remind_too_early(evening):
    step = StepTaken.objects.filter(action="remind", outcome="done").last()
    early = step.due_at - timedelta(seconds=3)
    TicketEvent.objects.filter(at=step.at, verb="reminded").pseudonymise(at=early)
    StepTaken.objects.filter(at=step.at).update(at=early)


def hand_over_twice(evening):
    row = Escalation.objects.last()
    once_more(row, ended_at=row.at, outcome="ended")


def lose_a_notice(evening):
    OutboxMessage.objects.filter(channel="in_app", kind="reminded").last().delete()


def tell_a_stranger(evening):
    message = OutboxMessage.objects.filter(channel="in_app", kind="reminded").last()
    stranger = evening.load.town.stranger
    once_more(message, recipient=stranger, key=message.key.replace(f":{message.recipient_id}:", f":{stranger.pk}:"))


def leave_a_message_out_of_the_mail(evening):
    OutboxMessage.objects.filter(pk=OutboxMessage.objects.exclude(mail=None).first().pk).update(mail=None)


def lose_a_mail(evening):
    evening.taken.pop()


def send_again_under_another_name(evening):
    last = evening.taken[-1]
    evening.taken.append(Taken("<another@localhost>", last.recipient, last.began, last.at, answered=True))


def send_again_for_no_reason(evening):
    evening.taken.append(evening.taken[-1])


def park_a_mail(evening):
    Mail.objects.filter(pk=Mail.objects.last().pk).update(
        sent_at=None, parked_at=MONDAY, attempts=8, last_error="SMTPDataError"
    )


def lose_what_was_said(evening):
    TicketEvent.objects.filter(pk=TicketEvent.objects.filter(verb="asked").last().pk).expire()


def say_it_twice(evening):
    once_more(TicketEvent.objects.filter(verb="asked").last())


PLANTED = {
    remind_twice: "1 too many, event",
    forget_to_remind: "a step has no event",
    forget_a_step: "was not taken",
    remind_too_early: ", before ",
    hand_over_twice: "1 too many, handing over",
    lose_a_notice: "is missing",
    tell_a_stranger: "nobody should get",
    leave_a_message_out_of_the_mail: "is in no mail",
    lose_a_mail: "never came",
    send_again_under_another_name: "is no mail of ours",
    send_again_for_no_reason: "nothing was killed then",
    park_a_mail: "was not sent",
    lose_what_was_said: "(done) happened 0 times",
    say_it_twice: "happened 2 times",
}


def test_an_evening_in_which_nothing_went_wrong_is_found_to_be_one(evening):
    assert evening.found() == []
    assert {"remind", "miss", "tell_coordination", "tell_lead", "escalate", "remind_reporter", "close"} == set(
        StepTaken.objects.values_list("action", flat=True)
    )


def test_the_verdict_finds_whatever_is_planted(evening):
    overlooked = []
    for plant, sentence in PLANTED.items():
        with transaction.atomic():
            spoiled = Evening(evening.load, list(evening.taken))
            plant(spoiled)
            if not any(sentence in found for found in spoiled.found()):
                overlooked.append(plant.__name__)
            transaction.set_rollback(True)
    assert overlooked == []
    assert evening.found() == []


def test_a_kill_explains_one_second_copy_near_it_and_no_other():
    def came(name, seconds):
        at = MONDAY + timedelta(seconds=seconds)
        return Taken(name, "a@city.example", at, at, answered=True)

    kills = [Kill("worker 1", MONDAY + timedelta(seconds=1), 1)]
    near, far = [came("<a>", 0), came("<a>", 60)], [came("<b>", 30), came("<b>", 90)]
    assert unexplained(near, kills) == []
    assert unexplained(near, []) != []
    assert unexplained(far, kills) != []
    assert unexplained([*near, came("<c>", 2), came("<c>", 62)], kills) != []


@pytest.mark.skipif(is_public_holiday(berlin_day(timezone.now())), reason="clocks stand still on a public holiday")
def test_each_is_killed_once_and_nothing_is_forgotten_or_told_twice():
    command = [sys.executable, "-m", "tests.rehearsals.chaos", "--seconds", "14", "--seed", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, preexec_fn=on_a_leash())
    assert done.returncode == 0, done.stdout + done.stderr
    for kind in KINDS:
        assert f"killed: {kind} " in done.stdout
