from datetime import datetime
from typing import Self

from django.db import models


class HeartbeatQuerySet(models.QuerySet):
    def workers(self) -> Self:
        """Limit to the workers, whoever took a tick last first."""
        return self.filter(name__startswith=Heartbeat.WORKER).order_by("-at", "name")

    def outdated(self, *, before: datetime) -> Self:
        """Limit to workers that have not been heard of since `before`: every new container has a name of its own."""
        return self.filter(name__startswith=Heartbeat.WORKER, at__lt=before)


class Heartbeat(models.Model):
    """The last sign of life of something that works by itself: a kind of round, a worker, beat.

    Written by tasks only, one statement each, so that reading costs the same however much there is to do. `facts` are
    those of the last time, `totals` are added up since there is a row; both hold numbers and instants, never words.
    """

    SWEEP = "sweep"
    DELIVERY = "delivery"
    ACCESS_MAILS = "access mails"
    RECOMPUTATION = "recomputation"
    BEAT = "beat"
    WORKER = "worker "  # and the name of its node

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
