"""Takes figures out of a file of printed ones; nothing is ever deleted."""

from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from reports.annual.models import ImportedFigure
from reports.annual.sheets import is_known
from schools.importing.files import Record, read_table
from schools.importing.reading import RowRefused
from schools.importing.report import Report, Result

COLUMNS = ("table", "row", "column", "value", "source", "as_of")
LARGEST = 2**31 - 1  # what the database holds


@transaction.atomic
def import_figures(path: Path, report: Report, *, only_new: bool = False, dry_run: bool = False) -> None:
    """Take the figures of the file, all of it in one transaction; raises FileRefused before anything is written.

    With `only_new` those that are there stay as they are, though the file says otherwise.
    """
    table = read_table(path)
    table.require(*COLUMNS)
    known = {_place(figure): figure for figure in ImportedFigure.objects.select_for_update()}
    lines = {}
    for record in table.records:
        try:
            figure = _read(record)
            if (line := lines.setdefault(_place(figure), record.line)) != record.line:
                raise RowRefused(_("this figure already stands in line %(line)s") % {"line": line})
            result, details = _store(figure, known.get(_place(figure)), only_new)
        except RowRefused as refusal:
            result, details = Result.REFUSED, str(refusal)
        subject = " ".join(filter(None, (record.values.get(name, "")[:40] for name in COLUMNS[:3])))
        report.row(record.line, subject, result, details)
    report.sum_up(dry_run=dry_run)
    if dry_run:
        transaction.set_rollback(True)


def _store(figure: ImportedFigure, stored: ImportedFigure | None, only_new: bool) -> tuple[Result, str]:
    if stored is None:
        figure.save(force_insert=True)
        return Result.NEW, ""
    if only_new or (stored.value, stored.as_of) == (figure.value, figure.as_of):
        return Result.UNCHANGED, ""
    told = _("%(before)s becomes %(now)s") % {"before": stored.value, "now": figure.value}
    stored.value, stored.as_of = figure.value, figure.as_of
    stored.save(update_fields=["value", "as_of"])
    return Result.CHANGED, told


def _read(record: Record) -> ImportedFigure:
    if record.problem:
        raise RowRefused(record.problem)
    values = record.values
    if not is_known(values["table"], values["row"], values["column"]):
        raise RowRefused(_("there is no such row or column in this table"))
    source = values["source"]
    if not source:
        raise RowRefused(_("the source is missing"))
    if len(source) > ImportedFigure._meta.get_field("source").max_length:
        raise RowRefused(_("the source is too long"))
    return ImportedFigure(
        table=values["table"],
        row=values["row"],
        column=values["column"],
        value=_number(values["value"]),
        source=source,
        as_of=_day(values["as_of"]),
    )


def _number(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()) or int(digits[:12]) > LARGEST or len(digits) > 12:
        raise RowRefused(_("“%(text)s” is no whole number") % {"text": text[:20]})
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RowRefused(_("“%(text)s” is no date like 2023-12-31") % {"text": text[:20]}) from None


def _place(figure: ImportedFigure) -> tuple:
    return figure.table, figure.row, figure.column, figure.source
