from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.topics import Topic

from .mail import Mail

#: Owed by e-mail, and neither in a mail nor settled otherwise; two indexes hold these rows and no others.
OWED = Q(channel="email", mail=None, settled_at=None)


class OutboxMessageQuerySet(models.QuerySet):
    def visible_to(self, viewer) -> Self:
        """A notice is read by the person it is for, and by nobody else."""
        return self.filter(recipient=viewer.person)

    def notices(self) -> Self:
        return self.filter(channel=OutboxMessage.Channel.IN_APP)

    def unread(self) -> Self:
        return self.notices().filter(read_at=None)

    def owed(self) -> Self:
        """Limit to what is owed by e-mail and is neither in a mail nor settled otherwise."""
        return self.filter(OWED)

    def due(self, *, at: datetime) -> Self:
        """Limit to what is owed and has to be looked at now."""
        return self.owed().filter(due_at__lte=at)


class OutboxMessage(models.Model):
    """One message owed to one person by one channel, written in the transaction of the step that causes it.

    `key` names the effect, so that the same message is never owed twice. A notice in the program is delivered by
    being there. What is owed by e-mail ends in exactly one mail, or is settled for a reason that stands in the row.
    Both say what happened (`kind`) to what (`about`), never any words of the ticket: whether they may be read is
    decided when they are read.
    """

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("In the program")
        EMAIL = "email", _("By e-mail")

    class Settled(models.TextChoices):
        """Why a message stays in the program only."""

        NOT_WANTED = "not_wanted", _("no e-mail wanted for this")
        INACTIVE = "inactive", _("may not sign in any more")
        OWN_ADDRESS = "own_address", _("the address is our own")
        PAST = "past", _("from before the start")

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, default=Channel.IN_APP)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+", verbose_name=_("recipient")
    )
    topic = models.CharField(_("topic"), max_length=10, choices=Topic, default=Topic.PROGRESS)
    kind = models.CharField(_("kind"), max_length=40)
    about = models.CharField(_("about"), max_length=40)
    data = models.JSONField(_("details"), default=dict, blank=True)
    urgent = models.BooleanField(_("must act now"), default=False)
    created_at = models.DateTimeField(_("created at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    due_at = models.DateTimeField(
        _("to be looked at"), null=True, blank=True, help_text=_("When it may go into a mail, as far as is known.")
    )
    mail = models.ForeignKey(
        Mail,
        models.RESTRICT,
        null=True,
        blank=True,
        db_index=False,
        related_name="messages",
        verbose_name=_("mail"),
    )
    settled_at = models.DateTimeField(_("settled without a mail at"), null=True, blank=True)
    settled_as = models.CharField(_("settled because"), max_length=12, choices=Settled, blank=True)

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["recipient", "-id"], condition=Q(channel="in_app"), name="notices_of_a_person"),
            models.Index(
                fields=["recipient"], condition=Q(channel="in_app", read_at=None), name="unread_notices_of_a_person"
            ),
            models.Index(fields=["due_at"], condition=OWED, name="messages_owed_by_mail"),
            models.Index(fields=["recipient"], condition=OWED, name="messages_owed_to_a_person"),
            models.Index(fields=["mail"], condition=Q(mail__isnull=False), name="messages_of_a_mail"),
        ]
        constraints = [
            models.CheckConstraint(
                name="only_notices_are_read_and_only_mails_are_due",
                condition=Q(channel="in_app", due_at=None, mail=None, settled_at=None)
                | Q(channel="email", due_at__isnull=False, read_at=None),
            ),
            models.CheckConstraint(
                name="in_a_mail_or_settled_not_both",
                condition=Q(mail=None) | Q(settled_at=None),
            ),
            models.CheckConstraint(
                name="settled_for_a_reason",
                condition=Q(settled_at=None, settled_as="") | (Q(settled_at__isnull=False) & ~Q(settled_as="")),
            ),
        ]

    def __str__(self) -> str:
        return self.key
