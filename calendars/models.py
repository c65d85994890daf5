"""Service calendars: opening hours per weekday, school holidays and days on which nobody is there."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Cast, Extract
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from calendars.business_time import MIDNIGHT, BusinessHours, ClosedBy, Closure, Source
from calendars.public_holidays import is_public_holiday, public_holiday_name
from foundation.berlin import BERLIN
from foundation.translated import Translated

LONGEST_HOLIDAYS = timedelta(days=92)


class BusinessCalendar(models.Model):
    """Service times that schools or the Systemhaus share. Public holidays of NRW are always closed."""

    class SchoolFreeRule(models.TextChoices):
        """What the calendar does in school holidays and on a school's movable days."""

        OPEN = "open", _("Open as on any other day")
        CLOSED = "closed", _("Closed all day")
        OWN_HOURS = "own_hours", _("Own hours")

    slug = models.SlugField(_("short name"), unique=True)
    name_de = models.CharField(_("name (German)"), max_length=100)
    name_en = models.CharField(_("name (English)"), max_length=100, blank=True)
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("Holds for every school without a calendar of its own.")
    )
    school_free_rule = models.CharField(
        _("on school-free days"), max_length=10, choices=SchoolFreeRule.choices, default=SchoolFreeRule.OPEN
    )

    version = models.PositiveIntegerField(
        _("version"), default=1, editable=False, help_text=_("Counts up when hours, closed days or the rule change.")
    )
    changed_at = models.DateTimeField(_("changed on"), null=True, blank=True, editable=False)

    name = Translated("name")
    zone = BERLIN

    class Meta:
        verbose_name = _("service calendar")
        verbose_name_plural = _("service calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="one_default_calendar",
                violation_error_message=_("There is already a default calendar. Unmark that one first."),
            ),
        ]

    def __str__(self):
        return self.name

    def hours(
        self,
        *,
        opening: Iterable["OpeningHours"],
        closed_days: Mapping[date, str] | None = None,
        school_free_days: Mapping[date, str] | None = None,
    ) -> BusinessHours:
        """Return when clocks run by these rows of the calendar, which `reading.hours_of` fetches.

        Days come with what they are called. Public holidays are named in the language of whoever asks.
        """
        closed_days, school_free_days = closed_days or {}, school_free_days or {}
        weeks = {applies: {} for applies in OpeningHours.Applies.values}
        for row in opening:
            weeks[row.applies].setdefault(row.weekday, []).append((row.opens, row.closes))
        rule, own_week = self.school_free_rule, weeks[OpeningHours.Applies.SCHOOL_FREE]

        def exceptions(day):
            if day in closed_days or is_public_holiday(day):
                return ()
            if rule == self.SchoolFreeRule.OPEN or day not in school_free_days:
                return None
            return () if rule == self.SchoolFreeRule.CLOSED else own_week.get(day.weekday(), ())

        def reasons(day):
            if day in closed_days:
                return Closure(ClosedBy.CLOSED_DAY, closed_days[day])
            if is_public_holiday(day):
                return Closure(ClosedBy.PUBLIC_HOLIDAY, public_holiday_name(day, get_language()))
            # Own hours leave a weekend a weekend; where all is closed, holidays are told as one.
            told = rule == self.SchoolFreeRule.CLOSED or (rule == self.SchoolFreeRule.OWN_HOURS and _is_weekday(day))
            if told and day in school_free_days:
                return Closure(ClosedBy.SCHOOL_FREE, school_free_days[day])
            return None

        source = Source(self.pk, self.name, self.version)
        return BusinessHours(weeks[OpeningHours.Applies.SCHOOL], self.zone, exceptions, reasons, source)


def _is_weekday(day: date) -> bool:
    return day.weekday() < OpeningHours.Weekday.SATURDAY


def _second_of_day(field):
    seconds = Cast(Extract(field, "epoch"), models.IntegerField())
    if field == "closes":
        return Case(When(closes=Value(MIDNIGHT), then=Value(24 * 3600)), default=seconds)
    return seconds


class OpeningHours(models.Model):
    """One period of one weekday; a day with a lunch break has two rows."""

    class Weekday(models.IntegerChoices):
        """As `date.weekday()` counts."""

        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    class Applies(models.TextChoices):
        """On which days the row holds. School-free rows count only under the rule "own hours"."""

        SCHOOL = "school", _("On school days")
        SCHOOL_FREE = "school_free", _("On school-free days")

    calendar = models.ForeignKey(
        BusinessCalendar, models.CASCADE, related_name="opening_hours", verbose_name=_("service calendar")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"), help_text=_("0:00 means the end of the day."))
    applies = models.CharField(_("applies"), max_length=11, choices=Applies.choices, default=Applies.SCHOOL)

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="opening_hours_have_a_weekday"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes=MIDNIGHT),
                name="opening_hours_close_after_opening",
                violation_error_message=_("The closing time lies before the opening time."),
            ),
            ExclusionConstraint(
                name="opening_hours_do_not_overlap",
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    ("applies", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (
                        Func(
                            _second_of_day("opens"),
                            _second_of_day("closes"),
                            function="int4range",
                            output_field=IntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                # No range can be built from times in the wrong order; the check above has a better sentence.
                condition=Q(closes__gt=F("opens")) | Q(closes=MIDNIGHT),
                violation_error_message=_("These hours overlap with others of the same weekday."),
            ),
        ]

    def __str__(self):
        opens, closes = time_format(self.opens, "H:i"), time_format(self.closes, "H:i")
        return f"{self.get_weekday_display()}, {opens}–{'24:00' if self.closes == MIDNIGHT else closes}"

    def clean(self):
        """Refuse fractions of a second: the ranges that must not overlap are whole seconds."""
        for field in ("opens", "closes"):
            value = getattr(self, field)
            if isinstance(value, time) and value.microsecond:
                raise ValidationError({field: _("Enter a time without fractions of a second.")})


class SchoolHoliday(models.Model):
    """School holidays of NRW, both days included; `import_school_holidays` fills them in."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    source = models.TextField(_("source"), blank=True)

    class Meta:
        verbose_name = _("school holidays")
        verbose_name_plural = _("school holidays")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="school_holidays_end_after_start",
                violation_error_message=_("The last day lies before the first day."),
            ),
            ExclusionConstraint(
                name="school_holidays_do_not_overlap",
                expressions=[
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("These holidays overlap with others."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """Refuse holidays that never end, by a wrong year: calendars that close in them would never open."""
        if self.starts_on and self.ends_on and self.ends_on - self.starts_on > LONGEST_HOLIDAYS:
            raise ValidationError({"ends_on": _("These holidays last more than three months. Check the year.")})


class ClosedDay(models.Model):
    """A single day on which a calendar is closed for a reason of its own, such as a staff outing."""

    calendar = models.ForeignKey(
        BusinessCalendar, models.CASCADE, related_name="closed_days", verbose_name=_("service calendar")
    )
    day = models.DateField(_("day"))
    name = models.CharField(_("reason"), max_length=100)

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day"],
                name="closed_day_once_a_calendar",
                violation_error_message=_("This day is already entered as closed."),
            ),
        ]

    def __str__(self):
        return f"{date_format(self.day, 'SHORT_DATE_FORMAT')} {self.name}"


class RecomputationQuerySet(models.QuerySet):
    def unfinished(self):
        """Limit to the recomputations that still have something to do, in the order they were asked for."""
        return self.filter(finished_at=None).order_by("pk")


class Recomputation(models.Model):
    """Somebody changed by what clocks run, so the due times of open reports have to be worked out anew.

    Asked for in the transaction of the change, done in the background in small steps. It lies on this floor because
    schools, calendars and promises ask for it, and none of them knows reports.
    """

    class Reason(models.TextChoices):
        POLICY = "policy", _("a promise was changed")
        CALENDAR = "calendar", _("service times were changed")
        HOLIDAYS = "holidays", _("school holidays were changed")
        SCHOOL = "school", _("a school was changed")
        UPGRADE = "upgrade", _("the program was brought up to date")

    reason = models.CharField(_("because"), max_length=8, choices=Reason)
    name = models.CharField(_("what was changed"), max_length=120, blank=True)
    school = models.BigIntegerField(null=True, blank=True, help_text=_("Only reports of this school."))
    leaves_past = models.BooleanField(
        default=False, help_text=_("Steps of the ladder that have passed already are noted, not taken.")
    )
    requested_at = models.DateTimeField(_("asked for at"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    total = models.PositiveIntegerField(_("reports"), null=True, blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    moved = models.PositiveIntegerField(_("due times that changed"), default=0)
    cursor = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=80, blank=True)

    objects = RecomputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recomputation")
        verbose_name_plural = _("recomputations")
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at=None), name="recomputations_to_do"),
        ]

    def __str__(self):
        return f"{self.get_reason_display()}: {self.name}" if self.name else self.get_reason_display()

    @property
    def percent(self) -> int:
        """How much of it is done, from 0 to 100."""
        if self.finished_at:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0
