from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.periods import DayPeriod, no_overlap
from foundation.sorting import german_sort_key


class CampusQuerySet(models.QuerySet):
    def visible_to(self, viewer) -> Self:
        """Everybody who is signed in may know the campuses; who works there is told by the roster."""
        return self.all() if viewer.person.is_active else self.none()


class Campus(models.Model):
    """A group of schools that one campus manager looks after."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    note = models.CharField(
        _("note"),
        max_length=200,
        blank=True,
        help_text=_("Where this grouping comes from, if it is not the city's."),
    )
    sort_key = german_sort_key("name")

    objects = CampusQuerySet.as_manager()

    class Meta:
        verbose_name = _("campus")
        verbose_name_plural = _("campuses")

    def __str__(self) -> str:
        return self.name


class CampusAssignment(DayPeriod):
    """The campus manager of one campus, for a period. One manager a campus at a time."""

    campus = models.ForeignKey(Campus, models.PROTECT, related_name="assignments", verbose_name=_("campus"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="campus_assignments", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("campus assignment")
        verbose_name_plural = _("campus assignments")
        constraints = [
            *DayPeriod.Meta.constraints,
            no_overlap(
                "campus",
                name="one_manager_a_campus_at_a_time",
                message=_(
                    "Somebody already looks after this campus in that period. "
                    "End the other assignment first, or choose another period."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campus}: {self.person}"


class Absence(DayPeriod):
    """Days on which a campus manager is away. The reason is nobody's business and is not stored."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            *DayPeriod.Meta.constraints,
            no_overlap(
                "person",
                name="absences_of_a_person_do_not_overlap",
                message=_("This person is already entered as absent on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.starts_on} – {self.ends_on or '…'}"
