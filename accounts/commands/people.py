"""Adding people, letting them in and keeping them out."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.commands.record import record
from accounts.models import AccessMail, AccountEvent, User
from accounts.models.access import account_key
from accounts.permissions import other_administrators_exist, require_administrator

Verb = AccountEvent.Verb


@transaction.atomic
def create_person(
    *,
    email: str,
    first_name: str,
    last_name: str,
    by: User | None,
    at: datetime,
    phone: str = "",
    language: str = "de",
) -> User:
    """Add a person who cannot sign in until a link has set a password."""
    require_administrator(by, at=at)
    person = User(
        email=email.strip().lower(),
        first_name=first_name,
        last_name=last_name,
        phone=phone,
        language=language,
        created_at=at,
    )
    person.set_unusable_password()
    person.full_clean()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # added by somebody else between the check and the save
        raise ValidationError({"email": _("Somebody with this e-mail address is already here.")}) from None
    record(Verb.CREATED, person=person, by=by, at=at)
    return person


@transaction.atomic
def record_changes(*, person: User, fields: list[str], by: User | None, at: datetime) -> None:
    """Save the named fields of a person an administrator has changed and note which ones."""
    require_administrator(by, at=at)
    if fields:
        person.save(update_fields=fields)
        record(Verb.CHANGED, person=person, by=by, at=at, fields=sorted(fields))


@transaction.atomic
def invite(*, person: User, by: User | None, at: datetime) -> AccessMail:
    """Owe the person a mail with a link to choose a password."""
    require_administrator(by, at=at)
    if not person.is_active:
        raise ValidationError(_("This account is closed. Open it again before you invite the person."))
    mail = AccessMail.objects.create(
        kind=AccessMail.Kind.INVITATION,
        email=person.email,
        account_key=account_key(person.email),
        requested_at=at,
    )
    record(Verb.INVITED, person=person, by=by, at=at)
    return mail


@transaction.atomic
def deactivate(*, person: User, by: User | None, at: datetime) -> User:
    """Close the account: sessions and keys are refused from the next request on, roles rest."""
    require_administrator(by, at=at)
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise ValidationError(_("This account is already closed."))
    administers = User.objects.filter(pk=person.pk).with_city_role("administrator", at=at).exists()
    if administers and not other_administrators_exist(person, at=at):
        raise ValidationError(_("Somebody has to administer. Grant the role to another person first."))
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person=person)
    record(Verb.DEACTIVATED, person=person, by=by, at=at)
    return person


@transaction.atomic
def reactivate(*, person: User, by: User | None, at: datetime) -> User:
    """Open the account again; the old sessions stay ended."""
    require_administrator(by, at=at)
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.is_active:
        raise ValidationError(_("This account is already open."))
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(Verb.REACTIVATED, person=person, by=by, at=at)
    return person


def change_profile(*, person: User, **values: str) -> User:
    """Save what people may set about themselves: phone, language, theme."""
    if unknown := set(values) - {"phone", "language", "theme"}:
        raise ValueError(f"a profile has no {unknown}")
    for field, value in values.items():
        setattr(person, field, value)
    person.save(update_fields=list(values))
    return person


def end_sessions(*, person: User) -> None:
    """End every session of the person at the next request."""
    person.session_epoch = F("session_epoch") + 1
    person.save(update_fields=["session_epoch"])
    person.refresh_from_db(fields=["session_epoch"])
