"""What happened to accounts and rights."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models import Event


class Verb(models.TextChoices):
    SIGNED_IN = "signed_in", _("signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("sign-in failed")
    LOCKED = "locked", _("sign-in paused")
    SIGNED_OUT = "signed_out", _("signed out")
    PASSWORD_CHANGED = "password_changed", _("password changed")
    ROLE_GRANTED = "role_granted", _("role granted")
    ROLE_WITHDRAWN = "role_withdrawn", _("role withdrawn")
    ABSENCE_ENTERED = "absence_entered", _("absence entered")
    ABSENCE_CHANGED = "absence_changed", _("absence changed")
    ABSENCE_ENDED = "absence_ended", _("absence ended")
    SCHOOL_MOVED = "school_moved", _("school given to another campus")
    TOKEN_CREATED = "token_created", _("API key created")
    TOKEN_REVOKED = "token_revoked", _("API key withdrawn")
    CREATED = "created", _("person added")
    CHANGED = "changed", _("person changed")
    INVITED = "invited", _("invited")
    DEACTIVATED = "deactivated", _("account closed")
    REACTIVATED = "reactivated", _("account opened again")
    EXPORTED = "exported", _("data exported")
    TRIED_AGAIN = "tried_again", _("parked work started again")


class AccountEvent(Event):
    """One thing that happened to `person`.

    Empty where nobody has the address that was typed, where a school changed hands, and where work that had failed
    was started again.
    """

    Verb = Verb

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="account_events",
        verbose_name=_("person"),
    )

    class Meta:
        verbose_name = _("account event")
        verbose_name_plural = _("account events")
        indexes = [
            models.Index(fields=["person", "-at"], name="account_events_of_a_person"),
            models.Index(fields=["-at"], name="account_events_by_time"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(verb__in=Verb.values), name="known_account_event"),
        ]

    def __str__(self):
        return str(Verb(self.verb).label)
