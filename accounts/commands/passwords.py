"""Asking for a password, and choosing one."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts import mails, throttle
from accounts.commands.record import record
from accounts.links import kind_opened
from accounts.models import AccessMail, AccountEvent, User
from accounts.models.access import account_key

log = logging.getLogger(__name__)

WINDOW = timedelta(hours=1)
MOST_MAILS = 3
# How long a mail stays claimed, which is also how long a failed one rests before the next try.
LEASES = [timedelta(minutes=minutes) for minutes in (2, 5, 15, 60, 60)]


class UsedLink(Exception):
    """Raised where a link was used, has run out or never was one."""


def request_reset(*, email: str, at: datetime) -> None:
    """Owe a mail to this address, whether anybody has it or not, up to three in an hour."""
    key = account_key(email)
    asked = AccessMail.objects.filter(kind=AccessMail.Kind.RESET, account_key=key, requested_at__gt=at - WINDOW)
    if asked.count() < MOST_MAILS:
        AccessMail.objects.create(
            kind=AccessMail.Kind.RESET, email=email.strip().lower(), account_key=key, requested_at=at
        )


def send_access_mail(*, mail_id: int, at: datetime) -> bool:
    """Send one owed mail and return whether it is done; False where another worker has it or it has to wait.

    The mail goes out between two transactions: a crash in that moment sends it twice, which does no harm,
    because either link dies with the first new password.
    """
    mail = _claim(mail_id, at=at)
    if mail is None:
        return False
    person = User.objects.active().filter(email=mail.email).first()
    if person is not None:
        try:
            mails.access_mail(person, mail, at=at).send()
        except OSError as trouble:  # everything smtplib raises is one
            mail.last_error = type(trouble).__name__
            mail.save(update_fields=["last_error"])
            log.warning("access mail %s: attempt %s failed: %s", mail.pk, mail.attempts, mail.last_error)
            return False
    mail.outcome = AccessMail.Outcome.SENT if person else AccessMail.Outcome.NOBODY
    mail.done_at = at
    mail.email = ""
    mail.save(update_fields=["outcome", "done_at", "email"])
    return True


@transaction.atomic
def unpark_access_mail(*, mail_id: int, at: datetime) -> bool:
    """Owe a parked mail anew; return False where it is not parked any more or is being sent at this moment."""
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    parked = AccessMail.objects.parked().filter(free, pk=mail_id)
    return bool(parked.update(attempts=0, leased_until=None))


@transaction.atomic
def _claim(mail_id: int, *, at: datetime) -> AccessMail | None:
    mail = AccessMail.objects.due(at=at).filter(pk=mail_id).select_for_update(skip_locked=True).first()
    if mail is None:
        return None
    mail.leased_until = at + LEASES[mail.attempts]
    mail.attempts += 1
    mail.save(update_fields=["leased_until", "attempts"])
    return mail


@transaction.atomic
def use_link(*, public_id: UUID, token: str, password: str, at: datetime) -> User:
    """Set the password a link allows to choose, once; raise UsedLink where it allows nothing any more."""
    person = User.objects.select_for_update().filter(public_id=public_id).first()
    kind = person and kind_opened(person, token, at=at)
    if not kind:
        raise UsedLink
    return change_password(person=person, password=password, by=person, at=at, via=kind)


def person_for_link(*, public_id: UUID, token: str, at: datetime) -> User:
    """Return whose password the link lets choose, or raise UsedLink."""
    person = User.objects.active().filter(public_id=public_id).first()
    if person is None or not kind_opened(person, token, at=at):
        raise UsedLink
    return person


@transaction.atomic
def change_password(*, person: User, password: str, by: User, at: datetime, via: str = "account") -> User:
    """Set a new password: every other session ends, open links die, and counted failures are forgiven."""
    person = User.objects.select_for_update().get(pk=person.pk)
    person.set_password(password)
    person.save(update_fields=["password"])
    throttle.forgive(email=person.email)
    record(AccountEvent.Verb.PASSWORD_CHANGED, person=person, by=by, at=at, via=via)
    return person
