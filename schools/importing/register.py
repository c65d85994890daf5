"""The school file of the state, `schuldaten.csv`: open data of the ministry, one row for each school of NRW.

Columns are found by name, so that both known layouts and later ones can be read. The format, the keys and the
filter are described in docs/imports.md.
"""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schools.models import School

from .files import FileRefused, Table
from .reading import LeftOut, RowRefused, SchoolRow, each_row, line_for, position, school_number, website
from .utm import latitude_longitude

SIGN = "Schulnummer"  # the column by which the file is recognised
NAME_PARTS = ("Schulbezeichnung_1", "Schulbezeichnung_2", "Schulbezeichnung_3")
COLUMNS = (
    SIGN,
    "Schulform",
    *NAME_PARTS,
    "PLZ",
    "Ort",
    "Strasse",
    "Homepage",
    "Rechtsform",
    "Traegernummer",
    "Gemeindeschluessel",
    "Schulbetriebsschluessel",
    "Schulbetriebsdatum",
    "EPSG",
    "UTMRechtswert",
    "UTMHochwert",
)

CITY = "05913000"  # Dortmund
CARRIER = "10297"  # Stadt Dortmund
PRIVATE = "2"
SOURCE = "MSB NRW, Schulgrunddaten (dl-de/by-2-0)"
ZONE_32 = {"EPSG:25832", "null", ""}
PART_LENGTH = 40  # the register cuts its names here and goes on in the next part
SINCE_EVER = date(1973, 8, 1)  # stands for "since before the register"

Form = School.Form
FORMS = {
    "02": Form.PRIMARY,
    "04": Form.HAUPTSCHULE,
    "08": Form.SPECIAL,
    "10": Form.REALSCHULE,
    "15": Form.COMPREHENSIVE,
    "20": Form.GYMNASIUM,
    "25": Form.ADULT,
    "30": Form.VOCATIONAL,
    "83": Form.SPECIAL,  # the city counts its Klinikschule among these
}
AUTHORITY = "0A"

IN_SERVICE, STARTING, ENDING, CLOSED = "1", "3", {"0", "2"}, "9"
NOT_RUNNING = {
    "4": gettext_lazy("teaching is suspended"),
    "5": gettext_lazy("the school was deleted"),
    "6": gettext_lazy("the school takes part in some surveys only"),
    CLOSED: gettext_lazy("the school is closed"),
}


def read(table: Table):
    """Return record and SchoolRow, LeftOut or RowRefused for each row of the register."""
    table.require(*COLUMNS)
    if table.separator != ";":
        raise FileRefused(_("The columns of the school file of NRW are separated by semicolons."))
    return each_row(table, _row)


def _row(values):
    number, name = values[SIGN], values[NAME_PARTS[0]]
    if values["Gemeindeschluessel"] != CITY:
        return LeftOut(number, name, elsewhere=True)
    number = school_number(number)
    reason = _why_not_the_citys(values)
    if reason:
        return LeftOut(number, name, reason)
    key, day = values["Schulbetriebsschluessel"], _day(values["Schulbetriebsdatum"])
    if key in NOT_RUNNING:
        return LeftOut(number, name, str(NOT_RUNNING[key]), closed_on=day if key == CLOSED else None)
    notes = []
    fields = {
        "official_name": line_for("official_name", " ".join(filter(None, (values[part] for part in NAME_PARTS)))),
        "street": line_for("street", values["Strasse"]),
        "postal_code": line_for("postal_code", values["PLZ"]),
        "city": line_for("city", values["Ort"]),
        "website": website(values["Homepage"], notes),
        **_form(values["Schulform"], notes),
        **_dates(key, day, notes),
        **_position(values, notes),
    }
    return SchoolRow(number, fields, initial={"name": _first_name(values), "source": SOURCE}, notes=notes)


def _why_not_the_citys(values) -> str:
    if values["Schulform"] == AUTHORITY:
        return _("a school authority, not a school")
    if values["Rechtsform"] == PRIVATE:
        return _("a private school")
    if values["Traegernummer"] != CARRIER:
        return _("carried by somebody else (number %(carrier)s)") % {"carrier": values["Traegernummer"]}
    return ""


def _form(key, notes) -> dict:
    if key not in FORMS:
        notes.append(_("the school form “%(key)s” is unknown and was kept as it is") % {"key": key})
    return {"form": FORMS.get(key, Form.OTHER), "form_key": line_for("form_key", key)}


def _dates(key, day, notes) -> dict:
    if key in (IN_SERVICE, STARTING):
        return {"opened_on": None if day == SINCE_EVER else day, "closes_on": None}
    if key in ENDING:
        return {"closes_on": day}
    notes.append(_("the key of operation “%(key)s” is unknown") % {"key": key})
    return {}


def _day(text) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%d.%m.%Y").date()
    except ValueError:
        raise RowRefused(_("“%(text)s” is not a date like 31.07.2028") % {"text": text[:40]}) from None


def _position(values, notes) -> dict:
    east, north = values["UTMRechtswert"], values["UTMHochwert"]
    if not east.strip("0") or not north.strip("0"):
        return {}
    if values["EPSG"] not in ZONE_32:
        notes.append(_("the position is given in “%(system)s” and was left out") % {"system": values["EPSG"][:20]})
        return {}
    try:
        return position(*latitude_longitude(float(east), float(north)), notes)
    except (ValueError, OverflowError):
        notes.append(_("the position cannot be read and was left out"))
        return {}


def _first_name(values) -> str:
    """Return what to call a school nobody has given an everyday name yet."""
    first, second, *_rest = (values[part] for part in NAME_PARTS)
    cut = len(first) >= PART_LENGTH - 2 and second
    name = line_for("name", f"{first} {second}" if cut else first)
    if not name:
        raise RowRefused(_("the name is missing"))
    return name
