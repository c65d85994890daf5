from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DeadlineQuerySet(models.QuerySet):
    def running(self) -> Self:
        """Limit to the clocks that are neither met nor ended."""
        return self.filter(met_at=None, ended_at=None)


class Deadline(models.Model):
    """One clock of one ticket. `due_at` is empty while the clock pauses; the row is truth, no broker knows it."""

    class Kind(models.TextChoices):
        FIRST_RESPONSE = "first_response", _("First response")
        RESOLUTION = "resolution", _("Solution")
        SECOND_RESPONSE = "second_response", _("Response of the second level")

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="deadlines", verbose_name=_("report"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    target = models.DurationField(_("target, service time"))
    started_at = models.DateTimeField(_("started at"))
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    met_at = models.DateTimeField(_("met at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended uncounted at"), null=True, blank=True)
    taken_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken over from"),
        help_text=_("The clock of a report that was merged into this one and had less time left."),
    )
    taken_at = models.DateTimeField(_("taken over at"), null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("due time")
        verbose_name_plural = _("due times")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "kind", "started_at"], name="a_clock_starts_once"),
            models.CheckConstraint(
                name="a_clock_is_met_or_ended_not_both", condition=Q(met_at=None) | Q(ended_at=None)
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(met_at=None, ended_at=None, due_at__isnull=False),
                name="clocks_due_next",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.ticket_id}"
