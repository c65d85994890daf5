from datetime import datetime
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from tickets.ladder import Action, Clock, Rung

#: Clocks of promises that were met before what they had used was written down.
UNMEASURED = Q(kind__in=[Clock.FIRST_RESPONSE, Clock.RESOLUTION], met_at__isnull=False, used=None)
#: Clocks the sweep has to look at some time: the rest is done, paused, or waits for an administrator.
WATCHED = Q(next_at__isnull=False, parked_at=None)


class DeadlineQuerySet(models.QuerySet):
    def running(self) -> Self:
        """Limit to the clocks that are neither met nor ended."""
        return self.filter(met_at=None, ended_at=None)

    def due(self, at: datetime) -> Self:
        """Limit to the clocks of which a step is due, the longest waiting first.

        Costs what is due, not what exists: the partial index holds nothing else.
        """
        return self.filter(WATCHED, next_at__lte=at).order_by("next_at", "pk")

    def parked(self) -> Self:
        """Limit to the clocks that failed too often and wait for an administrator."""
        return self.filter(parked_at__isnull=False)

    def unmeasured(self) -> Self:
        """Limit to the clocks of promises that were met, but of which nobody has written yet what was used."""
        return self.filter(UNMEASURED).order_by("id")

    def of(self, ticket) -> Self:
        """Limit to the clocks of one ticket, with what is needed to work them out; hand in one that is locked."""
        return self.filter(ticket=ticket).with_steps().select_related("taken_from").order_by("pk")

    def with_steps(self) -> Self:
        """Annotate `steps_taken`, the rungs of the ladder that were taken already, in the same statement."""
        taken = StepTaken.objects.filter(deadline=OuterRef("pk")).order_by("pk")
        return self.annotate(
            steps_taken=ArraySubquery(taken.values(facts=JSONObject(percent="percent", action="action")))
        )


class Deadline(models.Model):
    """One clock of one ticket. Worked out from the ticket's history; the row is truth, no broker knows it.

    `due_at` is empty while a pause keeps it from coming. `missed_at` is the due time that passed unmet. `next_at` is
    when the sweep has to look: at the next step of the ladder. `used` is the service time that had run, pauses
    out, when a promise to the reporter was met; the figures are made of it.
    """

    MOST_ATTEMPTS = 5

    Kind = Clock

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="deadlines", verbose_name=_("report"))
    kind = models.CharField(_("kind"), max_length=16, choices=Clock)
    target = models.DurationField(_("target, service time"))
    policy_version = models.ForeignKey(
        "tickets.PolicyVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("promise")
    )
    started_at = models.DateTimeField(_("started at"))
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    paused_at = models.DateTimeField(_("pauses since"), null=True, blank=True)
    missed_at = models.DateTimeField(_("missed at"), null=True, blank=True)
    met_at = models.DateTimeField(_("met at"), null=True, blank=True)
    used = models.DurationField(_("service time used"), null=True, blank=True)
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
    next_at = models.DateTimeField(_("next step at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    parked_at = models.DateTimeField(_("parked at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=80, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("due time")
        verbose_name_plural = _("due times")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "kind", "started_at"], name="a_clock_starts_once"),
            models.CheckConstraint(
                name="a_clock_is_met_or_ended_not_both", condition=Q(met_at=None) | Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="only_a_running_clock_has_a_next_step",
                condition=Q(next_at=None) | Q(met_at=None, ended_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(met_at=None, ended_at=None, due_at__isnull=False),
                name="clocks_due_next",
            ),
            models.Index(fields=["next_at", "id"], condition=WATCHED, name="clocks_with_a_step_due"),
            models.Index(fields=["id"], condition=UNMEASURED, name="clocks_to_measure"),
            models.Index(fields=["parked_at"], condition=Q(parked_at__isnull=False), name="parked_clocks"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.ticket_id}"

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.ended_at is None

    def state_at(self, at: datetime) -> str:
        """Return how the clock stands, in one word: met, late, ended, missed, paused or running."""
        if self.met_at:
            return "late" if self.missed_at else "met"
        if self.ended_at:
            return "ended"
        if self.due_at is not None and self.due_at <= at:
            return "missed"
        return "paused" if self.paused_at else "running"

    @property
    def rungs_taken(self) -> set[Rung]:
        """The steps of the ladder taken so far; for rows read `with_steps`, none for a new one."""
        return {Rung(**facts) for facts in getattr(self, "steps_taken", ())}


class StepTaken(models.Model):
    """A step of the ladder was taken for a clock. The row is the proof of it, and the lock against a second time."""

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        OVERTAKEN = "overtaken", _("overtaken by a later step")
        NOBODY = "nobody", _("nobody who may know of it")
        NOT_NEEDED = "not_needed", _("no longer needed")
        BEFORE = "before", _("had passed before the step was there")

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="steps", verbose_name=_("due time"))
    percent = models.PositiveSmallIntegerField(_("at percent"))
    action = models.CharField(_("then"), max_length=20, choices=Action)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.DONE)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    at = models.DateTimeField(_("taken at"))

    class Meta:
        verbose_name = _("step taken")
        verbose_name_plural = _("steps taken")
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "percent", "action"], name="a_step_of_the_ladder_is_taken_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id}: {self.percent} %, {self.get_action_display()}"

    @classmethod
    def noted(cls, row: Deadline, rung: Rung, outcome: str, *, due_at: datetime, at: datetime) -> Self:
        """Return the row for a step, not written yet, and let the clock know of it."""
        facts = {"percent": rung.percent, "action": rung.action}
        row.steps_taken = [*getattr(row, "steps_taken", ()), facts]
        return cls(deadline=row, outcome=outcome, due_at=due_at, at=at, **facts)
