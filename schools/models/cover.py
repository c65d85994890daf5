from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campuses.models import Absence
from foundation.periods import DayPeriod, no_overlap

from .school import School


class Cover(DayPeriod):
    """Who stands in at one school while the campus manager is absent."""

    absence = models.ForeignKey(Absence, models.CASCADE, related_name="covers", verbose_name=_("absence"))
    school = models.ForeignKey(School, models.CASCADE, related_name="covers", verbose_name=_("school"))
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="covers", verbose_name=_("substitute")
    )

    class Meta:
        verbose_name = _("cover")
        verbose_name_plural = _("covers")
        constraints = [
            *DayPeriod.Meta.constraints,
            no_overlap(
                "absence",
                "school",
                name="one_substitute_a_school_and_absence",
                message=_("Somebody already covers this school in that period."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}: {self.substitute}"
