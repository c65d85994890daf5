"""Attempts to come in, and the mails that open the door."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


def account_key(email: str) -> str:
    """Return what stands for a typed address in the counters.

    People sometimes type their password into this field, so what was typed is not kept readable.
    """
    typed = email.strip().lower().encode("utf-8", "surrogatepass")
    return salted_hmac("accounts.account_key", typed, algorithm="sha256").hexdigest()


class SignInFailure(models.Model):
    """A sign-in that did not succeed, counted for some minutes; the address need not belong to anybody."""

    account_key = models.CharField(max_length=64)
    network = models.GenericIPAddressField(_("network address"), unpack_ipv4=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account_key", "-at"], name="failures_of_an_account")]

    def __str__(self):
        return f"{self.account_key[:8]} {self.at:%Y-%m-%d %H:%M}"


class AccessMailQuerySet(models.QuerySet):
    """Questions about mails that are owed."""

    def due(self, *, at: datetime):
        """Limit to the mails to try now, oldest first; one that failed five times waits for a person."""
        unclaimed = Q(leased_until=None) | Q(leased_until__lte=at)
        rows = self.filter(unclaimed, done_at=None, attempts__lt=AccessMail.MOST_ATTEMPTS)
        return rows.order_by("requested_at", "pk")

    def parked(self):
        """Limit to the mails that were tried often enough."""
        return self.filter(done_at=None, attempts__gte=AccessMail.MOST_ATTEMPTS)


class AccessMail(models.Model):
    """Somebody asked for a link to set a password. Whether anybody has this address is found out later."""

    MOST_ATTEMPTS = 5

    class Kind(models.TextChoices):
        RESET = "reset", _("new password")
        INVITATION = "invitation", _("invitation")

    class Outcome(models.TextChoices):
        SENT = "sent", _("sent")
        NOBODY = "nobody", _("nobody has this address")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Emptied as soon as the mail is done; the key stays for counting.
    email = models.CharField(max_length=254, blank=True)
    account_key = models.CharField(max_length=64)
    requested_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(_("last error"), max_length=80, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    objects = AccessMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("access mail")
        verbose_name_plural = _("access mails")
        indexes = [
            # The tick looks only at what is still owed.
            models.Index(F("requested_at"), name="access_mails_owed", condition=Q(done_at=None)),
            models.Index(fields=["account_key", "-requested_at"], name="access_mails_of_an_account"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.requested_at:%Y-%m-%d %H:%M}"
