"""Changes how somebody hears of things, and gives a parked mail another chance."""

from datetime import datetime

from django.db import transaction

from accounts.models import User

from .gathering import look_again
from .models import Mail, Preference


@transaction.atomic
def change_preference(*, person: User, at: datetime, **wishes) -> Preference:
    """Keep what the person wishes; it holds for everything that still waits for a mail, too."""
    preference, _created = Preference.objects.update_or_create(person=person, defaults=wishes)
    look_again(person, at=at)
    return preference


@transaction.atomic
def unpark(*, mail_id: int, at: datetime) -> bool:
    """Let a parked mail be tried again from the start; return False where it is not parked any more."""
    mail = Mail.objects.parked().select_for_update().filter(pk=mail_id).first()
    if mail is None:
        return False
    mail.parked_at, mail.attempts, mail.due_at = None, 0, at
    mail.save(update_fields=["parked_at", "attempts", "due_at"])
    return True
