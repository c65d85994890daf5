"""Changes how somebody hears of things."""

from datetime import datetime

from django.db import transaction

from accounts.models import User

from .gathering import look_again
from .models import Preference


@transaction.atomic
def change_preference(*, person: User, at: datetime, **wishes) -> Preference:
    """Keep what the person wishes; it holds for everything that still waits for a mail, too."""
    preference, _created = Preference.objects.update_or_create(person=person, defaults=wishes)
    look_again(person, at=at)
    return preference
