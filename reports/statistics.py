"""What the page of a school's figures shows, and the table one takes along."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation import wording
from reports.arithmetic import Figures, Share, Times
from reports.charts import Columns, stacked
from reports.discretion import LEAST, may_tell_figure, named_groups
from reports.models import PeriodFigures, StaleMonth
from reports.others import FormMedians, form_medians
from reports.periods import MONTH, YEAR, Period
from schools.models import School
from schools.viewer import Viewer
from tickets.models import Category


class PeriodUnknown(Exception):
    """There is no such period, or it has not begun yet."""


@dataclass(frozen=True)
class Told:
    """The figures of a period as far as they may be told; None and empty where they may not."""

    period: Period
    figures: Figures
    response: Times
    solution: Times
    first_level: Share
    kept: Share
    satisfied: Share = field(default_factory=Share)
    without_small: frozenset[str] = frozenset()  # the shares that leave small schools out, by their names here

    @property
    def is_comparable(self) -> bool:
        return self.figures.reported >= LEAST


@dataclass(frozen=True)
class Group:
    """A kind or a room: how many reports, `share` of the most frequent one. Without a name: all not named."""

    name: str
    number: int
    share: float = 0.0
    usual: timedelta | None = None


@dataclass(frozen=True)
class Compared:
    """One line of the comparison; `form` says in which way its values are written, `note` of what they are made."""

    name: str
    form: str  # span or percent
    now: object
    before: object
    others: object = None
    note: str = ""
    now_note: str = ""
    before_note: str = ""

    @property
    def values(self) -> tuple:
        return self.now, self.before, self.others

    @property
    def cells(self) -> tuple[tuple[object, str], ...]:
        """Return both periods, each with what has to be said of its value."""
        return (self.now, self.now_note), (self.before, self.before_note)


def answers(satisfied: Share) -> str:
    """Say of how many answers a share is; nothing where it is not told."""
    if not satisfied.number:
        return ""
    text = ngettext("%(count)s answer", "%(count)s answers", satisfied.number)
    return text % {"count": wording.number(satisfied.number)}


class Statistics:
    """The figures of one school in one period, as they were counted before; as many statements, and as many rows read,
    whatever the number of reports.

    Raises PeriodUnknown. Whether the viewer reads them is asked where the school is found.
    """

    def __init__(self, viewer: Viewer, school: School, name: str = ""):
        self.viewer, self.school, self.at = viewer, school, viewer.at
        self.this_year = Period.year_of(viewer.day)
        period = Period.named(name) if name else self.this_year
        if period is None or period.first > viewer.day:
            raise PeriodUnknown(name)
        self.period = period

    # --- Where one is ---

    @property
    def is_running(self) -> bool:
        return self.viewer.day < self.period.ends

    @property
    def is_month(self) -> bool:
        return self.period.months == MONTH

    @property
    def halves(self) -> list[Period]:
        return self._begun(self.period.year.parts)

    @property
    def months(self) -> list[Period]:
        """The months to choose among: those of the school year, as far as they have begun."""
        return self._begun(self.period.year.each_month)

    @cached_property
    def earlier(self) -> Period | None:
        """The school year before, where anything was reported in it or before it."""
        year = self.period.year
        return year.year_before if any(period.first < year.first for period in self._rows) else None

    @property
    def later(self) -> Period | None:
        after = Period.year_of(self.period.year.ends)
        return after if after.first <= self.viewer.day else None

    def _begun(self, periods: Iterable[Period]) -> list[Period]:
        return [period for period in periods if period.first <= self.viewer.day]

    @cached_property
    def as_of(self) -> datetime:
        """Up to when everything is counted that happened at this school: until now, if nothing waits to be counted."""
        return min(self.at, self._waiting_since or self.at)

    @property
    def was_never_counted(self) -> bool:
        """Whether there is something to count and nothing of it was counted yet: then the zeros mean nothing."""
        return not self._rows and self._waiting_since is not None

    # --- What is told ---

    @cached_property
    def told(self) -> Told:
        return self._told(self.period)

    @cached_property
    def before(self) -> Told:
        """The same period a year earlier."""
        return self._told(self.period.year_before)

    @cached_property
    def others(self) -> FormMedians:
        """What is usual at the other schools of the form."""
        return form_medians(self.school, self.period)

    @cached_property
    def comparison(self) -> list[Compared]:
        """Return the times and shares beside those of the year before and of the school form."""
        now, before, others = self.told, self.before, self.others
        lines = [
            Compared(_("First response, usually"), "span", now.response.usual, before.response.usual, others.response),
            Compared(_("First response, nine of ten within"), "span", now.response.most, before.response.most),
            Compared(_("Solution, usually"), "span", now.solution.usual, before.solution.usual, others.solution),
            Compared(_("Solution, nine of ten within"), "span", now.solution.most, before.solution.most),
            Compared(
                _("Solved by the first level"),
                "percent",
                now.first_level.value,
                before.first_level.value,
                others.first_level,
            ),
            Compared(_("Deadlines kept"), "percent", now.kept.value, before.kept.value, others.kept),
            Compared(
                _("Satisfied"),
                "percent",
                now.satisfied.value,
                before.satisfied.value,
                others.satisfied,
                note=answers(now.satisfied),
            ),
        ]
        return [self._comparable(line) for line in lines]

    @property
    def is_compared(self) -> bool:
        """Whether anything of the comparison may be told."""
        return any(line.now is not None for line in self.comparison)

    def _comparable(self, line: Compared) -> Compared:
        """Leave out what there is nothing to compare with."""
        return line if line.now is not None else Compared(line.name, line.form, None, None)

    @property
    def speeds(self) -> list[tuple[str, float]]:
        """Return which share was solved how fast."""
        names = (_("Within 4 hours"), _("Within one service day"), _("Within 3 service days"))
        return list(zip(names, self.told.solution.within, strict=False))

    @cached_property
    def by_month(self) -> list[tuple[Period, Figures]]:
        """Return the counts of each month that has begun; for a single month those of its half year."""
        shown = self.period.whole if self.is_month else self.period
        return [(month, self._figures(month)) for month in self._begun(shown.each_month)]

    @property
    def months_total(self) -> Figures:
        return self._figures(self.period.whole if self.is_month else self.period)

    @property
    def chart(self) -> Columns:
        """Draw the counts of each month."""
        rows = [
            (month.short_label, figures.solved, figures.reported - figures.solved) for month, figures in self.by_month
        ]
        return stacked(rows)

    @cached_property
    def kinds(self) -> list[Group]:
        """Return the kinds that may be named, the most frequent first, and how many others there are."""
        return self._groups("by_kind", self._names["kind"])

    @cached_property
    def rooms(self) -> list[Group]:
        """Return the rooms that may be named, the most frequent first, and how many others there are."""
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
    def _waiting_since(self) -> datetime | None:
        return StaleMonth.objects.of_school(self.school).waiting_since()

    @cached_property
    def _rows(self) -> dict[Period, PeriodFigures]:
        """The figures of this school year and the one before with their parts, and of all earlier school years."""
        rows, year = PeriodFigures.objects.of_school(self.school), self.period.year
        return {row.period: row for row in rows.in_years([year.year_before, year]) | rows.filter(months=YEAR)}

    def _figures(self, period: Period) -> Figures:
        return self._rows[period].figures if period in self._rows else Figures()

    def _told(self, period: Period) -> Told:
        figures = self._figures(period)

        def told(name, nothing):
            return getattr(figures, name) if may_tell_figure(period, self._figures, name) else nothing

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

        def told(period):
            return getattr(self._rows[period], by) if period in self._rows else {}

        here = told(self.period)
        named = named_groups(self.period, set(told(self.period.year)), counts)
        rows = []
        for key in named & here.keys():
            usual = here[key].usual if here[key].solved_number >= LEAST else None
            rows.append(Group(names.get(key, ""), here[key].number, usual=usual))
        rows.sort(key=lambda row: (-row.number, row.name))
        others = sum(group.number for group in here.values()) - sum(row.number for row in rows)
        if others:
            rows.append(Group("", others))
        most = max((row.number for row in rows), default=1)
        return [Group(row.name, row.number, row.number / most, row.usual) for row in rows]
