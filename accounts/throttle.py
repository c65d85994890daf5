"""How often one may try: counted per account, never for a network alone, which a staff room shares."""

from datetime import datetime, timedelta

from accounts.models import SignInFailure
from accounts.models.access import account_key

WINDOW = timedelta(minutes=15)
MOST_FROM_ONE_NETWORK = 5
MOST_FOR_ONE_ACCOUNT = 30


class TooManyFailures(Exception):
    """Raised where a password is not even looked at; `retry_at` is when it will be."""

    def __init__(self, retry_at: datetime):
        super().__init__("too many failures")
        self.retry_at = retry_at


def begin(*, email: str, network: str, at: datetime) -> SignInFailure:
    """Count an attempt as a failure until it has succeeded, or raise TooManyFailures.

    The row is written before the password is checked: of many attempts at the same moment each sees those
    before it, so that no more than the agreed number gets through. A refused attempt counts nothing.
    """
    attempt = SignInFailure.objects.create(account_key=account_key(email), network=network, at=at)
    if retry_at := _retry_at(attempt):
        attempt.delete()
        raise TooManyFailures(retry_at)
    return attempt


def is_the_last_allowed(attempt: SignInFailure) -> bool:
    """Return whether this failure is the one that closes the door for a while."""
    here, anywhere = _earlier(attempt)
    return len(here) == MOST_FROM_ONE_NETWORK - 1 or len(anywhere) == MOST_FOR_ONE_ACCOUNT - 1


def forgive(*, email: str) -> None:
    """Forget the failures of an account, because its person has proved who they are by mail."""
    SignInFailure.objects.filter(account_key=account_key(email)).delete()


def _retry_at(attempt: SignInFailure) -> datetime | None:
    here, anywhere = _earlier(attempt)
    ends = [
        failures[most - 1] + WINDOW
        for failures, most in ((here, MOST_FROM_ONE_NETWORK), (anywhere, MOST_FOR_ONE_ACCOUNT))
        if len(failures) >= most
    ]
    return max(ends, default=None)


def _earlier(attempt: SignInFailure) -> tuple[list[datetime], list[datetime]]:
    """Return when others failed in the window, newest first: from this network, and from anywhere."""
    rows = SignInFailure.objects.filter(account_key=attempt.account_key, at__gt=attempt.at - WINDOW)
    rows = list(rows.exclude(pk=attempt.pk).order_by("-at").values_list("network", "at")[:500])
    return [at for network, at in rows if network == attempt.network], [at for _network, at in rows]
