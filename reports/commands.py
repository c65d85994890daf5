"""Figures to take along, as a table and on paper; that somebody took them is kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import commands as accounts
from accounts.models import AccountEvent, User
from foundation.tables import csv_lines
from reports.paper import paper_of
from reports.statistics import Statistics
from reports.told import Told


@transaction.atomic
def export_statistics(*, statistics: Statistics, by: User, at: datetime) -> Iterator[str]:
    """Return the figures of a page line by line as CSV: the same ones, and nothing where the page tells nothing."""
    rows = list(_table(statistics))
    facts = {"what": "statistics", "rows": len(rows) - 1, "asked": _asked(statistics)}
    accounts.record(AccountEvent.Verb.EXPORTED, person=by, by=by, at=at, **facts)
    return csv_lines(rows)


def print_statistics(*, statistics: Statistics, by: User, at: datetime) -> bytes:
    """Return the figures of a page as one page of PDF. Raises foundation.typesetting.TypesettingFailed."""
    paper = paper_of(statistics, at)
    with transaction.atomic():
        facts = {"what": "statistics-paper", "asked": _asked(statistics)}
        accounts.record(AccountEvent.Verb.EXPORTED, person=by, by=by, at=at, **facts)
    return paper


def _asked(statistics: Statistics) -> dict[str, str]:
    """Return of which school and period figures were taken."""
    return {"school": statistics.school.number, "period": statistics.period.name}


def _table(statistics: Statistics) -> Iterator[list]:
    yield [
        _("part"),
        _("name"),
        _("reported"),
        _("solved"),
        _("still open"),
        _("first response, usually (minutes of service time)"),
        _("first response, nine of ten within (minutes)"),
        _("solution, usually (minutes of service time)"),
        _("solution, nine of ten within (minutes)"),
        _("solved by the first level (%)"),
        _("deadlines kept (%)"),
        _("satisfied (%)"),
        _("answers about the help"),
    ]
    yield _period(statistics.told)
    yield _period(statistics.before)
    others = statistics.others
    usual = [_minutes(others.response), None, _minutes(others.solution), None]
    shares = [_percent(others.first_level), _percent(others.kept), _percent(others.satisfied), None]
    yield [_("other schools"), statistics.school.get_form_display(), None, None, None, *usual, *shares]
    for month, figures in statistics.by_month:
        yield [_("month"), month.label, figures.reported, figures.solved, figures.open, *[None] * 8]
    for part, groups in ((_("kind"), statistics.kinds), (_("room"), statistics.rooms)):
        for group in groups:
            usual = [None, None, _minutes(group.usual), None]
            yield [part, group.name or _("all others"), group.number, None, None, *usual, *[None] * 4]


def _period(told: Told) -> list:
    figures = told.figures
    times = [told.response.usual, told.response.most, told.solution.usual, told.solution.most]
    shares = [told.first_level.value, told.kept.value, told.satisfied.value]
    return [
        _("period"),
        told.period.label,
        figures.reported,
        figures.solved,
        figures.open,
        *map(_minutes, times),
        *map(_percent, shares),
        told.satisfied.number or None,
    ]


def _minutes(length: timedelta | None) -> int | None:
    """Return whole minutes, a started one counting, as the page tells them."""
    return None if length is None else -(-length // timedelta(minutes=1))


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)
