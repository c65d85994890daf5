"""Writing the history of accounts."""

from datetime import datetime

from accounts.models import AccountEvent, User


def record(verb: str, *, person: User | None, by: User | None, at: datetime, **data) -> AccountEvent:
    """Add to the history of accounts; the floors above use it for the roles they tie to a scope.

    `data` holds codes, ids and days, never typed words, passwords or secrets.
    """
    return AccountEvent.objects.create(verb=AccountEvent.Verb(verb), person=person, by=by, at=at, data=data)
