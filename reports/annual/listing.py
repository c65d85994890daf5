"""An annual table to take along: cell by cell what we count, what is printed, by whom and for which day."""

from django.utils.translation import gettext as _

from foundation.tables import Column, Table
from reports.annual.tables import AnnualTable


def listing_of(table: AnnualTable) -> Table:
    """Return the table as a list of its cells."""
    cells = [(row, cell) for row in table.rows for cell in row.cells]
    columns = [
        Column(_("school form"), lambda line: line[0].name),
        Column(_("column"), lambda line: line[1].column.name),
        Column(_("counted on %(day)s") % {"day": table.day.isoformat()}, lambda line: line[1].own),
        Column(_("printed"), lambda line: line[1].printed and line[1].printed.value),
        Column(_("difference"), lambda line: line[1].difference),
        Column(_("as of"), lambda line: line[1].printed and line[1].printed.as_of),
        Column(_("source"), lambda line: line[1].printed and line[1].printed.source),
    ]
    return Table("annual table", str(table.sheet.title), columns, cells, len(cells), {"table": table.sheet.key})
