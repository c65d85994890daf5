"""What a reader found in one row of a file of schools, in the terms of our models."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from foundation.text import clean_line
from schools.importing.files import Record, Table
from schools.models import School

#: Dortmund with plenty of room around it: what lies outside is a missing or mistyped position.
LATITUDES, LONGITUDES = (50, 53), (5, 10)
SIX_DIGITS = Decimal("0.000001")

_is_address = URLValidator(schemes=["http", "https"])


class RowRefused(Exception):
    """A row that cannot be taken; the text says why."""


@dataclass(frozen=True)
class ExtraSite:
    """A further place of a school that the file names clearly."""

    name: str
    street: str = ""


@dataclass
class SchoolRow:
    """One school as a file describes it.

    `fields` are set each time, `initial` only where the school is new. `notes` are told to whoever imports.
    """

    number: str
    fields: dict[str, Any]
    initial: dict[str, Any] = field(default_factory=dict)
    campus: str = ""
    extra_sites: tuple[ExtraSite, ...] = ()
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class LeftOut:
    """A row that is none of the city's running schools. `elsewhere` rows are only counted.

    `closed_on` is set where the row says since when a school that we may still have is closed.
    """

    number: str
    name: str
    reason: str = ""
    elsewhere: bool = False
    closed_on: date | None = None


def each_row(table: Table, read: Callable) -> Iterator[tuple[Record, Any]]:
    """Yield each record with what `read` makes of its values, or with the RowRefused that says why not."""
    for record in table.records:
        try:
            if record.problem:
                raise RowRefused(record.problem)
            yield record, read(record.values)
        except RowRefused as refusal:
            yield record, refusal


def school_number(text: str) -> str:
    """Return the number, or refuse the row."""
    if len(text) == 6 and text.isascii() and text.isdigit():
        return text
    raise RowRefused(_("“%(text)s” is not a school number; it has six digits") % {"text": text[:40]})


def line_for(name: str, text: str) -> str:
    """Return the text as it fits the field of School called `name`, or refuse the row."""
    model_field = School._meta.get_field(name)
    try:
        return clean_line(text, model_field.max_length)
    except ValidationError as error:
        raise RowRefused(f"{model_field.verbose_name}: {' '.join(error.messages)}") from error


def position(latitude: float, longitude: float, notes: list[str]) -> dict[str, Decimal]:
    """Return the two fields, or nothing where the position cannot be right."""
    inside = LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]
    if not inside:
        notes.append(_("the position lies far outside and was left out"))
        return {}
    return {
        "latitude": Decimal(latitude).quantize(SIX_DIGITS),
        "longitude": Decimal(longitude).quantize(SIX_DIGITS),
    }


def website(text: str, notes: list[str]) -> str:
    """Return the address, with http:// where the file leaves it out; empty where it is none."""
    if not text:
        return ""
    address = text if "://" in text else f"http://{text}"
    try:
        _is_address(address)
        urlsplit(address)
        return line_for("website", address)
    except (ValidationError, ValueError, RowRefused):
        notes.append(_("the website is no valid address and was left out"))
        return ""
