from datetime import date
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calendars.models import BusinessCalendar
from campuses.models import Campus
from foundation.sorting import german_sort_key

#: Shown wherever school data is displayed or exported; the licences ask for it.
ATTRIBUTION = (
    "Schuldaten: Ministerium für Schule und Bildung NRW und IT.NRW, dl-de/by-2-0; "
    "Stadtbezirke: © OpenStreetMap-Mitwirkende, ODbL; Ferien: OpenHolidays, ODbL"
)


class SchoolQuerySet(models.QuerySet):
    def visible_to(self, viewer) -> Self:
        """Limit to the schools the viewer belongs to, looks after or covers; city-wide roles see all."""
        if viewer.sees_all_schools:
            return self.all()
        if not viewer.has_schools:
            return self.none()
        return self.filter(Q(pk__in=viewer.member_schools | viewer.covered_schools) | Q(campus__in=viewer.campuses))

    def unattended(self, roster) -> Self:
        """Limit to the schools nobody is on duty for; these land with the coordinator."""
        return self.exclude(Q(campus__in=roster.attended_campuses) | Q(pk__in=roster.attended_schools))

    def running(self, day: date) -> Self:
        return self.filter(Q(opened_on=None) | Q(opened_on__lte=day), Q(closes_on=None) | Q(closes_on__gte=day))

    def alphabetical(self) -> Self:
        return self.order_by("sort_key", "number")


class School(models.Model):
    """A municipal school. Its number is the official key and stable over the years."""

    class Form(models.TextChoices):
        """The eight school forms of the annual report; an unknown key of the register becomes OTHER."""

        PRIMARY = "grundschule", _("Primary school")
        GYMNASIUM = "gymnasium", _("Grammar school")
        REALSCHULE = "realschule", _("Intermediate school")
        HAUPTSCHULE = "hauptschule", _("Secondary modern school")
        COMPREHENSIVE = "gesamtschule", _("Comprehensive school")
        SPECIAL = "foerderschule", _("Special needs school")
        VOCATIONAL = "berufskolleg", _("Vocational college")
        ADULT = "weiterbildungskolleg", _("Adult education college")
        OTHER = "other", _("Other school form")

    class SupportType(models.TextChoices):
        FULL = "full", _("Full support")
        ON_SITE = "on_site", _("On-site support")
        OWN = "own", _("Own responsibility")

    number = models.CharField(
        _("school number"),
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^\d{6}$", _("A school number has six digits."))],
    )
    name = models.CharField(_("name"), max_length=120)
    official_name = models.CharField(_("official name"), max_length=200, blank=True)
    form = models.CharField(_("school form"), max_length=24, choices=Form)
    form_key = models.CharField(_("key of the school form"), max_length=4, blank=True)
    focus = models.CharField(_("focus of support"), max_length=120, blank=True)
    support_type = models.CharField(_("support type"), max_length=12, choices=SupportType, default=SupportType.FULL)
    campus = models.ForeignKey(
        Campus, models.PROTECT, null=True, blank=True, related_name="schools", verbose_name=_("campus")
    )
    calendar = models.ForeignKey(
        BusinessCalendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service hours"),
        help_text=_("Empty: the default service hours."),
    )
    street = models.CharField(_("street"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    website = models.URLField(_("website"), max_length=200, blank=True)
    students = models.PositiveIntegerField(_("pupils"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    demo_facts = models.BooleanField(
        _("demo assignment"),
        default=False,
        help_text=_("Support type and technical facts are invented for the demo."),
    )
    sort_key = german_sort_key("name")

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        constraints = [
            models.CheckConstraint(
                name="school_closes_after_it_opened",
                condition=Q(opened_on=None) | Q(closes_on=None) | Q(closes_on__gte=models.F("opened_on")),
            ),
        ]
        indexes = [models.Index(fields=["campus", "sort_key"], name="schools_of_a_campus")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("school", args=[self.number])

    @property
    def address(self) -> str:
        return ", ".join(filter(None, [self.street, f"{self.postal_code} {self.city}".strip()]))


class MovableDay(models.Model):
    """A school-free day that one school has set for itself; counts as that school's holiday."""

    school = models.ForeignKey(School, models.CASCADE, related_name="movable_days", verbose_name=_("school"))
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("movable holiday")
        verbose_name_plural = _("movable holidays")
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="one_movable_day_a_school_and_date")]

    def __str__(self) -> str:
        return f"{self.school}: {self.day}"
