"""Roles for the whole city, held from one day to another."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.periods import DayPeriod, DayPeriodQuerySet, no_overlap


class Role(models.TextChoices):
    HELPDESK = "helpdesk", _("Central helpdesk")
    COORDINATOR = "coordinator", _("Coordination")
    CITY_READER = "city_reader", _("City")
    ADMINISTRATOR = "administrator", _("Administration")


class CityRoleQuerySet(DayPeriodQuerySet):
    """Questions about who holds what."""

    def for_person(self, person, *, on: date):
        """Limit to the roles the person holds on this day; somebody who may not sign in holds none."""
        return self.on(on).filter(person=person, person__is_active=True)


class CityRole(DayPeriod):
    """One role of one person for the whole city. Granted and withdrawn by the commands only."""

    Role = Role

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="city_roles", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    objects = CityRoleQuerySet.as_manager()

    class Meta(DayPeriod.Meta):
        verbose_name = _("role for the city")
        verbose_name_plural = _("roles for the city")
        constraints = [
            *DayPeriod.Meta.constraints,
            no_overlap(
                "person",
                "role",
                name="one_city_role_at_a_time",
                message=_("This person already holds this role on some of these days."),
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="known_city_role"),
        ]

    def __str__(self):
        return f"{self.get_role_display()}: {self.person}"
