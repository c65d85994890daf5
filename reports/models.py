"""The read model of figures: what was counted for each period, and what has changed since. Nothing personal is in it.

It can be thrown away and counted anew at any time (`manage.py rebuild_figures`). Why it is kept so: ADR 12.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Min, Q
from django.db.models.functions import Now

from reports.annual.models import ImportedFigure  # noqa: F401  models are found here
from reports.arithmetic import STEPS, Figures, Share, Times
from reports.periods import Period
from schools.models import School


class Scope(models.TextChoices):
    """What a row is about. The parts of each add up to the city: what belongs to no part has the key ""."""

    SCHOOL = "school"  # key: the school's primary key
    CAMPUS = "campus"  # the primary key of the campus at which it was reported
    FORM = "form"  # that of the school today
    DISTRICT = "district"  # that of the school today
    CATEGORY = "category"  # its primary key
    CITY = "city"


#: The city is counted every few minutes; a change it has not known for so long has been forgotten.
CITY_LATE = timedelta(minutes=15)
#: The scopes that are counted for all schools together.
OF_THE_CITY = tuple(scope for scope in Scope if scope != Scope.SCHOOL)


class Group(NamedTuple):
    """A kind or a room in a period: how many reports, how many of them with a solution time, and the usual one."""

    number: int = 0
    solved_number: int = 0
    usual: timedelta | None = None

    @classmethod
    def of(cls, row: list) -> "Group":
        """Return the group as it is kept. Raises TypeError or ValueError where it is none."""
        number, solved_number, usual, *_answers = row  # an earlier version wrote how many answers there were
        return cls(number, solved_number, None if usual is None else timedelta(seconds=usual))


class PeriodFiguresQuerySet(models.QuerySet):
    def of_school(self, school: School) -> Self:
        return self.filter(scope=Scope.SCHOOL, key=str(school.pk))

    def in_years(self, years: Iterable[Period]) -> Self:
        """Limit to these school years, with their halves and months."""
        inside = Q()
        for year in years:
            inside |= Q(first__gte=year.first, first__lt=year.ends)
        return self.filter(inside)

    def without_groups(self) -> Self:
        """Leave kinds and rooms where they are."""
        return self.defer("kinds", "rooms")

    def over(self, *periods: Period) -> Self:
        """Limit to the rows of exactly these periods."""
        exactly = Q()
        for period in periods:
            exactly |= Q(first=period.first, months=period.months)
        return self.filter(exactly)


class PeriodFigures(models.Model):
    """What everything reported in a period comes to, for one school or one part of the city.

    There is a row for each period in which something was reported; where there is none, nothing was. Kinds and rooms
    are those of school rows: the primary key of the category or room, "" for no room, and its Group as an array, the
    usual time in seconds.
    """

    scope = models.CharField(max_length=8, choices=Scope)
    key = models.CharField(max_length=60, blank=True)
    first = models.DateField()
    months = models.PositiveSmallIntegerField()
    reported = models.IntegerField(default=0)
    solved = models.IntegerField(default=0)
    open = models.IntegerField(default=0)
    responded_number = models.IntegerField(default=0)
    responded_usual = models.DurationField(null=True)
    responded_most = models.DurationField(null=True)
    solved_number = models.IntegerField(default=0)
    solved_usual = models.DurationField(null=True)
    solved_most = models.DurationField(null=True)
    solved_within = ArrayField(models.IntegerField(), size=len(STEPS), default=list)
    first_level_part = models.IntegerField(default=0)
    kept_part = models.IntegerField(default=0)
    kept_number = models.IntegerField(default=0)
    # With a default in the database: a version that does not know them goes on writing rows.
    satisfied_part = models.IntegerField(default=0, db_default=0)
    answered_number = models.IntegerField(default=0, db_default=0)
    kinds = models.JSONField(default=dict)
    rooms = models.JSONField(default=dict)
    as_of = models.DateTimeField()

    objects = PeriodFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = "figures of a period"
        verbose_name_plural = "figures of periods"
        constraints = [
            models.UniqueConstraint(fields=["scope", "key", "first", "months"], name="figures_are_there_once"),
        ]
        indexes = [
            models.Index(fields=["scope", "first", "months", "key"], name="figures_of_all_in_a_period"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}: {self.period.name}"

    @property
    def period(self) -> Period:
        return Period(self.first, self.months)

    @property
    def figures(self) -> Figures:
        """The figures as pages know them."""
        within = tuple(count / self.solved_number for count in self.solved_within) if self.solved_number else ()
        return Figures(
            reported=self.reported,
            solved=self.solved,
            open=self.open,
            response=Times(self.responded_number, self.responded_usual, self.responded_most),
            solution=Times(self.solved_number, self.solved_usual, self.solved_most, within),
            first_level=Share(self.first_level_part, self.solved),
            kept=Share(self.kept_part, self.kept_number),
            satisfied=Share(self.satisfied_part, self.answered_number),
        )

    @property
    def by_kind(self) -> dict[int, Group]:
        return {int(key): Group.of(row) for key, row in self.kinds.items()}

    @property
    def by_room(self) -> dict[int | None, Group]:
        return {int(key) if key else None: Group.of(row) for key, row in self.rooms.items()}


class StaleMonthQuerySet(models.QuerySet):
    def due(self, at: datetime) -> Self:
        """Limit to the changes the keeper counts with its next round."""
        return self.filter(Q(school__isnull=False) | Q(marked_at__lte=at - CITY_LATE))

    def of_school(self, school: School) -> Self:
        return self.filter(school=school)

    def within(self, period: Period) -> Self:
        return self.filter(month__gte=period.first, month__lt=period.ends)

    def waiting_since(self) -> datetime | None:
        """Return since when the oldest of these changes has waited; None where all is counted."""
        return self.aggregate(oldest=Min("marked_at"))["oldest"]


class StaleMonth(models.Model):
    """A mark: something reported in a month has changed, and its figures have not been counted since.

    Triggers of PostgreSQL leave marks in the transaction of the change, by whatever door it came. There may be many of
    the same month: so nobody waits for anybody. The keeper takes them away together with what it has counted. Without
    a school it is a mark of a whole school year for the scopes of the city, left by the keeper.
    """

    # No foreign key in the database: leaving a mark shall neither lock nor ask for the school.
    school = models.ForeignKey(School, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    month = models.DateField()  # its first day
    marked_at = models.DateTimeField(db_default=Now())

    objects = StaleMonthQuerySet.as_manager()

    class Meta:
        verbose_name = "month to be counted anew"
        verbose_name_plural = "months to be counted anew"
        indexes = [
            models.Index(fields=["school", "marked_at"], name="marks_of_a_school_by_age"),
            models.Index(fields=["marked_at"], condition=Q(school__isnull=False), name="changes_to_count"),
        ]

    def __str__(self) -> str:
        return f"{self.school_id or 'city'}: {self.month:%Y-%m}"
