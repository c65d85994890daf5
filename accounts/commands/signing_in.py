"""Coming in and going out."""

from datetime import datetime

from django.contrib.auth import authenticate
from django.db import transaction

from accounts import throttle
from accounts.commands.record import record
from accounts.models import AccountEvent, SignInFailure, User

Verb = AccountEvent.Verb


class WrongCredentials(Exception):
    """Raised where address and password do not belong together; it never says which of the two is wrong."""


def sign_in(*, email: str, password: str, network: str, at: datetime) -> User:
    """Return the person with this address and password, or raise WrongCredentials or TooManyFailures.

    Not one transaction: a failure has to be counted although nothing comes of it.
    """
    attempt = throttle.begin(email=email, network=network, at=at)
    person = authenticate(None, email=email, password=password)
    if person is None:
        _note_failure(attempt, email=email)
        raise WrongCredentials
    with transaction.atomic():
        attempt.delete()
        record(Verb.SIGNED_IN, person=person, by=person, at=at)
    return person


def confirm_password(*, person: User, password: str, network: str, at: datetime) -> None:
    """Make sure that whoever sits at an open session knows the password, or raise as `sign_in` does."""
    attempt = throttle.begin(email=person.email, network=network, at=at)
    if not person.check_password(password):
        _note_failure(attempt, email=person.email)
        raise WrongCredentials
    attempt.delete()


@transaction.atomic
def _note_failure(attempt: SignInFailure, *, email: str) -> None:
    person = User.objects.filter(email=email.strip().lower()).first()
    record(Verb.SIGN_IN_FAILED, person=person, by=None, at=attempt.at)
    if throttle.is_the_last_allowed(attempt):
        record(Verb.LOCKED, person=person, by=None, at=attempt.at)


def sign_out(*, person: User, at: datetime) -> None:
    """Note that the person has gone; the session itself is ended by the view that holds it."""
    record(Verb.SIGNED_OUT, person=person, by=person, at=at)
