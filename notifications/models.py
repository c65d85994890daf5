from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutboxMessageQuerySet(models.QuerySet):
    def visible_to(self, viewer) -> Self:
        """A notice is read by the person it is for, and by nobody else."""
        return self.filter(recipient=viewer.person)

    def notices(self) -> Self:
        return self.filter(channel=OutboxMessage.Channel.IN_APP)

    def unread(self) -> Self:
        return self.notices().filter(read_at=None)


class OutboxMessage(models.Model):
    """One message owed to one person, written in the transaction of the step that causes it.

    `key` names the effect, so that the same message is never owed twice. An in-app notice is delivered by being
    there; it says what happened (`kind`) to what (`about`), never any words of the ticket: whether they may be
    read is decided when they are read.
    """

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("In the program")

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, default=Channel.IN_APP)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("recipient")
    )
    kind = models.CharField(_("kind"), max_length=40)
    about = models.CharField(_("about"), max_length=40)
    data = models.JSONField(_("details"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"))
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notices_of_a_person"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="unread_notices_of_a_person"),
        ]

    def __str__(self) -> str:
        return self.key
