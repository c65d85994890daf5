"""Writes what is owed, in the transaction of whoever owes it."""

from collections.abc import Iterable
from datetime import datetime

from .models import OutboxMessage


def post(*, recipients: Iterable[int], kind: str, about: str, effect: str, at: datetime, data=None) -> None:
    """Owe every recipient (user ids) one notice of `kind` about `about`; the same `effect` is owed only once."""
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=f"{effect}:{recipient}",
                recipient_id=recipient,
                kind=kind,
                about=about,
                data=data or {},
                created_at=at,
                delivered_at=at,
            )
            for recipient in sorted(set(recipients))
        ],
        ignore_conflicts=True,
    )


def mark_read(messages, *, at: datetime) -> int:
    """Mark these messages of one person as read; return how many were unread."""
    return messages.filter(read_at=None).update(read_at=at)
