"""What the page of a school's figures shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Value
from django.utils.translation import gettext as _

from reports.arithmetic import Figures, Share, Times
from reports.discretion import may_tell_figure, named_groups
from reports.models import PeriodFigures, StaleMonth
from reports.others import FormMedians, form_medians
from reports.period_page import PeriodPage
from reports.periods import YEAR, Period
from reports.told import Compared, Told
from schools.models import School
from schools.viewer import Viewer
from tickets.models import Category


@dataclass(frozen=True)
class Group:
    """A kind or a room: how many reports, `share` of the most frequent one. Without a name: all not named; these and
    reports without a room have no share."""

    name: str
    number: int
    share: float | None = None
    usual: timedelta | None = None


class Statistics(PeriodPage):
    """The figures of one school in one period, as they were counted before; as many statements, and as many rows read,
    whatever the number of reports.

    Raises PeriodUnknown. Whether the viewer reads them is asked where the school is found.
    """

    def __init__(self, viewer: Viewer, school: School, name: str = ""):
        super().__init__(viewer, name)
        self.school = school

    @property
    def asked(self) -> dict[str, str]:
        """Of which school and period they are, for the record of who took them along."""
        return {"school": self.school.number, "period": self.period.name}

    @property
    def was_never_counted(self) -> bool:
        """Whether there is something to count and nothing of it was counted yet: then the zeros mean nothing."""
        return not self._rows and self.waiting_since is not None

    # --- What is told ---

    @cached_property
    def others(self) -> FormMedians:
        """What is usual at the other schools of the form."""
        return form_medians(self.school, self.period)

    @cached_property
    def comparison(self) -> list[Compared]:
        """Return the times and shares beside those of the year before and of the school form; nothing in a line in
        which there is nothing to compare with."""
        lines = super().comparison
        return [line if line.now is not None else Compared(line.name, line.form, None, None) for line in lines]

    @property
    def is_compared(self) -> bool:
        """Whether anything of the comparison may be told."""
        return any(line.now is not None for line in self.comparison)

    @cached_property
    def kinds(self) -> list[Group]:
        """Return the kinds that may be named, the most frequent first, and how many others there are."""
        return self._groups("by_kind", self._names["kind"])

    @cached_property
    def rooms(self) -> list[Group]:
        """Return the rooms that may be named, the most frequent first, then how many reports have none, and how many
        others there are."""
        return self._groups("by_room", self._names["room"])

    @cached_property
    def _names(self) -> dict[str, dict[int | None, str]]:
        """What kinds and rooms are called today; one statement."""
        kinds = Category.objects.order_by().values_list(Value("kind"), "pk", "name_de", "name_en")
        rooms = self.school.rooms.order_by().values_list(Value("room"), "pk", "name", "name")
        told = {"kind": {}, "room": {None: _("No room given")}}
        for part, key, german, english in kinds.union(rooms, all=True):
            told[part][key] = Category(name_de=german, name_en=english).name
        return told

    # --- How it is read ---

    @cached_property
    def waiting_since(self) -> datetime | None:
        return StaleMonth.objects.of_school(self.school).waiting_since()

    @cached_property
    def _rows(self) -> dict[Period, PeriodFigures]:
        """The figures of this school year and the one before with their parts, and of all earlier school years."""
        rows, year = PeriodFigures.objects.of_school(self.school), self.period.year
        return {row.period: row for row in rows.in_years([year.year_before, year]) | rows.filter(months=YEAR)}

    @property
    def known_periods(self) -> Iterable[Period]:
        return self._rows

    def figures_of(self, period: Period) -> Figures:
        return self._rows[period].figures if period in self._rows else Figures()

    def told_of(self, period: Period) -> Told:
        figures = self.figures_of(period)

        def told(name, nothing):
            return getattr(figures, name) if may_tell_figure(period, self.figures_of, name) else nothing

        return Told(
            period,
            figures,
            response=told("response", Times()),
            solution=told("solution", Times()),
            first_level=told("first_level", Share()),
            kept=told("kept", Share()),
            satisfied=told("satisfied", Share()),
        )

    def _groups(self, by: str, names: dict) -> list[Group]:
        def counts(period):
            return {key: group.number for key, group in told(period).items()}

        def solved(period):
            return {key: group.solved_number for key, group in told(period).items()}

        def told(period):
            return getattr(self._rows[period], by) if period in self._rows else {}

        here = told(self.period)
        groups = set(told(self.period.year))
        named = named_groups(self.period, groups, counts)
        # Of how many a time is, is another number; what it leaves untold must not come out either.
        timed = named_groups(self.period, groups, solved)
        most = max((here[key].number for key in named & here.keys() if key is not None), default=1)
        rows = []
        for key in sorted(named & here.keys(), key=lambda key: (key is None, -here[key].number, names.get(key, ""))):
            number = here[key].number
            share = None if key is None else number / most
            rows.append(Group(names.get(key, ""), number, share, here[key].usual if key in timed else None))
        others = sum(group.number for group in here.values()) - sum(row.number for row in rows)
        return [*rows, Group("", others)] if others else rows
