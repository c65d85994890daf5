"""The teams of the Systemhaus and who works in them."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calendars.models import BusinessCalendar
from foundation.periods import DayPeriod, DayPeriodQuerySet, no_overlap
from foundation.translated import Translated


class TeamQuerySet(models.QuerySet):
    """Questions about teams."""

    def active(self):
        """Limit to the teams that take new work."""
        return self.filter(is_active=True)

    def for_person(self, person, *, on: date):
        """Limit to the teams the person works in on this day."""
        return self.filter(pk__in=TeamMembership.objects.for_person(person, on=on).values("team"))

    def in_order(self):
        """Sort as the administrators arranged them."""
        return self.order_by("order", "slug")


class Team(models.Model):
    """A team of the second level."""

    slug = models.SlugField(unique=True)
    name_de = models.CharField(_("German name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    calendar = models.ForeignKey(
        BusinessCalendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service hours"),
        help_text=_("Empty: the default service hours."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("takes new work"), default=True)

    name = Translated("name")
    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self):
        return self.name


class TeamMembershipQuerySet(DayPeriodQuerySet):
    """Questions about who works where."""

    def for_person(self, person, *, on: date):
        """Limit to the person's memberships of this day; somebody who may not sign in has none."""
        return self.on(on).filter(person=person, person__is_active=True)

    def leads(self, team, *, on: date):
        """Limit to the memberships of those who lead the team on this day."""
        return self.on(on).filter(team=team, is_lead=True, person__is_active=True)


class TeamMembership(DayPeriod):
    """A person works in a team. Written by the commands only."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="team_memberships", verbose_name=_("person")
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships", verbose_name=_("team"))
    is_lead = models.BooleanField(_("leads the team"), default=False)

    objects = TeamMembershipQuerySet.as_manager()

    class Meta(DayPeriod.Meta):
        verbose_name = _("team membership")
        verbose_name_plural = _("team memberships")
        constraints = [
            *DayPeriod.Meta.constraints,
            no_overlap(
                "person",
                "team",
                name="one_team_membership_at_a_time",
                message=_("This person already works in this team on some of these days."),
            ),
        ]

    def __str__(self):
        return f"{self.team}: {self.person}"
