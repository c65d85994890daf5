"""Writes what is owed, in the transaction of whoever owes it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from .models import OutboxMessage
from .topics import Topic

Channel = OutboxMessage.Channel


def post(
    *,
    recipients: Iterable[int] | Mapping[int, Topic],
    kind: str,
    about: str,
    effect: str,
    at: datetime,
    data: dict | None = None,
    urgent: bool = False,
    topic: Topic = Topic.PROGRESS,
) -> None:
    """Owe every recipient (user ids) one message of `kind` about `about` in each channel; one statement.

    The same `effect` is owed only once. A mapping says for each recipient what topic it is, else it is `topic` for
    all of them. `urgent` means that somebody must act now; it counts for those whose topic is to be acted on. `data`
    holds keys and codes, never typed words.
    """
    topics = recipients if isinstance(recipients, Mapping) else dict.fromkeys(recipients, topic)
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=f"{effect}:{recipient}:{channel}",
                channel=channel,
                recipient_id=recipient,
                topic=topics[recipient],
                kind=kind,
                about=about,
                data=data or {},
                urgent=urgent and topics[recipient].is_to_act_on,
                created_at=at,
                due_at=at if channel == Channel.EMAIL else None,
            )
            for recipient in sorted(topics)
            for channel in (Channel.IN_APP, Channel.EMAIL)
        ],
        ignore_conflicts=True,
    )


def mark_read(messages, *, at: datetime) -> int:
    """Mark these messages of one person as read, as far as they are notices; return how many were unread."""
    return messages.unread().update(read_at=at)
