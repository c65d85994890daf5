"""One-time links that let a person choose a password."""

import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import AccessMail, User

LIFETIMES = {
    AccessMail.Kind.RESET: timedelta(hours=1),
    AccessMail.Kind.INVITATION: timedelta(days=7),
}
_LETTERS = {"r": AccessMail.Kind.RESET, "i": AccessMail.Kind.INVITATION}


def link_for(person: User, kind: str, *, at: datetime) -> str:
    """Return the full address of a link made now. The host is configured, never taken from a request."""
    path = reverse("password-link", args=[person.public_id, token_for(person, kind, at=at)])
    return f"{settings.BASE_URL}{path}"


def token_for(person: User, kind: str, *, at: datetime) -> str:
    """Return the secret part of a link."""
    issued = int(at.timestamp())
    return f"{kind[0]}{issued:x}-{_seal(person, kind, issued)}"


def kind_opened(person: User, token: str, *, at: datetime) -> str | None:
    """Return which kind of link this is, or None where it is used, too old, altered or somebody else's."""
    head, _dash, seal = token.partition("-")
    kind = _LETTERS.get(head[:1])
    try:
        issued = int(head[1:13], 16)
    except ValueError:
        return None
    age = at.timestamp() - issued
    if kind is None or not person.is_active or not 0 <= age + 1 <= LIFETIMES[kind].total_seconds():
        return None
    return kind if hmac.compare_digest(seal.encode(), _seal(person, kind, issued).encode()) else None


def _seal(person: User, kind: str, issued: int) -> str:
    """A new password, a sign-in, a new address or closing the account breaks every seal made before."""
    last_login = person.last_login.isoformat() if person.last_login else ""
    state = f"{person.pk}:{person.password}:{last_login}:{person.email}:{person.session_epoch}"
    return salted_hmac("accounts.links", f"{kind}:{issued}:{state}", algorithm="sha256").hexdigest()
