"""What waits on purpose: a lease of somebody who was killed, a rest after a failure, a digest, tomorrow's budget."""

from datetime import datetime

from django.db.models import Min
from django.db.models.functions import Greatest

from notifications.delivery import deliver_outbox
from notifications.models import Mail, OutboxMessage
from tickets.letters import compose

MOST_ROUNDS = 400


def days_go_by(at: datetime) -> int:
    """Let the post office go round at each instant something is due, until nothing is; return how many rounds."""
    for number in range(MOST_ROUNDS):
        due = [
            OutboxMessage.objects.owed().aggregate(due=Min("due_at"))["due"],
            Mail.objects.to_send().aggregate(due=Min(Greatest("due_at", "leased_until")))["due"],
        ]
        if not any(due):
            return number
        at = max(at, min(filter(None, due)))
        deliver_outbox(at=at, compose=compose)
    return MOST_ROUNDS
