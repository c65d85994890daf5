"""Our own list of schools: everyday names, districts and pilot campuses, which the register does not have."""

import re
from datetime import date

from django.utils.translation import gettext as _

from schools.models import School

from .files import Table
from .reading import ExtraSite, RowRefused, SchoolRow, each_row, line_for, position, school_number, website
from .register import CLOSED, ENDING, FORMS, IN_SERVICE, SINCE_EVER, STARTING

SIGN = "school_number"  # the column by which the file is recognised
COLUMNS = (SIGN, "name", "school_form")
#: Our columns that are plain lines of text, by the field of School they fill.
LINES = {
    "focus": "focus",
    "official_name": "official_name",
    "street": "street",
    "postal_code": "postal_code",
    "city": "city",
    "district": "district",
    "source": "source",
}
FORM_NAMES = {
    "grundschule": School.Form.PRIMARY,
    "gymnasium": School.Form.GYMNASIUM,
    "realschule": School.Form.REALSCHULE,
    "hauptschule": School.Form.HAUPTSCHULE,
    "gesamtschule": School.Form.COMPREHENSIVE,
    "förderschule": School.Form.SPECIAL,
    "berufskolleg": School.Form.VOCATIONAL,
    "weiterbildungskolleg": School.Form.ADULT,
}
#: A site counts as clearly named where its entry begins like this; addresses of the past and future do not.
NAMED_SITE = re.compile(r"(?P<kind>Teilstandort|Außenstelle|Nebenstelle|Second site|Zweiter Standort) (?P<rest>.+)")
REMARK = re.compile(r"\s*[(\[][^)\]]*[)\]]")


def read(table: Table):
    """Return record and SchoolRow or RowRefused for each row of our list."""
    table.require(*COLUMNS)
    return each_row(table, _row)


def _row(values) -> SchoolRow:
    notes = []
    number = school_number(values[SIGN])
    name = line_for("name", values["name"])
    if not name:
        raise RowRefused(_("the name is missing"))
    fields = {"name": name, **_form(values, notes)}
    fields |= {field: line_for(field, values[column]) for column, field in LINES.items() if column in values}
    if "website" in values:
        fields["website"] = website(values["website"], notes)
    if "students_2024_25" in values:
        fields["students"] = _students(values["students_2024_25"])
    if values.get("lat") and values.get("lon"):
        fields |= position(_number(values["lat"]), _number(values["lon"]), notes)
    fields |= _dates(values)
    sites, rest = extra_sites(values.get("additional_sites_known", ""))
    if rest:
        notes.append(_("further places are not named clearly enough to be sites"))
    return SchoolRow(number, fields, campus=values.get("pilot_campus", ""), extra_sites=sites, notes=notes)


def extra_sites(text: str) -> tuple[tuple[ExtraSite, ...], bool]:
    """Return the clearly named sites of a free text, and whether it says anything besides."""
    sites, rest = [], False
    for entry in re.split(r"\s*;\s*", REMARK.sub("", text)):
        found = NAMED_SITE.fullmatch(entry.strip())
        if found:
            sites.append(_site(found["kind"], [part.strip() for part in found["rest"].split(",")]))
        rest |= bool(entry.strip()) and not found
    return tuple(sites), rest


def _site(kind, parts) -> ExtraSite:
    place = parts[0]
    if kind in ("Second site", "Zweiter Standort"):
        return ExtraSite(f"Standort {place}"[:120], ", ".join(parts)[:120])
    street = ", ".join(parts[1:])
    return ExtraSite(f"{kind} {place}"[:120], street[:120])


def _form(values, notes) -> dict:
    """Return form and key; a word or key nobody knows stays as it is and is told."""
    word, key = values["school_form"], values.get("school_form_code", "")
    form = FORM_NAMES.get(word.lower()) or FORMS.get(key)
    if form is None:
        notes.append(_("the school form “%(key)s” is unknown and was kept as it is") % {"key": word or key})
    return {"form": form or School.Form.OTHER, "form_key": line_for("form_key", key or word[:4])}


def _dates(values) -> dict:
    """Return opening or closing day; the date belongs to the key beside it, as in the register."""
    key, text = values.get("operating_status", ""), values.get("operating_status_date", "")
    if not key or not text:
        return {}
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise RowRefused(_("“%(text)s” is not a date like 2028-07-31") % {"text": text[:40]}) from None
    if key in (IN_SERVICE, STARTING):
        return {"opened_on": None if day == SINCE_EVER else day, "closes_on": None}
    if key in ENDING or key == CLOSED:
        return {"closes_on": day}
    raise RowRefused(_("the key of operation “%(key)s” is unknown") % {"key": key[:10]})


def _students(text) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 6:
        return int(text)
    raise RowRefused(_("“%(text)s” is not a number of pupils") % {"text": text[:40]})


def _number(text) -> float:
    try:
        return float(text)
    except ValueError:
        raise RowRefused(_("“%(text)s” is not a coordinate") % {"text": text[:40]}) from None
