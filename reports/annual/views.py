"""The annual tables, for the city and the coordination."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.views.exports import table_answer
from reports.annual.listing import listing_of
from reports.annual.sheets import CHANGE, FORMS, SHEETS, SUM
from reports.annual.tables import AnnualTable
from schools.permissions import require_city_figures


@login_required
@require_safe
def table(request, key):
    """Show a table of the annual report, counted today, beside the printed one."""
    return render(request, "reports/annual/table.html", {"table": _table(request, key), "area": key})


@login_required
@require_safe
def cell(request, key, row, column):
    """Show what a figure of a table is made of, school by school; 404 where there is no such figure."""
    found = _table(request, key)
    names = {**{form: form.label for form in FORMS}, SUM: None, CHANGE: None}
    shown = found.sheet.column(column)
    if row not in names or row == CHANGE or shown is None:
        raise Http404
    if found.number(row, shown) is None:
        raise Http404
    context = {
        "table": found,
        "area": key,
        "row_name": names[row],
        "column": shown,
        "number": found.number(row, shown),
        "schools": found.behind(row, shown),
        "sources": found.sources_of(row, shown),
    }
    return render(request, "reports/annual/cell.html", context)


@login_required
@require_POST
def export(request, key):
    """Hand out a table as CSV; that it was done is recorded."""
    return table_answer(request, listing_of(_table(request, key)))


def _table(request, key) -> AnnualTable:
    require_city_figures(request.viewer)
    if key not in SHEETS:
        raise Http404
    return AnnualTable(request.viewer, SHEETS[key])
