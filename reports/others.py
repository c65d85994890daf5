"""What is usual at the other schools of a form."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from statistics import median

from django.db.models import TextField
from django.db.models.functions import Cast

from reports.arithmetic import Figures
from reports.discretion import levels, may_tell_figure
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

    A school counts with each figure its own page tells; below OTHER_SCHOOLS of them there is none. One statement.
    """
    others = School.objects.filter(form=school.form).exclude(pk=school.pk).values(key=Cast("pk", TextField()))
    rows = PeriodFigures.objects.filter(scope=Scope.SCHOOL, key__in=others).without_groups()
    by_school: dict[str, dict[Period, Figures]] = defaultdict(lambda: defaultdict(Figures))
    for row in rows.over(*chain.from_iterable(levels(period))):
        by_school[row.key][row.period] = row.figures

    def told(name: str) -> list:
        """Return the times or shares of the schools that tell them."""
        telling = [of for of in by_school.values() if may_tell_figure(period, of.__getitem__, name)]
        return [getattr(of[period], name) for of in telling]

    return FormMedians(
        response=_median(times.usual for times in told("response")),
        solution=_median(times.usual for times in told("solution")),
        first_level=_median(share.value for share in told("first_level")),
        kept=_median(share.value for share in told("kept")),
        satisfied=_median(share.value for share in told("satisfied")),
    )


def _median(values: Iterable):
    known = list(values)
    return median(known) if len(known) >= OTHER_SCHOOLS else None
