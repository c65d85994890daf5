"""What the page of an annual table shows, and the list behind each of its figures."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count
from django.utils.translation import gettext as _

from devices.models import Device
from foundation.wording import number
from reports.annual.models import ImportedFigure
from reports.annual.sheets import CHANGE, EXTENT, FORMS, SUM, Column, Sheet
from reports.annual.sums import Printed, misfits
from schools.models import School, Site
from schools.viewer import Viewer


@dataclass(frozen=True)
class Cell:
    """A figure of ours, None where nothing tells it yet, and the printed one beside it."""

    row: str
    column: Column
    own: int | None
    printed: ImportedFigure | None

    @property
    def difference(self) -> int | None:
        """How many more are ours; None where there is nothing to compare."""
        if self.own is None or self.printed is None:
            return None
        return self.own - self.printed.value


@dataclass(frozen=True)
class Row:
    key: str
    name: str
    cells: list[Cell]

    @property
    def is_total(self) -> bool:
        return self.key == SUM

    @property
    def is_printed_only(self) -> bool:
        return self.key == CHANGE


@dataclass(frozen=True)
class Counted:
    """A school and how many it counts in a cell."""

    school: School
    number: int


@dataclass(frozen=True)
class Extent:
    """How many schools at how many sites."""

    schools: int
    sites: int


class AnnualTable:
    """One table of the annual report out of the data of today; five statements at most, however many schools."""

    def __init__(self, viewer: Viewer, sheet: Sheet):
        self.viewer, self.sheet = viewer, sheet

    @property
    def day(self) -> date:
        return self.viewer.day

    @cached_property
    def schools(self) -> list[School]:
        """The schools that run today, in German order."""
        # LAN and WLAN are no secret; how to get in is, and is not read here. So the profile's own scope is not asked.
        fields = ("number", "name", "form", "district", "demo_facts", *self.sheet.facts)
        running = School.objects.visible_to(self.viewer).running(self.day).alphabetical()
        if any("__" in name for name in self.sheet.facts):
            running = running.select_related("profile")
        return list(running.only(*fields))

    @cached_property
    def rows(self) -> list[Row]:
        names = {form: form.label for form in FORMS if form != School.Form.OTHER or self._in(form)}
        rows = [self._row(form, name) for form, name in names.items()]
        rows.append(self._row(SUM, _("Total")))
        if any(figure.row == CHANGE for figure in self._printed.values()):
            rows.append(self._row(CHANGE, _("Change in a year")))
        return rows

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.sheet.all_columns

    @property
    def uses_demo_facts(self) -> bool:
        """Whether facts of schools in it are drawn by lot for the demo."""
        return bool(self.sheet.facts) and any(school.demo_facts for school in self.schools)

    @property
    def nothing_entered(self) -> list[Column]:
        """The columns of devices of which not one is entered anywhere."""
        return [column for column in self.sheet.columns if column.counts_devices and self.number(SUM, column) is None]

    @cached_property
    def printed(self) -> ImportedFigure | None:
        """One figure of the newest source, for its name and day; None where nothing is imported."""
        return max(self._printed.values(), key=lambda figure: figure.as_of, default=None)

    @property
    def misfits(self) -> list[str]:
        """What the source prints and does not add up, in words."""
        printed = {place: figure.value for place, figure in self._printed.items()}
        return [self._worded(misfit) for misfit in misfits(self.sheet, printed)]

    @cached_property
    def extent(self) -> Extent:
        """How many schools and sites we know."""
        sites = Site.objects.visible_to(self.viewer).filter(school__in=[school.pk for school in self.schools])
        return Extent(len(self.schools), sites.count())

    @cached_property
    def printed_extent(self) -> list[ImportedFigure]:
        return list(ImportedFigure.objects.of_table(EXTENT))

    def number(self, row: str, column: Column) -> int | None:
        """Return what we count in a cell; None where nothing tells it yet."""
        if row == CHANGE:
            return None
        if column.key == SUM:
            parts = [self.number(row, self.sheet.column(key)) for key in self.sheet.total]
            return None if None in parts else sum(parts)
        if column.fact is None or (column.counts_devices and column.fact not in self._kinds):
            return None
        return sum(self._value(school, column) for school in self._in(row))

    def behind(self, row: str, column: Column) -> list[Counted]:
        """Return the schools that a figure is made of, each with its part."""
        columns = [self.sheet.column(key) for key in self.sheet.total] if column.key == SUM else [column]
        counted = [Counted(school, sum(self._value(school, one) for one in columns)) for school in self._in(row)]
        return [line for line in counted if line.number]

    def sources_of(self, row: str, column: Column) -> list[ImportedFigure]:
        """Return what each source prints for a cell, the newest first."""
        return [figure for figure in self._imported if (figure.row, figure.column) == (row, column.key)]

    def _worded(self, misfit: Printed) -> str:
        row = {SUM: _("Total"), CHANGE: _("Change in a year")}.get(misfit.row) or School.Form(misfit.row).label
        column = self.sheet.column(misfit.column).name
        words = {"row": row, "column": column, "printed": number(misfit.printed), "parts": number(misfit.computed)}
        if misfit.is_limit:
            return _("%(row)s: %(printed)s with WLAN, but only %(parts)s with LAN.") % words
        words["sum"] = " + ".join(number(part) for part in misfit.parts)
        return _("%(row)s, %(column)s: printed is %(printed)s, but %(sum)s make %(parts)s.") % words

    # --- How it is counted ---

    @cached_property
    def _imported(self) -> list[ImportedFigure]:
        return list(ImportedFigure.objects.of_table(self.sheet.key))

    @cached_property
    def _printed(self) -> dict[tuple[str, str], ImportedFigure]:
        """The figures of the newest source, by their place."""
        newest = self._imported[0].source if self._imported else None
        return {(figure.row, figure.column): figure for figure in self._imported if figure.source == newest}

    @cached_property
    def _devices(self) -> Counter:
        """How many devices of the kinds of this table each school has."""
        kinds = [column.fact for column in self.sheet.columns if column.counts_devices]
        if not kinds:
            return Counter()
        devices = Device.objects.visible_to(self.viewer).filter(kind__in=kinds).order_by()
        found = devices.values_list("school", "kind").annotate(Count("pk"))
        return Counter({(school, kind): number for school, kind, number in found})

    @cached_property
    def _kinds(self) -> set[str]:
        """The kinds of which any device is entered; without one, nobody knows whether there is none."""
        return {kind for _school, kind in self._devices}

    def _in(self, row: str) -> list[School]:
        return self.schools if row == SUM else [school for school in self.schools if school.form == row]

    def _value(self, school: School, column: Column) -> int:
        if column.counts_devices:
            return self._devices[school.pk, column.fact]
        name, value = column.fact
        return int(_fact(school, name) == value)

    def _row(self, key: str, name: str) -> Row:
        cells = [Cell(key, one, self.number(key, one), self._printed.get((key, one.key))) for one in self.columns]
        return Row(key, name, cells)


def _fact(school: School, name: str) -> str | None:
    """Return a field of a school, or of its technical profile, which it need not have."""
    relation, _under, field = name.rpartition("__")
    holder = getattr(school, relation, None) if relation else school
    return getattr(holder, field, None)
