"""Tables as text files, read strictly: what is no such table is refused as a whole, with one sentence."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

LARGEST_FILE = 32 * 1024 * 1024  # the register of all of NRW has 2 MB
SEPARATORS = ";,"


class FileRefused(Exception):
    """The file as a whole cannot be taken; the text is for people."""


@dataclass(frozen=True)
class Record:
    """One row: its line in the file, its values by column, and why it cannot be read, if so."""

    line: int
    values: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A file with a header. All of it is in memory before anything is written anywhere."""

    separator: str
    columns: tuple[str, ...]
    records: tuple[Record, ...]

    def require(self, *names: str) -> None:
        """Refuse the file where one of these columns is missing."""
        missing = [name for name in names if name not in self.columns]
        if missing:
            raise FileRefused(_("The file has no column %(names)s.") % {"names": ", ".join(missing)})


def read_table(path: Path) -> Table:
    """Return the table in `path`: UTF-8 with or without byte order mark, separated by semicolon or comma.

    A first line `sep=;`, which Excel writes and reads, is skipped. Raises FileRefused.
    """
    lines = _text_of(path).splitlines(keepends=True)
    first, separator = 0, None
    if lines and lines[0].lower().startswith("sep="):
        first, separator = 1, lines[0].strip()[4:]
        if len(separator) != 1 or separator not in SEPARATORS:
            raise FileRefused(_("The first line names a separator that is neither a semicolon nor a comma."))
    if not any(line.strip() for line in lines[first:]):
        raise FileRefused(_("The file is empty."))
    separator = separator or max(SEPARATORS, key=lines[first].count)
    reader = csv.reader(io.StringIO("".join(lines[first:]), newline=""), delimiter=separator, strict=True)
    try:
        columns = _columns(next(reader))
        records = tuple(_records(reader, columns, first))
    except csv.Error as error:
        raise FileRefused(
            _("Line %(line)s cannot be read: %(reason)s.") % {"line": first + reader.line_num, "reason": _why(error)}
        ) from error
    return Table(separator, columns, records)


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FileRefused(_("The file is larger than %(limit)s MB.") % {"limit": LARGEST_FILE // 1024 // 1024})
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FileRefused(
            _("“%(file)s” cannot be opened: %(reason)s.") % {"file": path, "reason": error.strerror}
        ) from error
    except UnicodeDecodeError as error:
        raise FileRefused(
            _("The file is not encoded in UTF-8 (byte %(place)s). Save it as “CSV UTF-8”.")
            % {"place": error.start + 1}
        ) from error
    if "\0" in text:
        raise FileRefused(_("This is not a text file: it contains NUL bytes."))
    return text


def _columns(header: list[str]) -> tuple[str, ...]:
    names = [name.strip() for name in header]
    if len(names) == 1:
        raise FileRefused(_("No columns were found. They have to be separated by semicolons or commas."))
    while names and not names[-1]:  # the register ends its header with a separator, but not its rows
        names.pop()
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FileRefused(_("The file has the column %(names)s twice.") % {"names": ", ".join(twice)})
    return tuple(names)


def _records(reader, columns, skipped) -> Iterator[Record]:
    line = skipped + reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            values = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
            yield Record(line, values, _problem(cells, columns))
        line = skipped + reader.line_num + 1


def _problem(cells, columns) -> str:
    more = any(cell.strip() for cell in cells[len(columns) :])
    if more or len(cells) < len(columns):
        return _("the row has %(found)s columns, the header %(wanted)s") % {
            "found": len(cells),
            "wanted": len(columns),
        }
    return ""


def _why(error: csv.Error) -> str:
    """Return what people understand of what the csv module says."""
    words = str(error)
    if "field larger" in words:
        return _("a field is longer than %(limit)s characters") % {"limit": csv.field_size_limit()}
    if "end of data" in words or "expected after" in words:
        return _("a quotation mark is missing or in the wrong place")
    return words
