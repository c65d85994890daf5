"""The figures of the city to take along: what the page tells, and nothing where it tells nothing."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _

from foundation.tables import Column, Table
from reports.city.pages import CityPage, Line, Page, PartPage
from reports.city.parts import By
from reports.told import Told

Row = tuple[str, Line]  # what kind of line, and the line


def listing_of_city(page: CityPage) -> Table:
    """Return the period, the year before, school years and months, and all parts of the city."""
    rows = [*_periods(page), *((_("school year"), line) for line in page.by_year)]
    rows += _months(page)
    for by, name in {
        By.CAMPUS: _("campus"),
        By.FORM: _("school form"),
        By.DISTRICT: _("district"),
        By.CATEGORY: _("kind"),
    }.items():
        rows += [(name, line) for line in page.lines_by(by)]
    return _table("city", _("Statistics of the city"), page, rows)


def listing_of_part(page: PartPage) -> Table:
    """Return the period, the year before, the months, and the schools of a part."""
    rows = [*_periods(page), *_months(page), *((_("school"), line) for line in page.lines)]
    return _table(f"city {page.by.value}", _("Statistics %(name)s") % {"name": page.part.title}, page, rows)


def _periods(page: Page) -> Iterator[Row]:
    for told in (page.told, page.before):
        yield _("period"), Line(told.period.label, told)


def _months(page: Page) -> Iterator[Row]:
    for line in page.months_told:
        yield _("month"), line


def _table(what: str, title: str, page: Page, rows: list[Row]) -> Table:
    def of(get):
        return lambda row: get(row[1].told)

    columns = [
        Column(_("part"), lambda row: row[0]),
        Column(_("name"), lambda row: row[1].name),
        Column(_("reported"), of(lambda told: told.figures.reported)),
        Column(_("solved"), of(lambda told: told.figures.solved)),
        Column(_("still open"), of(lambda told: told.figures.open)),
        Column(_("first response, usually (minutes of service time)"), of(lambda told: _minutes(told.response.usual))),
        Column(_("first response, nine of ten within (minutes)"), of(lambda told: _minutes(told.response.most))),
        Column(_("solution, usually (minutes of service time)"), of(lambda told: _minutes(told.solution.usual))),
        Column(_("solution, nine of ten within (minutes)"), of(lambda told: _minutes(told.solution.most))),
        Column(_("solved by the first level (%)"), of(lambda told: _percent(told.first_level.value))),
        Column(_("deadlines kept (%)"), of(lambda told: _percent(told.kept.value))),
        Column(_("satisfied (%)"), of(lambda told: _percent(told.satisfied.value))),
        Column(_("answers about the help"), of(lambda told: told.satisfied.number or None)),
        Column(_("without small schools"), of(_without_small)),
    ]
    return Table(f"figures of the {what}", f"{title} {page.period.name}", columns, rows, len(rows), _asked(page))


def _asked(page: Page) -> dict[str, str]:
    part = {"part": page.part.slug} if isinstance(page, PartPage) else {}
    return {"period": page.period.name, **part}


def _minutes(length: timedelta | None) -> int | None:
    """Return whole minutes, a started one counting, as the page tells them."""
    return None if length is None else -(-length // timedelta(minutes=1))


def _without_small(told: Told) -> str | None:
    """Name the shares of the line that leave small schools out."""
    names = {
        "first_level": _("First level"),
        "kept": _("Deadlines kept"),
        "satisfied": _("Satisfied"),
    }
    return ", ".join(title for name, title in names.items() if name in told.without_small) or None


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)
