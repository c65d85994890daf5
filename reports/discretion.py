"""What may be told without pointing at anybody. Pure.

How many were reported, solved and are open is always told. Times, shares and comparisons are told of LEAST reports
and more, and groups below are not named. Nothing of it may come out by subtraction either: what stays untold within a
whole that is told is nothing or LEAST at least, so hiding a small part hides the next smallest with it. Periods nest
and do not overlap, so this is decided from the school year downwards, and what is untold stays so in its parts.

Groups of schools overlap: a campus and a school form share some schools and not others. Shares add up, so what a group
tells is only what is new in it: its remainder, the schools that are untold themselves. What is told already cuts all
reports into pieces, and whatever is added up and subtracted of it has one value on each piece. Telling a remainder
that runs through pieces lets something new come out only together with one side of each of them. So it may be told
when these sides come to LEAST at least: then nothing small comes out that did not before (`told_groups`).

Times do not add up, but the slowest of a few that are new stand out among those one knows (`may_tell_times`).
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence, Set
from copy import copy
from enum import Enum
from itertools import count as numbered
from typing import TypeVar

from reports.arithmetic import MOST, Figures
from reports.periods import HALF, MONTH, YEAR, Period

LEAST = 5  # reports
LEFT_OUT = 0.1  # of the reports of a group at most, where its share is told without its small schools
Group = TypeVar("Group", bound=Hashable)
School = TypeVar("School", bound=Hashable)
Atom = TypeVar("Atom", bound=Hashable)
_NAMES = numbered()  # of pieces


class Telling(Enum):
    """How the share of a group of schools may be told."""

    WHOLE = "whole"
    WITHOUT_SMALL = "without small"  # added up of the schools that tell their own; so it tells nothing new


def told_parts(counts: Sequence[int]) -> set[int]:
    """Return the places of those parts of a told whole of which something may be told."""
    told = {place for place, count in enumerate(counts) if count >= LEAST}
    while told and is_small(sum(counts) - sum(counts[place] for place in told)):
        told.remove(min(told, key=lambda place: (counts[place], place)))
    return told


def may_tell(period: Period, count: Callable[[Period], int]) -> bool:
    """Return whether a time or a share may be told for a period; `count` says of how many reports it would be."""
    if period.months == YEAR:
        return count(period) >= LEAST
    whole = period.whole
    if not may_tell(whole, count):
        return False
    parts = whole.parts
    return parts.index(period) in told_parts([count(part) for part in parts])


def tells_parts(name: str) -> bool:
    """Return whether a figure is told for parts of a school year, and for kinds, at all.

    Answers are not: they are told in steps of a school and a school year, so that a share never changes by a single
    one. A part of the year or of the kinds would hold one or two of a step, and show them as it grows.
    """
    return name != "satisfied"


def may_tell_figure(period: Period, figures: Callable[[Period], Figures], name: str) -> bool:
    """Return whether a time or a share of a school or the city, by its name in Figures, may be told for a period."""
    if period.months != YEAR and not tells_parts(name):
        return False
    return may_tell(period, lambda of: getattr(figures(of), name).number)


def may_tell_times(number: int, remainders: Iterable[int]) -> bool:
    """Return whether the times of a group may be told.

    `remainders`: how many of its reports are of parts that tell no times of this period, and of the longer ones.
    Where all others took the same, what nine of ten took is the value of one of the slowest. So each remainder is
    nothing, LEAST at least, or so few that they lie beyond it even if they are the slowest.
    """
    beyond = (100 - MOST) * (number - 1) // 100
    return number >= LEAST and not any(is_small(few) and few > beyond for few in remainders)


def timed_groups(numbers: Mapping[Group, int], remainders: Mapping[Group, Collection[int]]) -> set[Group]:
    """Return which groups that do not overlap may tell times beside their whole, without giving away the others'."""
    total = sum(numbers.values())
    timed = {group for group, number in numbers.items() if may_tell_times(number, remainders.get(group, ()))}
    while timed and not may_tell_times(total, [total - sum(numbers[group] for group in timed)]):
        timed.remove(min(timed, key=lambda group: (numbers[group], str(group))))
    return timed


def named_groups(period: Period, groups: Set[Group], counts: Callable[[Period], Mapping[Group, int]]) -> set[Group]:
    """Return the groups that may be named with their number in a period; the others are counted together.

    The same ones are named in all parts of a whole, or in none: those that are nowhere small. Then neither the other
    parts nor the whole, nor what is counted together, gives a small one away.
    """
    if period.months == YEAR:
        parts, named = [period], set(groups)
    else:
        parts, named = period.whole.parts, named_groups(period.whole, groups, counts)
    by_part = [counts(part) for part in parts]
    named = {group for group in named if not any(is_small(part.get(group, 0)) for part in by_part)}
    while named and any(is_small(sum(part.values()) - sum(part.get(group, 0) for group in named)) for part in by_part):
        named.remove(min(named, key=lambda group: (sum(part.get(group, 0) for part in by_part), str(group))))
    return named


def told_groups(
    period: Period, numbers: Callable[[Period], Mapping[School, int]], groupings: Sequence[Mapping[School, Group]]
) -> list[dict[Group, Telling]]:
    """Return, for each grouping, which groups tell a share in a period, and how; the others are left out.

    `numbers` says of how many reports the share of each school is. The first grouping is the city, one group of all
    schools; those that come first are told first. Which schools tell their own is decided by `may_tell`.
    """
    decided = _Decisions(period, numbers, groupings)
    for level in levels(period):
        decided.decide(level)
    return [
        {group: share for (place, group, of), share in decided.shares.items() if (place, of) == (number, period)}
        for number in range(len(groupings))
    ]


def told_kinds(cells: Iterable[Mapping[Group, int]], *, is_whole_told: bool) -> set[Group]:
    """Return the kinds of report of which a share may be told for a school year.

    `cells` says for each school and month how many of each kind there are, or fewer. Schools and their groups tell of
    all kinds together, so the kinds of one school and month are one piece; `is_whole_told`: of all together is told.
    """
    left = [Counter({kind: number for kind, number in cell.items() if number > 0}) for cell in cells]
    totals = sum(left, Counter())
    told = set()
    for kind in sorted(totals, key=lambda kind: (-totals[kind], str(kind))):
        cut = sum(min(cell[kind], cell.total() - cell[kind]) for cell in left)
        is_last = is_whole_told and len(told) == len(totals) - 1  # then it is known anyway
        if cut >= LEAST or (is_last and totals[kind] >= LEAST):
            told.add(kind)
            for cell in left:
                del cell[kind]
    return told


class _Decisions:
    """Tells what may be told, level by level; remembers into which pieces that cuts the reports.

    An atom is what one school reported in one of the smallest periods that matter here, its units.
    """

    def __init__(self, period, numbers, groupings):
        self.groupings = groupings
        self.groups = [sorted(set(grouping.values()), key=str) for grouping in groupings]
        self.numbers = {of: numbers(of) for level in levels(period) for of in level}
        self._telling: dict[Period, set] = {}
        self.untold = self._untold(levels(period))
        # The smallest periods: each that no other one divides, and which of them lie in each.
        self.smallest = [of for of in self.numbers if not any(part in self.numbers for part in of.parts)]
        self.units = {
            of: [place for place, unit in enumerate(self.smallest) if of.first <= unit.first < of.ends]
            for of in self.numbers
        }
        # Schools that tell everything are pieces of their own, and in no remainder.
        quiet = set().union(*self.untold.values())
        self.pieces = Pieces(self._atoms(range(len(self.smallest)), quiet), self._told_around())
        self.shares: dict[tuple[int, Group, Period], Telling] = {}

    def decide(self, level: Sequence[Period]) -> None:
        """Decide for periods beside each other, given what is told of those above them."""
        if level[0].months == MONTH:
            # Months of the two halves are decided apart: smaller pieces are on the safe side.
            half = [unit.whole.first if unit.months == MONTH else unit.first for unit in self.smallest]
            self.pieces.refine(lambda atom: half[atom[1]])
        for of in sorted(level, key=lambda of: (-sum(self.numbers[of].get(s, 0) for s in self.untold[of]), of)):
            self.shares |= self._decided(of)

    def _decided(self, of: Period) -> dict:
        remainders = {(place, group, of): [] for place, groups in enumerate(self.groups) for group in groups}
        for school, unit in self._atoms(self.units[of], self.untold[of]):
            for place, grouping in enumerate(self.groupings):
                remainders[place, grouping[school], of].append((school, unit))
        shares = {key: Telling.WHOLE for key, atoms in remainders.items() if not atoms}
        left = [key for key in remainders if key not in shares]
        size = {key: sum(self.pieces.number[atom] for atom in remainders[key]) for key in left}
        left.sort(key=lambda key: (key[0], -size[key], str(key[1])))
        shares |= dict.fromkeys(self._with_the_city(left, remainders), Telling.WHOLE)
        for key in left:
            if key not in shares and self.pieces.tell(remainders[key]):
                shares[key] = Telling.WHOLE
        while follows := [key for key in left if key not in shares and self._follows(key, shares)]:
            shares |= dict.fromkeys(follows, Telling.WHOLE)
        for key in left:
            members = (school for school, its in self.groupings[key[0]].items() if its == key[1])
            whole = sum(self.numbers[of].get(school, 0) for school in members)
            if key not in shares and whole - size[key] >= LEAST and size[key] <= LEFT_OUT * whole:
                shares[key] = Telling.WITHOUT_SMALL
        return shares

    def _with_the_city(self, keys: list, remainders: Mapping) -> list:
        """Tell the city and as many groups of the first grouping as may be told beside it; return which.

        Those that may not are told together, though nobody asks; if that is too little, with the next smallest.
        """
        city, groups = [key for key in keys if key[0] == 0], [key for key in keys if key[0] == 1]
        before, together = self.pieces, set()
        while groups and len(together) < len(groups):
            self.pieces = before.copy()
            told = [key for key in groups if key not in together and self.pieces.tell(remainders[key])]
            together.update(key for key in groups if key not in told)
            if not together or self.pieces.tell([atom for key in together for atom in remainders[key]]):
                return city + told
            together.update(told[-1:])
        self.pieces = before
        return []

    def _follows(self, key, shares) -> bool:
        """Return whether a share is known anyway: what is left of the city, or of the longer period."""
        place, group, of = key

        def all_whole(keys):
            return all((shares.get(key) or self.shares.get(key)) is Telling.WHOLE for key in keys)

        beside = [(place, other, of) for other in self.groups[place] if other != group]
        known = place and all_whole([(0, self.groups[0][0], of), *beside])
        parts = [(place, group, part) for part in of.whole.parts if part != of]
        return known or (of.months != YEAR and all_whole([(place, group, of.whole), *parts]))

    def _atoms(self, units: Iterable[int], schools: Iterable) -> Mapping:
        """Return what schools reported in each of these units, by their places, with its number."""
        found = {}
        for unit in units:
            numbers = self.numbers[self.smallest[unit]]
            found |= {(school, unit): numbers[school] for school in schools if numbers.get(school)}
        return found

    def _untold(self, decided: list[Sequence[Period]]) -> dict[Period, set]:
        """Return which schools with reports do not tell their own share in each period; as `may_tell` decides."""
        untold = {}
        for level in decided:
            for whole in {of.whole: of for of in level}:
                parts = whole.parts if level[0].months != YEAR else (whole,)
                told = [set() for _ in parts]
                for school in self.groupings[0]:
                    counts = [self.numbers[part].get(school, 0) for part in parts]
                    if level[0].months == YEAR or school in self._telling[whole]:
                        for place in told_parts(counts) if len(parts) > 1 else range(counts[0] >= LEAST):
                            told[place].add(school)
                for part, its in zip(parts, told, strict=True):
                    self._telling[part] = its
                    untold[part] = {s for s in self.groupings[0] if self.numbers[part].get(s) and s not in its}
        return untold

    def _told_around(self) -> Callable:
        """Return what says which periods around an atom its school tells itself; None for nothing."""
        around = [[of for of, units in self.units.items() if unit in units] for unit in range(len(self.smallest))]

        def told(atom):
            school, unit = atom
            periods = [(of.first, of.months) for of in around[unit] if school in self._telling[of]]
            return (school, *periods) if periods else None

        return told


class Pieces:
    """The reports, cut by all that is told: what is added up and subtracted of it has one value on each piece.

    Nothing that is told touches the piece None, so there this value is nothing.
    """

    def __init__(self, number: Mapping[Atom, int], piece_of: Callable[[Atom], Hashable]):
        self.number = number
        self._cut_into({atom: piece_of(atom) for atom in number})

    def tell(self, atoms: Collection[Atom]) -> bool:
        """Tell a set of reports if nothing small comes out by it; return whether it is told."""
        inside = Counter()
        for atom in atoms:
            inside[self.piece[atom]] += self.number[atom]
        sides = (n if piece is None else min(n, self.size[piece] - n) for piece, n in inside.items())
        if sum(sides) < LEAST:
            return False
        cut = {piece: ("told", next(_NAMES)) for piece in inside}
        self.piece.update([(atom, cut[self.piece[atom]]) for atom in atoms])
        self.size.subtract(inside)
        self.size.update({cut[piece]: number for piece, number in inside.items()})
        return True

    def copy(self) -> "Pieces":
        twin = copy(self)
        twin.piece, twin.size = dict(self.piece), Counter(self.size)
        return twin

    def refine(self, by: Callable[[Atom], Hashable]) -> None:
        """Cut every piece further; that is always on the safe side."""
        self._cut_into({atom: piece and (piece, by(atom)) for atom, piece in self.piece.items()})

    def _cut_into(self, piece: dict[Atom, Hashable]) -> None:
        self.piece, self.size = piece, Counter()
        for atom, its in piece.items():
            self.size[its] += self.number[atom]


def levels(period: Period) -> list[Sequence[Period]]:
    """Return the periods that are decided together: the year, its halves, the months of the half; to this one.

    No others are asked for to decide what may be told in it.
    """
    decided = [(period.year,)]
    if period.months != YEAR:
        decided.append(period.year.parts)
    if period.months not in (YEAR, HALF):
        decided.append(period.whole.parts)
    return decided


def is_small(count: int) -> bool:
    return 0 < count < LEAST
