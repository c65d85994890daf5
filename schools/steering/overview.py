"""What the coordination sees first: the campuses with whoever is on duty, what is uncovered, who has too much."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from campuses.models import Campus
from schools.models import School
from schools.roster import Manager
from schools.viewer import Viewer

from .load import Load, loads
from .reading import Steered, read_steered
from .rosters import Away, Gap


@dataclass(frozen=True)
class OnDuty:
    """Somebody on duty, and at how many schools of the campus."""

    person: Manager
    schools: int


@dataclass(frozen=True)
class CampusLine:
    """One campus today. `number` is its place in German order, by which the map names it too."""

    number: int
    campus: Campus
    schools: Sequence[School]
    manager: Manager | None
    load: Load | None
    is_absent: bool
    on_duty: Sequence[OnDuty]
    unattended: Sequence[School]
    open: int


@dataclass(frozen=True)
class UncoveredDays:
    """Days of an absence on which nobody is on duty for some schools."""

    gap: Gap
    schools: Sequence[School]


@dataclass(frozen=True)
class AbsenceLine:
    """One absence of now or later, with whoever stands in and what is left alone."""

    away: Away
    is_now: bool
    substitutes: Sequence[Manager]
    uncovered: Sequence[UncoveredDays]


class Overview:
    """The campuses of today in German order; three statements.

    `open_reports` are counts by school: reports live on a higher floor.
    """

    def __init__(self, viewer: Viewer, *, open_reports: Mapping[int, int] | None = None):
        self.viewer = viewer
        self.roster = viewer.roster
        self.open_reports = open_reports or {}

    @cached_property
    def steered(self) -> Steered:
        return read_steered(self.viewer)

    @cached_property
    def _by_key(self) -> dict[int, School]:
        return {school.pk: school for school in self.steered.schools}

    @cached_property
    def loads(self) -> dict[int, Load]:
        return loads(self.roster, self.steered.rosters.campus_of)

    @property
    def overloaded(self) -> list[Load]:
        """Who looks after more schools than agreed; in the order of their names, because it is no ranking."""
        return sorted((load for load in self.loads.values() if load.is_too_much), key=lambda load: load.person.name)

    @cached_property
    def unattended(self) -> list[School]:
        """The schools nobody is on duty for today."""
        return [school for school in self.steered.schools if self.on_duty(school) is None]

    def open_at(self, schools: Sequence[School]) -> int:
        return sum(self.open_reports.get(school.pk, 0) for school in schools)

    @property
    def open_unattended(self) -> int:
        """The open reports of the schools nobody is on duty for."""
        return self.open_at(self.unattended)

    def on_duty(self, school: School) -> Manager | None:
        return self.roster.manager_of(school.pk, school.campus_id)

    @cached_property
    def campuses(self) -> list[CampusLine]:
        members: dict[int, list[School]] = {}
        for school in self.steered.schools:
            members.setdefault(school.campus_id, []).append(school)
        return [
            self._line(number, campus, members.get(campus.pk, []))
            for number, campus in enumerate(self.steered.campuses, 1)
        ]

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The number of each campus on the map."""
        return {campus.pk: number for number, campus in enumerate(self.steered.campuses, 1)}

    @cached_property
    def absences(self) -> list[AbsenceLine]:
        return [self.absence(away) for away in self.steered.rosters.absences]

    def absence(self, away: Away) -> AbsenceLine:
        """Return the absence with what it leaves alone from today on."""
        rosters, today = self.steered.rosters, self.viewer.day
        uncovered = [
            UncoveredDays(gap, [self._by_key[school] for school in gap.schools])
            for gap in rosters.gaps(away, since=today)
        ]
        substitutes = {cover.substitute.id: cover.substitute for cover in away.covers}
        return AbsenceLine(away, away.holds_on(today), list(substitutes.values()), uncovered)

    def _line(self, number, campus, schools) -> CampusLine:
        manager = self.roster.managers.get(campus.pk)
        people = [(school, self.on_duty(school)) for school in schools]
        counts = Counter(person for _school, person in people if person is not None)
        return CampusLine(
            number,
            campus,
            schools,
            manager,
            self.loads.get(manager.id) if manager else None,
            manager is not None and manager.id in self.roster.absent,
            [OnDuty(person, count) for person, count in sorted(counts.items(), key=lambda pair: pair[0].name)],
            [school for school, person in people if person is None],
            self.open_at(schools),
        )
