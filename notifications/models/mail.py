import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

#: Neither sent, nor dropped, nor put aside: somebody has to do something with it.
TO_SEND = Q(sent_at=None, dropped_at=None, parked_at=None)


class MailQuerySet(models.QuerySet):
    def visible_to(self, viewer) -> Self:
        """A mail is read by the person it is for, and by nobody else."""
        return self.filter(recipient=viewer.person)

    def to_send(self) -> Self:
        return self.filter(TO_SEND)

    def due(self, *, at: datetime) -> Self:
        """Limit to what is to be tried now and is in nobody's hands, what waits longest first."""
        free = Q(leased_until=None) | Q(leased_until__lte=at)
        return self.to_send().filter(free, due_at__lte=at).order_by("due_at", "pk")

    def parked(self) -> Self:
        """Limit to what was tried often enough and waits for an administrator."""
        return self.exclude(parked_at=None)


class Mail(models.Model):
    """One mail to one person; its messages point at it. What it says is composed at the moment it is sent.

    `public_id` becomes the Message-ID at every attempt, so that a mailbox can tell a second copy.
    """

    class Kind(models.TextChoices):
        SINGLE = "single", _("about one report")
        BUNDLE = "bundle", _("bundled")
        DIGEST = "digest", _("daily digest")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+", verbose_name=_("recipient")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    created_at = models.DateTimeField(_("created at"))
    due_at = models.DateTimeField(_("to be tried at"))
    leased_until = models.DateTimeField(_("in hands until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=80, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    parked_at = models.DateTimeField(_("parked at"), null=True, blank=True)
    dropped_at = models.DateTimeField(
        _("dropped at"), null=True, blank=True, help_text=_("The person may not sign in any more.")
    )

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["due_at", "id"], condition=TO_SEND, name="mails_to_send"),
            models.Index(fields=["parked_at"], condition=Q(parked_at__isnull=False), name="parked_mails"),
            models.Index(fields=["recipient", "sent_at"], name="mails_of_a_person_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_mail_ends_in_one_way",
                condition=Q(dropped_at=None, parked_at=None)
                | Q(sent_at=None, parked_at=None)
                | Q(sent_at=None, dropped_at=None),
            ),
            models.CheckConstraint(
                name="a_parked_mail_was_tried", condition=Q(parked_at=None) | (Q(attempts__gt=0) & ~Q(last_error=""))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.public_id}"
