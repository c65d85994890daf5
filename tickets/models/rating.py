from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MOST_WORDS = 1000


class Rating(models.Model):
    """What the reporter says about the help, once for each report. It holds for the solution as it was last recorded.

    Read by the reporter alone; everybody else is told shares, and the coordination words without their report.
    """

    class Value(models.TextChoices):
        GOOD = "good", _("Good")
        PARTLY = "partly", _("Partly")
        POOR = "poor", _("Not good")

    ticket = models.OneToOneField(
        "tickets.Ticket", models.CASCADE, primary_key=True, related_name="rating", verbose_name=_("report")
    )
    value = models.CharField(_("answer"), max_length=6, choices=Value)
    words = models.TextField(_("in their own words"), blank=True)
    at = models.DateTimeField(_("answered at"))  # for the first time; a change of mind moves nothing

    class Meta:
        verbose_name = _("answer about the help")
        verbose_name_plural = _("answers about the help")
        indexes = [models.Index(fields=["-at", "-ticket"], condition=~Q(words=""), name="latest_remarks")]
        constraints = [
            models.CheckConstraint(name="an_answer_is_one_of_three", condition=Q(value__in=["good", "partly", "poor"]))
        ]

    def __str__(self) -> str:
        return str(self.ticket_id)
