"""One absence: who stands in where, how the chain resolves day by day, and what nobody is on duty for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from campuses.models import Absence
from schools.models import School
from schools.roster import Manager
from schools.viewer import Viewer

from .overview import AbsenceLine, Overview
from .rosters import ONE_DAY, Away, Period, StandIn


@dataclass(frozen=True)
class Stretch(Period):
    """Days on which the same people stand in for each other; the last of `chain` is on duty, or nobody is."""

    chain: tuple[Manager, ...]
    on_duty: Manager | None

    @property
    def substitutes(self) -> tuple[Manager, ...]:
        """Who stands in for the absent person, and who for the one before."""
        return self.chain[1:]


@dataclass(frozen=True)
class SchoolLine:
    """One school of the absent person during the absence."""

    school: School
    covers: Sequence[StandIn]
    stretches: Sequence[Stretch]


@dataclass(frozen=True)
class SubstituteLine:
    """What one person was asked to stand in for."""

    person: Manager
    covers: Sequence[StandIn]
    absences: Sequence[Away]  # on which they are away themselves


class AbsencePage:
    """An absence of today or later; three statements. Raises Absence.DoesNotExist where there is none."""

    def __init__(self, viewer: Viewer, pk: int):
        self.overview = Overview(viewer)
        self.day = viewer.day
        away = self.overview.steered.away(pk)
        if away is None:
            raise Absence.DoesNotExist
        self.away: Away = away

    @property
    def line(self) -> AbsenceLine:
        return self.overview.absence(self.away)

    @property
    def has_begun(self) -> bool:
        return self.away.starts_on < self.day

    @cached_property
    def period(self) -> Period:
        """What of the absence is still to come."""
        return Period(max(self.away.starts_on, self.day), self.away.ends_on)

    @cached_property
    def schools(self) -> list[SchoolLine]:
        """The schools of the absent person, in German order."""
        lying = set(self.overview.steered.rosters.schools_of(self.away, since=self.day))
        return [self._line(school) for school in self.overview.steered.schools if school.pk in lying]

    @property
    def unasked(self) -> list[School]:
        """The schools for which nobody was asked to stand in on some of the days."""
        return [line.school for line in self.schools if any(not part.substitutes for part in line.stretches)]

    @property
    def unasked_days(self) -> Period:
        """The first of these days; up to the end of the absence it has no last one. All of it where none is left."""
        parts = [part for line in self.schools for part in line.stretches if not part.substitutes]
        first = min(parts, key=lambda part: part.starts_on, default=self.period)
        return Period(first.starts_on, None if first.ends_on == self.away.ends_on else first.ends_on)

    @property
    def substitutes(self) -> list[SubstituteLine]:
        """Who was asked to stand in, with all their covers."""
        people: dict[int, list[StandIn]] = {}
        for cover in self.away.covers:
            people.setdefault(cover.substitute.id, []).append(cover)
        others = self.overview.steered.rosters.absences
        return [
            SubstituteLine(
                covers[0].substitute,
                covers,
                [away for away in others if away.person.id == person and away.meets(self.period)],
            )
            for person, covers in people.items()
        ]

    def _line(self, school: School) -> SchoolLine:
        rosters = self.overview.steered.rosters
        stretches: list[Stretch] = []
        for turn in rosters.turns(self.period):
            roster = rosters.on(turn.starts_on)
            place = (school.pk, school.campus_id)
            chain, on_duty = tuple(roster.chain_of(*place)), roster.manager_of(*place)
            last = stretches[-1] if stretches else None
            if last and (last.chain, last.on_duty) == (chain, on_duty) and last.ends_on == turn.starts_on - ONE_DAY:
                stretches[-1] = Stretch(last.starts_on, turn.ends_on, chain, on_duty)
            else:
                stretches.append(Stretch(turn.starts_on, turn.ends_on, chain, on_duty))
        covers = [cover for cover in self.away.covers if cover.school == school.pk]
        return SchoolLine(school, covers, stretches)
