from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q


class HeartbeatQuerySet(models.QuerySet):
    def outdated(self, *, before: datetime) -> Self:
        """Limit to workers not heard of since `before`, since every new container has a new name, and to past days."""
        passing = Q(name__startswith=Heartbeat.WORKER) | Q(name__startswith=Heartbeat.SENT_ON)
        return self.filter(passing, at__lt=before)


class Heartbeat(models.Model):
    """The last sign of life of something that works by itself: a kind of round, a worker, beat.

    Written by tasks and commands of the shell only, one statement each, so that reading costs the same however much
    there is to do. `facts` are those of the last time, `totals` are added up since there is a row; both hold numbers
    and instants, never words.
    """

    SWEEP = "sweep"
    DELIVERY = "delivery"
    ACCESS_MAILS = "access mails"
    RECOMPUTATION = "recomputation"
    FIGURES = "figures"
    BACKUP = "backup"
    RESTORE = "restore"
    BEAT = "beat"
    WORKER = "worker "  # and the name of its node
    SENT_ON = "sent on "  # and the day: how many mails

    name = models.CharField(max_length=160, primary_key=True)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = "sign of life"
        verbose_name_plural = "signs of life"

    def __str__(self) -> str:
        return self.name


def sent_on(day: date) -> str:
    """Return the name of the row that counts the mails of one day."""
    return f"{Heartbeat.SENT_ON}{day.isoformat()}"
