"""Tables to take along: CSV with semicolons, as spreadsheets in Germany expect it."""

import csv
from collections.abc import Iterable, Iterator

BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take umlauts for something else
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """Gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the table line by line; None is an empty cell, and no cell is run as a formula."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow(["" if cell is None else harmless(str(cell)) for cell in row])


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows and does not run (OWASP ASVS 5.0, 1.2.10)."""
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell
