"""What is usual at the other schools of a form."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import TextField
from django.db.models.functions import Cast

from reports.discretion import LEAST
from reports.models import PeriodFigures, Scope
from reports.periods import Period
from schools.models import School

OTHER_SCHOOLS = 5  # as many others of its form a school is compared with at least


@dataclass(frozen=True)
class FormMedians:
    """What is usual at the other schools of a form; None where too few of them may tell."""

    response: timedelta | None = None
    solution: timedelta | None = None
    first_level: float | None = None
    kept: float | None = None
    satisfied: float | None = None


def form_medians(school: School, period: Period) -> FormMedians:
    """Return what is usual at the other schools of a school's form: the median of them, each counting once.

    A school counts with each figure it may tell itself; below OTHER_SCHOOLS of them there is none.
    """
    others = School.objects.filter(form=school.form).exclude(pk=school.pk).values(key=Cast("pk", TextField()))
    rows = PeriodFigures.objects.filter(scope=Scope.SCHOOL, key__in=others).over(period).without_groups()
    told = [row.figures for row in rows]
    return FormMedians(
        response=_median(each.response.usual for each in told if each.response.number >= LEAST),
        solution=_median(each.solution.usual for each in told if each.solution.number >= LEAST),
        first_level=_median(each.first_level.value for each in told if each.first_level.number >= LEAST),
        kept=_median(each.kept.value for each in told if each.kept.number >= LEAST),
        satisfied=_median(each.satisfied.value for each in told if each.satisfied.number >= LEAST),
    )


def _median(values: Iterable):
    known = list(values)
    return median(known) if len(known) >= OTHER_SCHOOLS else None
