from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.periods import DayPeriod, no_overlap

from .school import School


class SchoolMembership(DayPeriod):
    """A person's role at one school, for a period. A person may hold several, at several schools."""

    class Role(models.TextChoices):
        TEACHER = "teacher", _("Teacher")
        CONTACT = "contact", _("IT contact of the school")
        HEAD = "head", _("School head")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="school_memberships", verbose_name=_("person")
    )
    school = models.ForeignKey(School, models.CASCADE, related_name="memberships", verbose_name=_("school"))
    role = models.CharField(_("role"), max_length=10, choices=Role)

    class Meta:
        verbose_name = _("role at a school")
        verbose_name_plural = _("roles at schools")
        constraints = [
            *DayPeriod.Meta.constraints,
            no_overlap(
                "person",
                "school",
                "role",
                name="one_role_of_a_kind_at_a_school",
                message=_("This person already has this role at this school in that period."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}, {self.school}"
