"""Rows that hold from one day to another, both included; without an end they hold until further notice."""

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _


class DayPeriodQuerySet(models.QuerySet):
    """Questions about periods of Berlin days."""

    def on(self, day: date):
        """Limit to the rows that hold on this day."""
        return self.filter(holds_on(day))

    def overlapping(self, starts_on: date, ends_on: date | None):
        """Limit to the rows that hold on at least one day of the given period."""
        rows = self.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
        return rows if ends_on is None else rows.filter(starts_on__lte=ends_on)


def holds_on(day: date, prefix: str = "") -> Q:
    """Return the same condition for a query that reaches the rows through a relation (`prefix="cover__"`)."""
    open_end = Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gte": day})
    return Q(**{f"{prefix}starts_on__lte": day}) & open_end


class DayPeriod(models.Model):
    """A row with a first and perhaps a last day. A Meta of its own repeats `DayPeriod.Meta.constraints`."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day. Empty: until further notice.")
    )

    objects = DayPeriodQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day lies before the first day."),
            ),
        ]

    def clean(self):
        # Asked first, because PostgreSQL cannot even form the days of such a period to look for overlaps.
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day lies before the first day.")})

    def holds_on(self, day: date) -> bool:
        """Return whether the row holds on this day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    @property
    def days(self) -> dict[str, str | None]:
        """The first and the last day, as histories keep them."""
        return {
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
        }

    def enter(self) -> None:
        """Save the row with its days; raises ValidationError where they are none, or taken."""
        self.full_clean()
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            self.full_clean()  # taken by somebody else between the check and the save: now it is seen
            raise

    def end_before(self, day: date) -> None:
        """Let the row hold until the day before; one that begins on this day or later vanishes.

        Raises ValidationError where it has ended already.
        """
        if self.ends_on is not None and self.ends_on < day:
            raise ValidationError(_("This has already ended."))
        if self.starts_on >= day:
            self.delete()
        else:
            self.ends_on = day - timedelta(days=1)
            self.save(update_fields=["ends_on"])


def no_overlap(*same: str, name: str, message: str, condition: Q | None = None) -> ExclusionConstraint:
    """Return the constraint that of rows equal in `same` no two hold on one day; it needs btree_gist."""
    days = Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange", output_field=DateRangeField())
    return ExclusionConstraint(
        name=name,
        expressions=[*((field, RangeOperators.EQUAL) for field in same), (days, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=message,
    )
