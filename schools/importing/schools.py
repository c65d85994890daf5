"""Writes the schools of a file: what is new is added, what differs is changed, nothing is ever deleted."""

from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campuses.models import Campus
from schools.models import School, Site

from . import own, register
from .files import FileRefused, read_table
from .reading import LeftOut, RowRefused
from .report import Report, Result

MAIN_SITE = "Hauptstandort"
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


@transaction.atomic
def import_schools(path: Path, report: Report, *, today: date, dry_run: bool = False) -> None:
    """Take the schools of the file, all of it in one transaction; raises FileRefused before anything is written."""
    readings = list(_reader_of(table := read_table(path))(table))
    run = _Run(report, today)
    for record, reading in readings:
        run.take(record, reading)
    run.tell_vanished()
    report.sum_up(dry_run=dry_run)
    if dry_run:
        transaction.set_rollback(True)


def campus_slug(name: str) -> str:
    """Return the short name of a campus: "Hörde" is "hoerde"."""
    return slugify(name.translate(_UMLAUTS))[:50]


def _reader_of(table):
    if register.SIGN in table.columns:
        return register.read
    if own.SIGN in table.columns:
        return own.read
    raise FileRefused(
        _(
            "This is neither the school file of NRW (column Schulnummer, separated by semicolons) "
            "nor our list of schools (column school_number, separated by commas)."
        )
    )


class _Run:
    """One import: the schools of the database, and the numbers the file has named so far."""

    def __init__(self, report: Report, today: date):
        self.report = report
        self.today = today
        self.schools = {school.number: school for school in School.objects.select_for_update(of=("self",))}
        self.sites = self._sites()
        self.campuses = {campus.slug: campus for campus in Campus.objects.all()}
        self.lines: dict[str, int] = {}
        self.elsewhere = 0

    def take(self, record, reading) -> None:
        """Take one row and say what became of it."""
        if isinstance(reading, LeftOut) and reading.elsewhere:
            self.elsewhere += 1
            return
        number = reading.number if not isinstance(reading, RowRefused) else self._number_in(record)
        subject = self._subject(number, reading, record)
        try:
            if isinstance(reading, RowRefused):
                raise reading
            if number in self.lines:
                raise RowRefused(
                    _("the number %(number)s already stands in line %(line)s")
                    % {"number": number, "line": self.lines[number]}
                )
            self.lines[number] = record.line
            result, details = self._leave_out(reading) if isinstance(reading, LeftOut) else self._store(reading)
        except RowRefused as refusal:
            self.lines.setdefault(number, record.line)
            result, details = Result.REFUSED, [str(refusal)]
        self.report.row(record.line, subject, result, *details)

    def tell_vanished(self) -> None:
        """Name the schools that are ours and no longer stand in the file; they stay."""
        for number, school in sorted(self.schools.items()):
            closed = school.closes_on is not None and school.closes_on < self.today
            if number not in self.lines and not closed:
                self.report.say(
                    _("%(number)s %(name)s is not in this file; the school was kept.")
                    % {"number": number, "name": school.name}
                )
        if self.elsewhere:
            self.report.say(
                ngettext(
                    "%(count)s row of another municipality was skipped.",
                    "%(count)s rows of other municipalities were skipped.",
                    self.elsewhere,
                )
                % {"count": self.elsewhere}
            )

    def _leave_out(self, reading: LeftOut):
        """Leave the row out; of a school we have it is remembered since when it is closed."""
        school = self.schools.get(reading.number)
        if school is None or reading.closed_on in (None, school.closes_on):
            return Result.LEFT_OUT, [reading.reason]
        school.closes_on = reading.closed_on
        self._check(school)
        school.save(update_fields=["closes_on"])
        return Result.CHANGED, [str(School._meta.get_field("closes_on").verbose_name), reading.reason]

    def _store(self, row):
        school = self.schools.get(row.number)
        if school is None:
            school = School(number=row.number, **{**row.initial, **row.fields})
            self._check(school)
            school.campus = self._campus(row.campus)
            school.save(force_insert=True)
            self.schools[row.number] = school
            self._store_sites(school, row)
            return Result.NEW, row.notes
        changed = [name for name, value in row.fields.items() if getattr(school, name) != value]
        for name in changed:
            setattr(school, name, row.fields[name])
        # Where a school belongs today is the coordinator's decision; the file only fills a gap.
        joins_campus = row.campus and school.campus_id is None
        if changed or joins_campus:
            self._check(school)
        if joins_campus:
            school.campus = self._campus(row.campus)
            changed.append("campus")
        if changed:
            school.save(update_fields=changed)
        told = [str(School._meta.get_field(name).verbose_name) for name in changed]
        told += self._store_sites(school, row)
        result = Result.CHANGED if told else Result.UNCHANGED
        return result, [", ".join(told), *row.notes]

    def _check(self, school) -> None:
        """Refuse the row where the database would; nothing of it has been written yet."""
        try:
            school.full_clean(validate_unique=False)
        except ValidationError as error:
            if school.pk:
                school.refresh_from_db()
            raise RowRefused(_sentence(error)) from error

    def _store_sites(self, school, row) -> list[str]:
        """Keep the main site at the school's address and add the further ones; return what was changed."""
        told = []
        sites = self.sites.setdefault(school.number, {})
        main = next((site for site in sites.values() if site.is_main), None)
        if main is None:
            main = Site(school=school, name=MAIN_SITE, is_main=True)
        if main.pk is None or main.street != school.street:
            told.append(_("main site"))
            main.street = school.street
            main.save()
            sites[main.name] = main
        for extra in row.extra_sites:
            if extra.name not in sites:
                sites[extra.name] = Site.objects.create(school=school, name=extra.name, street=extra.street)
                told.append(extra.name)
        return told

    def _campus(self, name: str) -> Campus | None:
        slug = campus_slug(name)
        if slug and slug not in self.campuses:
            self.campuses[slug] = Campus.objects.create(slug=slug, name=name[:80])
        return self.campuses.get(slug)

    def _sites(self):
        sites: dict[str, dict[str, Site]] = {}
        for site in Site.objects.select_related("school"):
            sites.setdefault(site.school.number, {})[site.name] = site
        return sites

    def _number_in(self, record) -> str:
        return (record.values.get(register.SIGN) or record.values.get(own.SIGN) or "")[:40]

    def _subject(self, number, reading, record) -> str:
        known = self.schools.get(number)
        name = (
            (known and known.name)
            or getattr(reading, "name", "")
            or record.values.get("name")
            or record.values.get(register.NAME_PARTS[0], "")
        )
        return f"{number} {name[:80]}".strip()


def _sentence(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    told = []
    for name, messages in error.message_dict.items():
        label = "" if name == "__all__" else f"{School._meta.get_field(name).verbose_name}: "
        told.append(label + " ".join(messages))
    return " ".join(told)
