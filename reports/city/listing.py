"""The figures of the city to take along: what the page tells, and nothing where it tells nothing."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from foundation.tables import Column, Table
from reports.city.pages import CityPage, Page, PartPage
from reports.city.parts import By
from reports.listing import Row, columns, row_of


def listing_of_city(page: CityPage) -> Table:
    """Return the period, the year before, school years and months, and all parts of the city."""
    rows = [*_periods(page), *(row_of(_("school year"), line.name, line.told) for line in page.by_year)]
    rows += _months(page)
    for by, name in {
        By.CAMPUS: _("campus"),
        By.FORM: _("school form"),
        By.DISTRICT: _("district"),
        By.CATEGORY: _("kind"),
    }.items():
        rows += [row_of(name, line.name, line.told) for line in page.lines_by(by)]
    return _table("city", _("Statistics of the city"), page, rows, {})


def listing_of_part(page: PartPage) -> Table:
    """Return the period, the year before, the months, and the schools of a part."""
    schools = (row_of(_("school"), line.name, line.told) for line in page.lines)
    title = _("Statistics %(name)s") % {"name": page.part.title}
    rows = [*_periods(page), *_months(page), *schools]
    return _table(f"city {page.by.value}", title, page, rows, {"part": page.part.slug})


def _periods(page: Page) -> Iterator[Row]:
    return (row_of(_("period"), told.period.label, told) for told in (page.told, page.before))


def _months(page: Page) -> Iterator[Row]:
    return (row_of(_("month"), line.name, line.told) for line in page.months_told)


def _table(what: str, title: str, page: Page, rows: list[Row], part: dict[str, str]) -> Table:
    asked = {"period": page.period.name, **part}
    all_columns = [*columns(), Column(_("without small schools"), _without_small)]
    return Table(f"figures of the {what}", f"{title} {page.period.name}", all_columns, rows, len(rows), asked)


def _without_small(row: Row) -> str | None:
    """Name the shares of the line that leave small schools out."""
    names = {
        "first_level": _("First level"),
        "kept": _("Deadlines kept"),
        "satisfied": _("Satisfied"),
    }
    return ", ".join(title for name, title in names.items() if name in row.without_small) or None
