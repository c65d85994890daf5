from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.models import School
from teams.models import Team
from tickets.ladder import ACTIONS, Action
from tickets.lifecycle import Priority, Status

from .ticket import Ticket


def waiting_for_the_reporter() -> list[str]:
    """Return the states in which clocks pause unless a policy says otherwise."""
    return [Status.WAITING_REPORTER.value]


class SlaPolicy(models.Model):
    """For which reports a promise holds. What is promised stands in its versions.

    The one without support type and kind holds for every report that no other one is for.
    """

    name = models.CharField(_("name"), max_length=80)
    support_type = models.CharField(
        _("only for schools with"), max_length=12, choices=School.SupportType, blank=True, help_text=_("Empty: all.")
    )
    kind = models.CharField(
        _("only for reports of the kind"),
        max_length=20,
        choices=Ticket.Kind,
        blank=True,
        help_text=_("Empty: all. A promise for a kind goes before one for a support type."),
    )

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            models.UniqueConstraint(
                fields=["support_type", "kind"],
                name="one_policy_a_scope",
                violation_error_message=_("There is already a promise for these reports. Change that one instead."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holds_for_all(self) -> bool:
        return not self.support_type and not self.kind


class PolicyVersionQuerySet(models.QuerySet):
    def holding(self, reported_on: date, support_type: str, kind: str) -> Self:
        """Order what holds for a report by precedence: the first row is the one.

        A promise for its kind goes before one for the support type of its school, and both before the one for all;
        of its versions that one which is valid from the latest day that is not after the report.
        """
        rows = self.filter(
            valid_from__lte=reported_on,
            policy__support_type__in=["", support_type],
            policy__kind__in=["", kind],
        )
        return rows.order_by("-policy__kind", "-policy__support_type", "-valid_from", "-number")


class PolicyVersion(models.Model):
    """What a policy promises from a day on. Never changed: a change is the next version, so a clock can name its rule.

    It holds for reports from `valid_from` on. A version with the same day as an earlier one corrects that one.
    """

    policy = models.ForeignKey(SlaPolicy, models.CASCADE, related_name="versions", verbose_name=_("promise"))
    number = models.PositiveIntegerField(_("version"))
    valid_from = models.DateField(_("valid for reports from"))
    paused_in = ArrayField(
        models.CharField(max_length=20, choices=Status),
        verbose_name=_("pauses in"),
        default=waiting_for_the_reporter,
        blank=True,
    )
    answer_minutes = models.PositiveIntegerField(
        _("answer of the reporter, minutes"),
        help_text=_("How long a question may stay open, in service time; 510 minutes are a service day."),
    )
    automatic_team = models.ForeignKey(
        Team,
        models.PROTECT,
        related_name="+",
        verbose_name=_("team for handing over by itself"),
        help_text=_("Where the category names none."),
    )
    created_at = models.DateTimeField(_("published at"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a promise")
        verbose_name_plural = _("versions of promises")
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="a_policy_version_is_numbered_once")]

    def __str__(self) -> str:
        return f"{self.policy}: {self.number}"


class SlaTarget(models.Model):
    """The promise for one priority, in minutes of service time."""

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="targets", verbose_name=_("version"))
    priority = models.CharField(_("priority"), max_length=8, choices=Priority)
    first_response_minutes = models.PositiveIntegerField(
        _("first response, minutes"), validators=[MinValueValidator(1)]
    )
    resolution_minutes = models.PositiveIntegerField(_("solution, minutes"), validators=[MinValueValidator(1)])
    second_response_minutes = models.PositiveIntegerField(
        _("response of the second level, minutes"), validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [models.UniqueConstraint(fields=["version", "priority"], name="one_target_a_priority")]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_priority_display()}"


class LadderStep(models.Model):
    """What happens by itself when a share of a clock's time is used up."""

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="ladder", verbose_name=_("version"))
    clock = models.CharField(_("clock"), max_length=16, choices=[(clock.value, clock.label) for clock in ACTIONS])
    percent = models.PositiveSmallIntegerField(
        _("at percent"), validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    action = models.CharField(_("then"), max_length=20, choices=Action)

    class Meta:
        verbose_name = _("step of the ladder")
        verbose_name_plural = _("steps of the ladder")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "clock", "percent", "action"],
                name="a_ladder_step_once_a_version",
                violation_error_message=_("This step is entered twice."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_clock_display()}, {self.percent} %: {self.get_action_display()}"

    def clean(self):
        """Refuse what makes no sense for the clock, such as handing over because a reporter does not answer."""
        if self.clock in ACTIONS and self.action and self.action not in ACTIONS[self.clock]:
            possible = ", ".join(str(action.label) for action in ACTIONS[self.clock])
            raise ValidationError(
                {"action": _("This does not go with this clock. Possible: %(actions)s.") % {"actions": possible}}
            )
