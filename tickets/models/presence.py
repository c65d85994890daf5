from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LOOKS_FOR = timedelta(seconds=60)  # three polls: whoever closed the page is gone after that
TYPES_FOR = timedelta(seconds=40)


class PresenceQuerySet(models.QuerySet):
    def of(self, tickets) -> Self:
        """Limit to those at these tickets; hand in a queryset that went through the scope."""
        return self.filter(ticket__in=tickets)

    def looking(self, at: datetime) -> Self:
        return self.filter(seen_at__gt=at - LOOKS_FOR)

    def outdated(self, at: datetime) -> Self:
        return self.filter(seen_at__lte=at - LOOKS_FOR)


class Presence(models.Model):
    """Somebody of the staff has the page of a ticket open right now. A hint for colleagues, kept for a minute."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="+", verbose_name=_("report"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    seen_at = models.DateTimeField(_("seen at"))
    typing_at = models.DateTimeField(_("typing at"), null=True, blank=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="one_presence_a_person_and_report")]
        indexes = [models.Index(fields=["seen_at"], name="presences_by_age")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.person_id}"

    def is_typing(self, at: datetime) -> bool:
        return self.typing_at is not None and self.typing_at > at - TYPES_FOR
