"""Reads what figures are made of. No column that names or points at a person is read here."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.db.models import F, FilteredRelation, Q, QuerySet

from foundation.berlin import berlin_day, start_of_day
from reports.arithmetic import ANSWERS_AT_ONCE, Fact
from reports.models import Scope
from reports.periods import Period
from schools.models import School
from tickets.lifecycle import OPEN
from tickets.models import Deadline, Rating, Ticket

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


def facts_by_part(year: Period, school: School | None = None) -> Iterator[tuple[dict[Scope, str], Fact]]:
    """Yield the facts of a school year, of one school or all, with the part of each scope they belong to."""
    reported = _reported(year.first, year.ends)
    if school is not None:
        reported = reported.filter(school=school)
    answers = _answers(reported)
    rows = _with_clocks(reported).values_list("pk", "school", "campus", "school__form", "school__district", *COLUMNS)
    for pk, of, campus, form, district, *columns in rows.iterator():
        fact = _fact(*columns, answers.get(pk))
        keys = (str(of), "" if campus is None else str(campus), form, district, str(fact.category), "")
        yield dict(zip(Scope, keys, strict=True)), fact


def _reported(first: date, ends: date) -> QuerySet[Ticket]:
    begins, until = start_of_day(first), start_of_day(ends)
    return Ticket.objects.counted().filter(created_at__gte=begins, created_at__lt=until)


def _answers(tickets: QuerySet[Ticket]) -> dict[int, str]:
    """Return the answers that are told, by their report: of each school the first ones that make whole steps."""
    given = Rating.objects.filter(ticket__in=tickets).order_by("ticket__school", "at", "ticket")
    told = {}
    for _school, rows in groupby(given.values_list("ticket__school", "ticket", "value"), key=itemgetter(0)):
        answers = [(ticket, value) for _of, ticket, value in rows]
        told |= answers[: len(answers) // ANSWERS_AT_ONCE * ANSWERS_AT_ONCE]
    return told


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


def _fact(created, category, room, status, resolved, escalated, responded_in, solved_in, met, missed, ended, answer):
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
        satisfied=None if answer is None else answer == Rating.Value.GOOD,
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
