from datetime import timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.lifecycle import Priority, Status


def waiting_for_the_reporter() -> list[str]:
    """Return the states in which clocks pause unless a policy says otherwise."""
    return [Status.WAITING_REPORTER.value]


class SlaPolicy(models.Model):
    """How fast help is promised: a target for every priority, and the states in which the clocks pause."""

    name = models.CharField(_("name"), max_length=80)
    is_default = models.BooleanField(_("default"), default=False)
    paused_in = ArrayField(
        models.CharField(max_length=20, choices=Status),
        verbose_name=_("pauses in"),
        default=waiting_for_the_reporter,
    )

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_policy"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SlaTargetQuerySet(models.QuerySet):
    def promised(self, priority: str) -> Self:
        """Limit to the target of the default policy for `priority`."""
        return self.filter(policy__is_default=True, priority=priority).select_related("policy")


class SlaTarget(models.Model):
    """The promise for one priority, in minutes of service time."""

    policy = models.ForeignKey(SlaPolicy, models.CASCADE, related_name="targets", verbose_name=_("promise"))
    priority = models.CharField(_("priority"), max_length=8, choices=Priority)
    first_response_minutes = models.PositiveIntegerField(_("first response, minutes"))
    resolution_minutes = models.PositiveIntegerField(_("solution, minutes"))
    second_response_minutes = models.PositiveIntegerField(_("response of the second level, minutes"))

    objects = SlaTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [models.UniqueConstraint(fields=["policy", "priority"], name="one_target_a_priority")]

    def __str__(self) -> str:
        return f"{self.policy}: {self.get_priority_display()}"

    @property
    def first_response(self) -> timedelta:
        return timedelta(minutes=self.first_response_minutes)

    @property
    def resolution(self) -> timedelta:
        return timedelta(minutes=self.resolution_minutes)

    @property
    def second_response(self) -> timedelta:
        return timedelta(minutes=self.second_response_minutes)
