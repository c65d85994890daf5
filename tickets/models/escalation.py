from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from devices.models import Device
from schools.models import Room
from teams.models import Team

from .checklist import Checklist


class EscalationQuerySet(models.QuerySet):
    def of(self, ticket) -> Self:
        """Limit to one ticket's, the latest first; hand in a ticket that was found in the scope."""
        return self.filter(ticket=ticket).order_by("-at", "-pk")

    def open(self) -> Self:
        return self.filter(ended_at=None)


class Escalation(models.Model):
    """A report was handed over to the Systemhaus, with the packet the first level had made.

    A packet is complete when every item of the checklist is answered, and what was tried, since when, when and how
    somebody gets in and at least one room are told.
    """

    class Reason(models.TextChoices):
        PACKET = "packet", _("handed over")
        DEADLINE = "deadline", _("the time for a solution had run out")

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        NOT_POSSIBLE = "not_possible", _("Not possible")

    class Outcome(models.TextChoices):
        RESOLVED = "resolved", _("solved")
        RETURNED = "returned", _("returned to the campus management")
        ENDED = "ended", _("ended without a solution")

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="escalations", verbose_name=_("report"))
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("team"))
    reason = models.CharField(_("reason"), max_length=8, choices=Reason, default=Reason.PACKET)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("handed over at"))
    checklist = models.ForeignKey(
        Checklist, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checklist")
    )
    answers = models.JSONField(_("answers"), default=dict, help_text=_("Item and answer."))
    tried = models.TextField(_("what was tried"), blank=True)
    since = models.DateTimeField(_("since when"), null=True, blank=True)
    access = models.TextField(_("when and how to get in"), blank=True)
    spoken_with = models.CharField(_("spoken with"), max_length=80, blank=True)
    rooms = models.ManyToManyField(Room, blank=True, related_name="+", verbose_name=_("rooms"))
    devices = models.ManyToManyField(Device, blank=True, related_name="+", verbose_name=_("devices"))
    is_complete = models.BooleanField(_("complete"), default=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(ended_at=None), name="one_open_escalation"),
            models.CheckConstraint(
                name="an_ended_escalation_has_an_outcome",
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [models.Index(fields=["ticket", "-at", "-id"], name="escalations_of_a_report")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.team}"


class PacketDraft(models.Model):
    """What the first level has put together so far; shared by all who work on the report there."""

    ticket = models.OneToOneField(
        "tickets.Ticket", models.CASCADE, related_name="packet_draft", verbose_name=_("report")
    )
    words = models.JSONField(_("words"), default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("draft of a packet")
        verbose_name_plural = _("drafts of packets")

    def __str__(self) -> str:
        return str(self.ticket_id)
