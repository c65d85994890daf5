from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.models import Room


class FollowerQuerySet(models.QuerySet):
    def affected(self) -> Self:
        return self.filter(is_affected=True)

    def of(self, tickets) -> Self:
        """Limit to those of these tickets; hand in a queryset that went through the scope."""
        return self.filter(ticket__in=tickets)


class Follower(models.Model):
    """Somebody who says whether a known fault is there for them too; who is affected hears how it goes on.

    A caller without an account is counted, and told by telephone.
    """

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="followers", verbose_name=_("report"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="followed_tickets",
        verbose_name=_("person"),
    )
    caller_name = models.CharField(_("caller"), max_length=120, blank=True)
    caller_phone = models.CharField(_("caller's telephone"), max_length=40, blank=True)
    room = models.ForeignKey(Room, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("room"))
    is_affected = models.BooleanField(_("affected"), default=True)
    joined_at = models.DateTimeField(_("since"))

    objects = FollowerQuerySet.as_manager()

    class Meta:
        verbose_name = _("affected person")
        verbose_name_plural = _("affected persons")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "person"], name="one_voice_a_person_and_report"),
            models.CheckConstraint(
                name="a_follower_is_a_person_or_a_caller",
                condition=Q(person__isnull=False, caller_name="") | (Q(person=None) & ~Q(caller_name="")),
            ),
        ]
        indexes = [models.Index(fields=["person", "-ticket"], name="faults_a_person_follows")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.person or self.caller_name}"
