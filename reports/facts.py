"""Reads what figures are made of. No column that names or points at a person is read here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Aggregate, Count, DurationField, F, FilteredRelation, Min, Q, QuerySet

from foundation.berlin import berlin_day, start_of_day
from reports.arithmetic import Fact
from reports.discretion import LEAST
from reports.models import Scope
from reports.periods import Period
from schools.models import School
from tickets.lifecycle import OPEN
from tickets.models import Deadline, Ticket

OTHER_SCHOOLS = 5  # as many others of its form a school is compared with at least
COLUMNS = (
    "created_at",
    "category",
    "room",
    "status",
    "resolved_at",
    "first_escalated_at",
    "responded_in",
    "solved_in",
    "solution_met_at",
    "solution_missed_at",
    "solution_ended_at",
)


@dataclass(frozen=True)
class FormMedians:
    """What is usual at the other schools of a form; None where too few of them may tell."""

    response: timedelta | None = None
    solution: timedelta | None = None
    first_level: float | None = None
    kept: float | None = None


class Percentile(Aggregate):
    """The value below which half of the others lie, as PERCENTILE_CONT counts it."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def facts_of(school: School, periods: Iterable[Period], at: datetime) -> list[Fact]:
    """Return the facts of everything reported for a school from the first of these periods to the last."""
    periods = list(periods)
    first, ends = min(period.first for period in periods), max(period.ends for period in periods)
    return [_fact(*row) for row in _with_clocks(_reported(first, ends).filter(school=school)).values_list(*COLUMNS)]


def facts_by_part(year: Period, school: School | None = None) -> Iterator[tuple[dict[Scope, str], Fact]]:
    """Yield the facts of a school year, of one school or all, with the part of each scope they belong to."""
    reported = _reported(year.first, year.ends)
    if school is not None:
        reported = reported.filter(school=school)
    rows = _with_clocks(reported).values_list("school", "campus", "school__form", "school__district", *COLUMNS)
    for of, campus, form, district, *columns in rows.iterator():
        fact = _fact(*columns)
        keys = (str(of), "" if campus is None else str(campus), form, district, str(fact.category), "")
        yield dict(zip(Scope, keys, strict=True)), fact


def first_day_of(school: School) -> date | None:
    """Return the day of the first report for a school that counts."""
    first = Ticket.objects.counted().filter(school=school).aggregate(first=Min("created_at"))["first"]
    return first and berlin_day(first)


def form_medians(school: School, period: Period, at: datetime) -> FormMedians:
    """Return what is usual at the other schools of a school's form: the median of them, each counting once.

    A school counts with each figure it may tell itself; below OTHER_SCHOOLS of them there is none.
    """
    solved = Q(resolved_at__isnull=False)
    met = Q(solution_ended_at=None, solution_met_at__isnull=False)
    overdue = Q(solution_ended_at=None, solution_met_at=None, solution_missed_at__isnull=False)
    others = _reported(period.first, period.ends).filter(school__form=school.form).exclude(school=school)
    rows = list(
        _with_clocks(others)
        .values("school")
        .order_by("school")
        .annotate(
            responses=Count("responded_in"),
            response=Percentile("responded_in"),
            solutions=Count("solved_in", filter=solved),
            solution=Percentile("solved_in", filter=solved),
            solved=Count("pk", filter=solved),
            first_level=Count("pk", filter=solved & Q(first_escalated_at=None)),
            decided=Count("pk", filter=met | overdue),
            kept=Count("pk", filter=met & Q(solution_missed_at=None)),
        )
    )
    return FormMedians(
        response=_median(row["response"] for row in rows if row["responses"] >= LEAST),
        solution=_median(row["solution"] for row in rows if row["solutions"] >= LEAST),
        first_level=_median(row["first_level"] / row["solved"] for row in rows if row["solved"] >= LEAST),
        kept=_median(row["kept"] / row["decided"] for row in rows if row["decided"] >= LEAST),
    )


def _median(values: Iterable):
    known = list(values)
    return median(known) if len(known) >= OTHER_SCHOOLS else None


def _reported(first: date, ends: date) -> QuerySet[Ticket]:
    begins, until = start_of_day(first), start_of_day(ends)
    return Ticket.objects.counted().filter(created_at__gte=begins, created_at__lt=until)


def _with_clocks(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    kinds = Deadline.Kind
    return tickets.alias(
        _first=FilteredRelation("deadlines", condition=Q(deadlines__kind=kinds.FIRST_RESPONSE)),
        _solution=FilteredRelation("deadlines", condition=Q(deadlines__kind=kinds.RESOLUTION)),
    ).annotate(
        responded_in=F("_first__used"),
        solved_in=F("_solution__used"),
        solution_met_at=F("_solution__met_at"),
        solution_missed_at=F("_solution__missed_at"),
        solution_ended_at=F("_solution__ended_at"),
    )


def _fact(created, category, room, status, resolved, escalated, responded_in, solved_in, met, missed, ended):
    return Fact(
        month=berlin_day(created).replace(day=1),
        category=category,
        room=room,
        is_solved=resolved is not None,
        is_open=status in OPEN,
        at_first_level=escalated is None,
        responded_in=responded_in,
        solved_in=solved_in,
        kept=_kept(met, missed, ended),
    )


def _kept(met, missed, ended) -> bool | None:
    """Return whether the promise of a solution was kept.

    None while it may still be, and where it ended uncounted. That it was missed is known once the clock says so, not
    when somebody looks: so figures stay true however old they are.
    """
    if ended is not None:
        return None
    if met is not None:
        return missed is None
    return False if missed is not None else None
