"""What was answered to a request that carried a key, so that sending it again does nothing twice."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

KEPT_FOR = timedelta(days=90)
LONGEST_KEY = 128


class IdempotencyRecordQuerySet(models.QuerySet):
    """Questions about kept answers."""

    def outdated(self, at: datetime):
        """Limit to the records that have been kept long enough."""
        return self.filter(created_at__lt=at - KEPT_FOR)


class IdempotencyRecord(models.Model):
    """One answered request. Written in the transaction of its effect: both are there or neither is."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    key = models.CharField(_("key"), max_length=LONGEST_KEY)
    fingerprint = models.CharField(_("fingerprint of the request"), max_length=64)
    status_code = models.PositiveSmallIntegerField(_("HTTP status"))
    content_type = models.CharField(_("content type"), max_length=200)
    location = models.TextField(_("address in the answer"), blank=True)
    body = models.BinaryField(_("answer"))
    created_at = models.DateTimeField(_("answered at"), db_index=True)

    objects = IdempotencyRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("answered request")
        verbose_name_plural = _("answered requests")
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_answer_a_key")]

    def __str__(self):
        return self.key


def prune(*, at: datetime) -> int:
    """Forget the answers that are older than 90 days and return how many there were."""
    return IdempotencyRecord.objects.outdated(at).delete()[0]
