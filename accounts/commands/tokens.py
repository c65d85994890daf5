"""Keys for the API."""

import secrets
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.commands.record import record
from accounts.models import AccountEvent, ApiToken, User
from accounts.permissions import require_administrator
from foundation.text import clean_line

# Recognised by tools that search for secrets in code.
SECRET_PREFIX = "campusruf_"
MOST_KEYS = 20


@transaction.atomic
def create_token(
    *, person: User, name: str, by: User | None, at: datetime, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a key and return it with its secret, which is told this once and stored nowhere."""
    if by is not None and by.pk != person.pk:
        raise PermissionDenied("A key is made by its person or on the command line.")
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise ValidationError(_("This account is closed."))
    if ApiToken.objects.valid(at=at).filter(person=person).count() >= MOST_KEYS:
        raise ValidationError(
            _("You have %(count)s keys. Withdraw one you no longer need."), params={"count": MOST_KEYS}
        )
    secret = SECRET_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=person,
        name=clean_line(name, 80),
        prefix=secret[: len(SECRET_PREFIX) + 5],
        digest=ApiToken.digest_of(secret),
        created_at=at,
        expires_at=expires_at,
    )
    record(AccountEvent.Verb.TOKEN_CREATED, person=person, by=by, at=at, token=token.pk)
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User | None, at: datetime) -> ApiToken:
    """Refuse the key from the next request on; a key that was withdrawn before stays as it is."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if by is not None and by.pk != token.person_id:
        require_administrator(by, at=at)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record(AccountEvent.Verb.TOKEN_REVOKED, person=token.person, by=by, at=at, token=token.pk)
    return token
