"""The rosters of many days, read once: who stands in in the end, and which days nobody is on duty. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from schools.roster import Manager, Roster

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included; without a last one until further notice."""

    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def meets(self, other: "Period") -> bool:
        """Return whether the two have a day in common."""
        return (other.ends_on is None or self.starts_on <= other.ends_on) and (
            self.ends_on is None or other.starts_on <= self.ends_on
        )


@dataclass(frozen=True)
class Term(Period):
    """Somebody looks after a campus for a while."""

    pk: int
    campus: int
    person: Manager


@dataclass(frozen=True)
class StandIn(Period):
    """Somebody stands in at one school for a while."""

    pk: int
    school: int
    substitute: Manager


@dataclass(frozen=True)
class Away(Period):
    """Somebody is absent for a while, with whoever stands in."""

    pk: int
    person: Manager
    covers: tuple[StandIn, ...] = ()


@dataclass(frozen=True)
class Gap(Period):
    """Days on which nobody is on duty for these schools."""

    schools: tuple[int, ...]


@dataclass(frozen=True)
class Rosters:
    """Terms and absences of some time, and the campus each school belongs to now."""

    terms: tuple[Term, ...]
    absences: tuple[Away, ...]
    campus_of: Mapping[int, int | None]

    def on(self, day: date) -> Roster:
        """Return the roster of one day, as `coverage.roster_on` would read it."""
        covers = {
            (away.person.id, cover.school): cover.substitute
            for away in self.absences
            if away.holds_on(day)
            for cover in away.covers
            if cover.holds_on(day)
        }
        return Roster(
            {term.campus: term.person for term in self.terms if term.holds_on(day)},
            frozenset(away.person.id for away in self.absences if away.holds_on(day)),
            covers,
            {school: self.campus_of.get(school) for _person, school in covers},
        )

    def turns(self, period: Period) -> list[Period]:
        """Return the period cut into stretches during which the roster stays as it is."""
        rows = [*self.terms, *self.absences, *(cover for away in self.absences for cover in away.covers)]
        days = {row.starts_on for row in rows} | {row.ends_on + ONE_DAY for row in rows if row.ends_on}
        cuts = [period.starts_on, *sorted(day for day in days if day > period.starts_on and period.holds_on(day))]
        ends = [*(day - ONE_DAY for day in cuts[1:]), period.ends_on]
        return [Period(first, last) for first, last in zip(cuts, ends, strict=True)]

    def gaps(self, away: Away, *, since: date) -> list[Gap]:
        """Return when nobody is on duty for schools the absent person has to look after, from `since` on."""
        if away.ends_on is not None and away.ends_on < since:
            return []
        found: list[Gap] = []
        for turn in self.turns(Period(max(away.starts_on, since), away.ends_on)):
            roster = self.on(turn.starts_on)
            schools = tuple(school for school in self.campus_of if self._is_left_alone(school, away, roster))
            before = found[-1] if found else None
            if before and before.schools == schools and before.ends_on == turn.starts_on - ONE_DAY:
                found[-1] = Gap(before.starts_on, turn.ends_on, schools)
            elif schools:
                found.append(Gap(turn.starts_on, turn.ends_on, schools))
        return found

    def schools_of(self, away: Away, *, since: date) -> list[int]:
        """Return the schools that lie with the absent person on at least one day of the absence, from `since` on."""
        if away.ends_on is not None and away.ends_on < since:
            return []
        period = Period(max(away.starts_on, since), away.ends_on)
        rosters = [self.on(turn.starts_on) for turn in self.turns(period)]
        return [
            school
            for school, campus in self.campus_of.items()
            if any(away.person.id in _ids(roster.chain_of(school, campus)) for roster in rosters)
        ]

    def _is_left_alone(self, school, away, roster) -> bool:
        campus = self.campus_of[school]
        if roster.manager_of(school, campus) is not None:
            return False
        return away.person.id in _ids(roster.chain_of(school, campus))


def _ids(people: Iterable[Manager]) -> set[int]:
    return {person.id for person in people}
