"""Reads the figures of a period out of the read model, and says what of them may be told; nothing else is counted."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property

from django.db.models import Q

from foundation.remembered import remembered
from reports.arithmetic import Figures, Share, Times
from reports.discretion import (
    LEAST,
    Telling,
    may_tell,
    may_tell_figure,
    may_tell_times,
    tells_parts,
    timed_groups,
    told_groups,
    told_kinds,
)
from reports.models import Group, PeriodFigures, Scope
from reports.periods import HALF, MONTH, YEAR, Period
from reports.told import Told
from schools.models import School
from schools.viewer import Viewer

#: The groupings of the schools, in the order in which it is decided what each may tell; the city is the first.
GROUPINGS = (Scope.CITY, Scope.CAMPUS, Scope.FORM, Scope.DISTRICT)
CITY = (Scope.CITY, "")
SHARES = ("first_level", "kept", "satisfied")
#: Of how many reports each share is, by the column of the read model.
NUMBERS = {
    "response": "responded_number",
    "first_level": "solved",
    "kept": "kept_number",
    "solution": "solved_number",
    "satisfied": "answered_number",
}
#: Those of the same reports, or nearly so: where kinds are told apart, all of them are or none.
OF_SOLUTIONS = ("first_level", "kept", "solution")
TIMES = ("response", "solution")
MOST_YEARS = 6  # school years beside each other
Key = tuple[str, str]  # scope and key of the read model


class Reading:
    """The figures of all schools and groups in a period and the year before, and of the city over the years.

    Two statements; one more with the kinds, and one with the times of parts of the period. `detail` is the scope of
    which all months are read. Counts and times of a group are its own; its shares are added up of its schools, so that
    they are the same on all pages.
    """

    def __init__(self, viewer: Viewer, period: Period):
        self.viewer, self.period, self.detail = viewer, period, CITY
        last = Period.year_of(viewer.day)
        self.years = [last]
        while len(self.years) < MOST_YEARS:
            self.years.insert(0, self.years[0].year_before)

    # --- What is told ---

    @remembered
    def figures(self, key: Key, period: Period) -> Figures:
        row = self._rows.get((*key, period))
        return row.figures if row else Figures()

    def told(self, key: Key, period: Period) -> Told:
        """Return the figures of the city, a group of schools, a school or a kind, as far as they may be told."""
        figures = self.figures(key, period)
        share_of = self._own_share if key[0] == Scope.SCHOOL else self._share
        return Told(
            period,
            figures,
            response=figures.response if self._tells_times(key, period, "response") else Times(),
            solution=replace(figures.solution, within=()) if self._tells_times(key, period, "solution") else Times(),
            first_level=share_of(key, period, "first_level"),
            kept=share_of(key, period, "kept"),
            satisfied=share_of(key, period, "satisfied"),
            without_small=frozenset(name for name in SHARES if self.leaves_small_out(key, period, name)),
        )

    def within(self, key: Key, period: Period) -> tuple[float, ...]:
        """Return which shares were solved within each of STEPS, of the city, a group or a kind; empty if untold."""
        if key[0] == Scope.CATEGORY:
            return self.figures(key, period).solution.within if self._tells_kind(key, period, "solution") else ()
        times = [figures.solution for figures in self._added_up(key, period, "solution") if figures.solution.number]
        number = sum(each.number for each in times)
        steps = zip(*([share * each.number for share in each.within] for each in times), strict=True)
        return tuple(round(sum(step)) / number for step in steps)

    def leaves_small_out(self, key: Key, period: Period, name: str) -> bool:
        """Return whether a share of a group is told, and without its small schools."""
        is_without = self._telling(key, period, name) is Telling.WITHOUT_SMALL
        return is_without and bool(self._added_up(key, period, name))

    @property
    def known_years(self) -> list[Period]:
        """The school years in which anything was reported, up to MOST_YEARS."""
        return [year for year in self.years if (*CITY, year) in self._rows]

    @cached_property
    def schools(self) -> dict[str, School]:
        """All schools by their key, in German order."""
        fields = ("number", "name", "form", "district", "campus")
        schools = School.objects.visible_to(self.viewer).alphabetical().only(*fields)
        return {str(school.pk): school for school in schools}

    @remembered
    def members(self, key: Key) -> list[str]:
        """Return the keys of the schools in a group, in German order."""
        grouping = self._grouping(key[0])
        return [school for school in self.schools if grouping[school] == key[1]]

    # --- How it is decided ---

    @remembered
    def _tells(self, key: Key, period: Period, name: str) -> bool:
        return may_tell_figure(period, lambda of: self.figures(key, of), name)

    @remembered
    def _tells_times(self, key: Key, period: Period, name: str) -> bool:
        """Return whether the times of a school, a group or a kind are told: its own, whatever schools are in it."""
        if not self._tells(key, period, name):
            return False
        if key[0] == Scope.SCHOOL:
            return True
        if key[0] == Scope.CATEGORY:
            return key[1] in self._kinds_timed(period, name)
        if key[0] == Scope.CAMPUS and self._has_moved(key, period, name):
            return False
        members, numbers = self.members(key), self._numbers(period, name)
        remainders = [
            sum(numbers.get(school, 0) for school in members if school not in self._telling_schools(of, name))
            for of in period.around
        ]
        return may_tell_times(getattr(self.figures(key, period), name).number, remainders)

    def _own_share(self, key: Key, period: Period, name: str) -> Share:
        return getattr(self.figures(key, period), name) if self._tells(key, period, name) else Share()

    def _share(self, key: Key, period: Period, name: str) -> Share:
        if key[0] == Scope.CATEGORY:
            return getattr(self.figures(key, period), name) if self._tells_kind(key, period, name) else Share()
        shares = [getattr(figures, name) for figures in self._added_up(key, period, name)]
        return Share(sum(share.part for share in shares), sum(share.number for share in shares))

    @remembered
    def _added_up(self, key: Key, period: Period, name: str) -> list[Figures]:
        """Return the figures of the schools of which the share of a group is made; none where it is not told."""
        telling = self._telling(key, period, name)
        if telling is None or getattr(self.figures(key, period), name).number < LEAST:
            return []
        if key[0] == Scope.CAMPUS and self._has_moved(key, period, name):
            return []
        members = [(Scope.SCHOOL, school) for school in self.members(key)]
        if telling is Telling.WITHOUT_SMALL:
            members = [school for school in members if self._tells(school, period, name)]
        return [self.figures(school, period) for school in members]

    def _has_moved(self, key: Key, period: Period, name: str) -> bool:
        """Return whether a campus has other reports than its schools of today, so that a share would be of others.

        Groups are counted some minutes after schools: what all schools differ from the city by then is no move.
        """
        return abs(self._missing(key, period, name)) > abs(self._missing(CITY, period, name))

    def _missing(self, key: Key, period: Period, name: str) -> int:
        """Return how many reports more the schools of a group have than the group itself."""
        numbers = self._numbers(period, name)
        return (
            sum(numbers.get(school, 0) for school in self.members(key))
            - getattr(self.figures(key, period), name).number
        )

    def _telling(self, key: Key, period: Period, name: str) -> Telling | None:
        if key[0] not in GROUPINGS or self._is_part(period) or not (period.months == YEAR or tells_parts(name)):
            return None
        return self._tellings(period, name)[GROUPINGS.index(key[0])].get(key[1])

    @remembered
    def _tellings(self, period: Period, name: str) -> list[dict[str, Telling]]:
        groupings = [self._grouping(scope) for scope in GROUPINGS]
        return told_groups(period, lambda of: self._numbers(of, name), groupings)

    @remembered
    def _numbers(self, period: Period, name: str) -> Mapping[str, int]:
        """Return of how many reports a time or a share of each school is."""
        if self._is_part(period):
            return self._numbers_of_parts.get((period, name), {})
        rows = ((school, self._rows.get((Scope.SCHOOL, school, period))) for school in self.schools)
        return {school: getattr(row, NUMBERS[name]) for school, row in rows if row}

    @remembered
    def _telling_schools(self, period: Period, name: str) -> set[str]:
        """Return the schools that tell a time themselves."""
        return {
            school
            for school in self._numbers(period, name)
            if may_tell(period, lambda of, school=school: self._numbers(of, name).get(school, 0))
        }

    def _is_part(self, period: Period) -> bool:
        """Return whether a period is shorter than the one that is shown, so that not everything is read of it."""
        return period.months < self.period.months

    @remembered
    def _grouping(self, scope: str) -> dict[str, str]:
        """Return to which group each school belongs, by its key in the read model."""
        key_of = {
            Scope.CITY: lambda school: "",
            Scope.CAMPUS: lambda school: str(school.campus_id or ""),
            Scope.FORM: lambda school: school.form,
            Scope.DISTRICT: lambda school: school.district,
        }[scope]
        return {key: key_of(school) for key, school in self.schools.items()}

    def _tells_kind(self, key: Key, period: Period, name: str) -> bool:
        """Return whether a share of a kind is told: for school years only, where kinds are mixed in the schools."""
        if period.months != YEAR or not tells_parts(name) or not self._tells(key, period, name):
            return False
        return key[1] in self._kinds_told(period)

    @remembered
    def _kinds_told(self, year: Period) -> set[str]:
        cells = [_numbers_of(kinds) for _, first, kinds in self._kinds if year.first <= first < year.ends]
        # What is told of the city as a whole has to hold for each of the shares.
        whole = all(self._telling(CITY, year, name) is Telling.WHOLE for name in OF_SOLUTIONS)
        return told_kinds(cells, is_whole_told=whole)

    @remembered
    def _kinds_timed(self, period: Period, name: str) -> set[str]:
        """Return the kinds whose times are told, given what the schools may tell of theirs."""
        ours, remainders = self._kinds_of_schools(period), defaultdict(list)
        for of in period.around:
            theirs, telling = self._kinds_of_schools(of), self._telling_schools(of, name)
            few, quiet = Counter(), Counter()
            for school, kinds in ours.items():
                few.update({kind: number for kind, number in kinds.items() if theirs[school][kind] < LEAST})
                quiet.update(kinds if school not in telling else {})
            for kind in few | quiet:
                remainders[kind] += (few[kind], quiet[kind])
        keys = {key for scope, key, of in self._rows if scope == Scope.CATEGORY and of == period}
        numbers = {key: getattr(self.figures((Scope.CATEGORY, key), period), name).number for key in keys}
        return timed_groups(numbers, remainders)

    @remembered
    def _kinds_of_schools(self, period: Period) -> Mapping[str, Counter]:
        """Return of how many reports of each kind a time is at least, for each school."""
        found = defaultdict(Counter)
        for school, first, kinds in self._kinds:
            if period.first <= first < period.ends:
                found[school].update(_numbers_of(kinds))
        return found

    # --- What is read ---

    @cached_property
    def _rows(self) -> dict[tuple[str, str, Period], PeriodFigures]:
        years = [self.period.year, self.period.year.year_before]
        wanted = Q(months=YEAR, first__in=[*(year.first for year in self.years), *(year.first for year in years)])
        for level in (HALF, MONTH):
            if self.period.months <= level:
                wanted |= Q(months=level, first__in=self._firsts(level))
        scope, key = self.detail
        whose = Q(scope=Scope.CITY) | (Q(scope=scope) if scope == Scope.CATEGORY else Q(scope=scope, key=key))
        detail = PeriodFigures.objects.in_years(years).filter(whose, months__in=[HALF, MONTH])
        found = PeriodFigures.objects.filter(wanted).defer("kinds", "rooms") | detail.defer("kinds", "rooms")
        return {(row.scope, row.key, row.period): row for row in found}

    def _firsts(self, months: int) -> list[date]:
        """Return when the periods of a size begin that are decided together with this one and the year before."""
        chains = (self.period, self.period.year_before)
        wholes = (chain.year if months == HALF else chain.whole for chain in chains)
        return [part.first for whole in wholes for part in whole.parts]

    @cached_property
    def _kinds(self) -> list[tuple[str, date, Mapping[str, list]]]:
        """What the read model tells of each kind, for each school and month of both years."""
        years = [self.period.year, self.period.year.year_before]
        rows = PeriodFigures.objects.in_years(years).filter(scope=Scope.SCHOOL, months=MONTH)
        return list(rows.values_list("key", "first", "kinds"))

    @cached_property
    def _numbers_of_parts(self) -> Mapping[tuple[Period, str], Mapping[str, int]]:
        """Of how many reports the times of each school are, in all parts of the year that is shown."""
        rows = PeriodFigures.objects.in_years([self.period.year]).filter(scope=Scope.SCHOOL)
        found: dict[tuple[Period, str], dict[str, int]] = defaultdict(dict)
        for key, first, months, *numbers in rows.values_list("key", "first", "months", *map(NUMBERS.get, TIMES)):
            for name, number in zip(TIMES, numbers, strict=True):
                found[Period(first, months), name][key] = number
        return found


def _numbers_of(kinds: Mapping[str, list]) -> dict[str, int]:
    """Return of how many reports of each kind times and shares are at least: among no fewer each of them hides."""
    return {kind: Group.of(numbers).solved_number for kind, numbers in kinds.items()}
