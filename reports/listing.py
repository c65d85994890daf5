"""The figures of a school to take along: what the page tells, and nothing where it tells nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter

from django.utils.translation import gettext as _

from foundation.tables import Column, Table
from reports.statistics import Statistics
from reports.told import Told


@dataclass(frozen=True)
class Row:
    """One line of a table of figures; None where nothing is told."""

    part: str
    name: str
    reported: int | None = None
    solved: int | None = None
    open: int | None = None
    response_usual: timedelta | None = None
    response_most: timedelta | None = None
    solution_usual: timedelta | None = None
    solution_most: timedelta | None = None
    first_level: float | None = None
    kept: float | None = None
    satisfied: float | None = None
    answers: int | None = None
    without_small: frozenset[str] = frozenset()


def row_of(part: str, name: str, told: Told) -> Row:
    """Return all that may be told of a period."""
    return Row(
        part,
        name,
        reported=told.figures.reported,
        solved=told.figures.solved,
        open=told.figures.open,
        response_usual=told.response.usual,
        response_most=told.response.most,
        solution_usual=told.solution.usual,
        solution_most=told.solution.most,
        first_level=told.first_level.value,
        kept=told.kept.value,
        satisfied=told.satisfied.value,
        answers=told.satisfied.number or None,
        without_small=told.without_small,
    )


def columns() -> list[Column]:
    """Return the columns of every table of figures; times are in whole minutes of service time."""
    return [
        Column(_("part"), attrgetter("part")),
        Column(_("name"), attrgetter("name")),
        Column(_("reported"), attrgetter("reported")),
        Column(_("solved"), attrgetter("solved")),
        Column(_("still open"), attrgetter("open")),
        Column(_("first response, usually (minutes of service time)"), lambda row: _minutes(row.response_usual)),
        Column(_("first response, nine of ten within (minutes)"), lambda row: _minutes(row.response_most)),
        Column(_("solution, usually (minutes of service time)"), lambda row: _minutes(row.solution_usual)),
        Column(_("solution, nine of ten within (minutes)"), lambda row: _minutes(row.solution_most)),
        Column(_("solved by the first level (%)"), lambda row: _percent(row.first_level)),
        Column(_("deadlines kept (%)"), lambda row: _percent(row.kept)),
        Column(_("satisfied (%)"), lambda row: _percent(row.satisfied)),
        Column(_("answers about the help"), attrgetter("answers")),
    ]


def listing_of_school(statistics: Statistics) -> Table:
    """Return the period, the year before, the other schools, and the months, kinds and rooms of a school."""
    rows = list(_rows(statistics))
    title = f"{_('Statistics')} {statistics.school.number} {statistics.period.name}"
    return Table("statistics", title, columns(), rows, len(rows), statistics.asked)


def _rows(statistics: Statistics) -> Iterator[Row]:
    for told in (statistics.told, statistics.before):
        yield row_of(_("period"), told.period.label, told)
    others = statistics.others
    yield Row(
        _("other schools"),
        statistics.school.get_form_display(),
        response_usual=others.response,
        solution_usual=others.solution,
        first_level=others.first_level,
        kept=others.kept,
        satisfied=others.satisfied,
    )
    for month, figures in statistics.by_month:
        yield Row(_("month"), month.label, figures.reported, figures.solved, figures.open)
    for part, groups in ((_("kind"), statistics.kinds), (_("room"), statistics.rooms)):
        for group in groups:
            yield Row(part, group.name or _("all others"), group.number, solution_usual=group.usual)


def _minutes(length: timedelta | None) -> int | None:
    """Return whole minutes, a started one counting, as the page tells them."""
    return None if length is None else -(-length // timedelta(minutes=1))


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)
