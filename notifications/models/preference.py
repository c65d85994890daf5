from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from notifications.topics import Topic

FEWEST, MOST = 1, 100


class Way(models.TextChoices):
    """How one hears of something; in the program it stands in any case."""

    PROGRAM = "program", _("In the program only")
    AT_ONCE = "at_once", _("E-mail at once")
    DIGEST = "digest", _("Once a day by e-mail")


class Quiet(models.TextChoices):
    """When no e-mail comes but about what cannot wait."""

    SERVICE_HOURS = "service", _("Outside the service hours")
    OWN = "own", _("At times of my own")
    NEVER = "never", _("Never")


class Preference(models.Model):
    """How one person wants to hear of things. Who has no row has the defaults: those who must act are told at once.

    Read when what is owed is gathered into mails, so that a change acts on what still waits.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="notification_preference",
        verbose_name=_("person"),
    )
    questions = models.CharField(Topic.QUESTIONS.label, max_length=8, choices=Way, default=Way.AT_ONCE)
    work = models.CharField(Topic.WORK.label, max_length=8, choices=Way, default=Way.AT_ONCE)
    progress = models.CharField(Topic.PROGRESS.label, max_length=8, choices=Way, default=Way.DIGEST)
    results = models.CharField(Topic.RESULTS.label, max_length=8, choices=Way, default=Way.AT_ONCE)
    reminders = models.CharField(Topic.REMINDERS.label, max_length=8, choices=Way, default=Way.AT_ONCE)
    digest_at = models.TimeField(_("time of the daily e-mail"), default=time(7, 30))
    quiet = models.CharField(_("quiet hours"), max_length=8, choices=Quiet, default=Quiet.SERVICE_HOURS)
    quiet_from = models.TimeField(_("quiet from"), default=time(18))
    quiet_until = models.TimeField(_("quiet until"), default=time(7))
    budget = models.PositiveSmallIntegerField(
        _("e-mails a day at most"),
        default=20,
        validators=[MinValueValidator(FEWEST), MaxValueValidator(MOST)],
    )

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.CheckConstraint(name="a_day_has_some_mails", condition=Q(budget__range=(FEWEST, MOST))),
            models.CheckConstraint(
                name="quiet_hours_end",
                condition=~Q(quiet_from=F("quiet_until")),
                violation_error_message=_("Quiet hours begin and end at the same time. Choose two different times."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"

    def way_of(self, topic: str) -> str:
        """Return how the person hears of this topic."""
        return getattr(self, Topic(topic).value)
