"""Sends what is owed. Any number of rounds may run side by side, and any of them may be killed at any moment.

A mail is claimed in one transaction, goes out between two, and is finished in the second. Whoever dies in between
leaves a lease that runs out; then the mail goes out once more, with the same Message-ID.
"""

import logging
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from django.core.mail import get_connection
from django.db import transaction

from pages.models import SiteSettings

from .gathering import gather
from .letter import Compose
from .mails import mail_of
from .models import Mail

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
#: How long a mail rests after its first, second, … failure; after the last it is parked.
RESTS = [timedelta(seconds=30), *(timedelta(minutes=minutes) for minutes in (2, 10, 60, 120, 240, 480))]
MOST_ATTEMPTS = len(RESTS) + 1
PAUSE = timedelta(seconds=30)  # of a mail that met a server out of order, so that the next round tries another one
MOST_MAILS = 200  # a round
PATIENCE = 40.0  # seconds a round may take; the next one goes on


class Killed(Exception):
    """Whoever tried to send the mail did not live to say what became of it."""


class Outcome(Enum):
    """What became of one mail."""

    SENT = auto()
    DROPPED = auto()  # nobody to send it to any more
    FAILED = auto()
    PARKED = auto()
    TAKEN = auto()  # in other hands, or not to be sent any more
    NO_SERVER = auto()  # through no fault of the mail


@dataclass
class Round:
    """What one round of the post office did."""

    gathered: int = 0
    sent: int = 0
    failed: int = 0
    parked: int = 0
    reached_server: bool = True

    def count(self, outcome: Outcome) -> None:
        self.sent += outcome is Outcome.SENT
        self.failed += outcome in (Outcome.FAILED, Outcome.PARKED)
        self.parked += outcome is Outcome.PARKED


def deliver_outbox(*, at: datetime, compose: Compose, limit: int = MOST_MAILS) -> Round:
    """Gather what is owed, then send up to `limit` mails that are due; one round, as the clock does it.

    Where the mail server cannot be reached the round ends and no mail has lost an attempt: the next round asks again.
    """
    now = running_from(at)
    done = Round(gathered=gather(at=at))
    due = list(Mail.objects.due(at=now()).values_list("pk", flat=True)[:limit])
    if not due:
        return done
    post = get_connection()
    try:
        for mail_id in due:
            if now() - at > timedelta(seconds=PATIENCE):
                break
            outcome = deliver(mail_id=mail_id, compose=compose, at=now(), post=post)
            done.count(outcome)
            if outcome is Outcome.NO_SERVER:
                done.reached_server = False
                break
    finally:
        hang_up(post)
    return done


def running_from(at: datetime) -> Callable[[], datetime]:
    """Return a clock that shows `at` now and goes on from there: a lease must not start in the past."""
    started = time.monotonic()
    return lambda: at + timedelta(seconds=time.monotonic() - started)


def deliver(*, mail_id: int, compose: Compose, at: datetime, post=None) -> Outcome:
    """Send one mail and say what became of it; over the connection `post`, or over one of its own."""
    if post is None:
        post = get_connection()
        try:
            return deliver(mail_id=mail_id, compose=compose, at=at, post=post)
        finally:
            hang_up(post)
    try:
        post.open()
    except OSError as trouble:  # everything smtplib raises is one
        log.warning("mail server not reached: %s", type(trouble).__name__)
        return Outcome.NO_SERVER
    mail = _claim(mail_id, at=at)
    if mail is None:
        return Outcome.TAKEN
    if mail.attempts > MOST_ATTEMPTS:  # each time somebody was killed who had it in hands
        return _fail(mail, Killed(), at=at)
    if not mail.recipient.is_active:
        mail.dropped_at = at
        return _finish(mail, Outcome.DROPPED)
    try:
        messages = list(mail.messages.order_by("pk"))
        letter = compose(messages, mail.recipient, at)
        post.send_messages([mail_of(letter, mail, mail.recipient, SiteSettings.current())])
    except smtplib.SMTPSenderRefused as trouble:
        hang_up(post)
        if trouble.smtp_code < 500:
            return _put_back(mail, trouble, at=at)
        return _fail(mail, trouble, at=at)
    except Exception as trouble:  # a mail that cannot be composed or sent must not stop the others
        hang_up(post)
        return _fail(mail, trouble, at=at)
    mail.sent_at, mail.last_error = at, ""
    return _finish(mail, Outcome.SENT)


@transaction.atomic
def _claim(mail_id: int, *, at: datetime) -> Mail | None:
    rows = Mail.objects.due(at=at).select_related("recipient").select_for_update(skip_locked=True, of=("self",))
    mail = rows.filter(pk=mail_id).first()
    if mail is None:
        return None
    mail.leased_until = at + LEASE
    mail.attempts += 1
    mail.save(update_fields=["leased_until", "attempts"])
    return mail


def _fail(mail: Mail, trouble: Exception, *, at: datetime) -> Outcome:
    """Let the mail rest, longer every time, or park it; only the class of the error is kept, which holds no names."""
    mail.last_error = type(trouble).__name__
    log.warning("mail %s: attempt %s failed: %s", mail.pk, mail.attempts, mail.last_error)
    if mail.attempts >= MOST_ATTEMPTS:
        mail.parked_at = at
        return _finish(mail, Outcome.PARKED)
    mail.due_at = at + RESTS[mail.attempts - 1]
    return _finish(mail, Outcome.FAILED)


def _put_back(mail: Mail, trouble: Exception, *, at: datetime) -> Outcome:
    mail.last_error = type(trouble).__name__
    mail.attempts -= 1
    mail.due_at = at + PAUSE
    return _finish(mail, Outcome.NO_SERVER)


def _finish(mail: Mail, outcome: Outcome) -> Outcome:
    """Write what became of it, and let go of it.

    Whose lease ran out meanwhile has lost the mail to somebody else, and what they say holds; but sent is sent.
    """
    facts = ("attempts", "due_at", "last_error", "sent_at", "dropped_at", "parked_at")
    rows = Mail.objects.filter(pk=mail.pk, sent_at=None)
    if outcome is not Outcome.SENT:
        rows = rows.to_send().filter(leased_until=mail.leased_until)
    rows.update(leased_until=None, **{name: getattr(mail, name) for name in facts})
    return outcome


def hang_up(post) -> None:
    """Close the connection, whatever state it is in; the next mail opens it anew."""
    try:
        post.close()
    except OSError:
        pass
