"""Nothing small comes out of the city's page and those of all schools, whatever is added up and subtracted."""

from collections import Counter
from functools import cache
from random import Random

import pytest

from reports.discretion import LEAST, Pieces, Telling, is_small, may_tell, told_groups, told_kinds
from tests.reports.test_discretion import PERIODS, YEAR, Attacker

WHOLE, WITHOUT = Telling.WHOLE, Telling.WITHOUT_SMALL
KINDS = ["display", "network", "printer", "iserv"]


class MadeUpCity:
    """How often each kind was reported at each school in each month, and to which groups the schools belong."""

    def __init__(self, lot):
        self.schools = [f"s{n}" for n in range(lot.randint(2, 9))]
        sizes = {school: lot.choice([1, 1, 2, 6, 20, 60]) for school in self.schools}
        months = lot.sample(YEAR.each_month, lot.choice([3, 6, 12]))
        kinds = KINDS[: lot.randint(1, 4)]
        drawn = Counter()
        for school in self.schools:
            for _ in range(lot.randint(0, sizes[school])):
                drawn[school, lot.choice(months), lot.choice(kinds)] += 1
        self.cells = dict(drawn)
        self.groupings = [dict.fromkeys(self.schools, "city")]
        for count in (3, 3, 2):  # campuses, forms, districts
            self.groupings.append({school: f"g{lot.randrange(count)}" for school in self.schools})
        self.numbers = cache(self._numbers)

    def _numbers(self, period):
        months = set(period.each_month)
        numbers = Counter()
        for (school, month, _kind), number in self.cells.items():
            if month in months:
                numbers[school] += number
        return numbers

    def atoms(self, period, schools=None, kind=None):
        months = set(period.each_month)
        return [
            cell
            for cell in self.cells
            if cell[1] in months and (schools is None or cell[0] in schools) and kind in (None, cell[2])
        ]

    def number(self, atoms):
        return sum(self.cells[atom] for atom in atoms)

    def members(self, grouping, group):
        return {school for school, its in self.groupings[grouping].items() if its == group}

    def school_tells(self, school, period):
        return may_tell(period, lambda of: self.numbers(of)[school])

    def told(self):
        """Yield all that is told: the reports of which a share is known exactly."""
        for period in PERIODS:
            for school in self.schools:
                if self.school_tells(school, period):
                    yield self.atoms(period, {school})
            for place, groups in enumerate(told_groups(period, self.numbers, self.groupings)):
                for group, telling in groups.items():
                    members = self.members(place, group)
                    if telling is WITHOUT:
                        members = {school for school in members if self.school_tells(school, period)}
                    yield self.atoms(period, members)
        city = told_groups(YEAR, self.numbers, self.groupings)[0]
        for kind in told_kinds(self.by_kind(), is_whole_told=city.get("city") is WHOLE):
            yield self.atoms(YEAR, kind=kind)

    def by_kind(self):
        cells = {}
        for (school, month, kind), number in self.cells.items():
            cells.setdefault((school, month), Counter())[kind] += number
        return cells.values()

    def secrets(self, lot):
        """Yield sets of reports that somebody could ask for, and some that are drawn by lot."""
        yield from ([cell] for cell in self.cells)
        for period in PERIODS:
            untold = {school for school in self.schools if not self.school_tells(school, period)}
            for school in self.schools:
                yield self.atoms(period, {school})
                for kind in KINDS:
                    yield self.atoms(period, {school}, kind)
            for kind in KINDS:
                yield self.atoms(period, kind=kind)
                yield self.atoms(period, untold, kind)
            for place in range(4):
                for group in set(self.groupings[place].values()):
                    members = self.members(place, group)
                    yield self.atoms(period, members)
                    yield self.atoms(period, members & untold)
                    for other in range(place):
                        for its in set(self.groupings[other].values()):
                            yield self.atoms(period, members & untold & self.members(other, its))
                            yield self.atoms(period, (members & untold) - self.members(other, its))
        small = [cell for cell, number in self.cells.items() if number < LEAST - 1]
        for _ in range(100):
            yield lot.sample(small, min(len(small), lot.choice([2, 3])))


def test_200_cities_give_no_small_share_away():
    hidden, told = 0, 0
    for seed in range(200):
        lot = Random(seed)
        city = MadeUpCity(lot)
        attacker = Attacker(city.cells)
        for atoms in city.told():
            assert not is_small(city.number(atoms)), seed
            attacker.learn(atoms)
            told += bool(atoms)
        for atoms in city.secrets(lot):
            if is_small(city.number(atoms)):
                hidden += 1
                assert not attacker.knows(atoms), (seed, atoms)
    assert hidden > 20_000 and told > 4_000


def test_the_attacker_would_find_it_if_every_group_of_five_were_told():
    found = 0
    for seed in range(40):
        lot = Random(seed)
        city = MadeUpCity(lot)
        attacker = Attacker(city.cells)
        for period in PERIODS:
            sets = [city.atoms(period, {school}) for school in city.schools]
            for place in range(4):
                sets += [city.atoms(period, city.members(place, its)) for its in set(city.groupings[place].values())]
            for atoms in sets:
                if city.number(atoms) >= LEAST:
                    attacker.learn(atoms)
        found += any(is_small(city.number(atoms)) and attacker.knows(atoms) for atoms in city.secrets(lot))
    assert found > 20


def year(numbers, *groupings):
    """Return what the groupings tell of a school year, the city left out."""
    schools = dict.fromkeys(numbers, "city")
    return told_groups(YEAR, lambda period: numbers, [schools, *groupings])


def test_where_all_schools_tell_themselves_all_groups_do():
    numbers = {"brecht": 9, "widey": 7, "kant": 30, "empty": 0}
    city, campus = year(numbers, {"brecht": "k", "widey": "k", "kant": "a", "empty": "e"})
    assert city == {"city": WHOLE} and campus == {"k": WHOLE, "a": WHOLE, "e": WHOLE}


def test_a_small_school_hides_the_share_of_its_campus_or_is_left_out_of_it():
    assert year({"brecht": 9, "widey": 3}) == [{}]
    assert year({"brecht": 90, "widey": 3}) == [{"city": WITHOUT}]
    assert year({"brecht": 9, "widey": 3, "kant": 2}) == [{"city": WHOLE}]  # the two hide each other


def test_a_form_that_would_single_out_a_school_among_those_of_its_campus_tells_nothing():
    numbers = {"a": 3, "b": 3, "c": 3, "d": 3}
    campus = {"a": "k", "b": "k", "c": "l", "d": "l"}
    assert year(numbers, campus)[1] == {"k": WHOLE, "l": WHOLE}
    assert year(numbers, campus, {"a": "x", "b": "y", "c": "y", "d": "y"})[2] == {}  # x is a; y all others
    assert year(numbers, campus, {"a": "x", "b": "y", "c": "x", "d": "y"})[2] == {"x": WHOLE, "y": WHOLE}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([{"display": 9, "network": 9}], {"display", "network"}),
        ([{"display": 9, "network": 3}], set()),
        ([{"display": 9}, {"network": 9}], set()),  # who knows the schools knows the kinds; nothing new, nothing told
        ([{"display": 9, "network": 6, "printer": 2}], {"display"}),  # two printers, and the next with them
        ([{"display": 5, "network": 1}] * 5, {"display", "network"}),
        ([], set()),
    ],
)
def test_kinds_are_told_where_they_are_mixed_in_the_schools(cells, told):
    assert told_kinds(cells, is_whole_told=True) == told


def test_a_set_that_runs_through_pieces_is_told_if_five_come_out_together_with_it():
    pieces = Pieces({"a": 3, "b": 4, "c": 2, "d": 6}, lambda atom: None)
    assert pieces.tell("abcd")
    assert not pieces.tell("a")
    assert pieces.tell("ac")  # five, and ten others
    assert pieces.tell("bc")  # with c or a of the five, and with b or d of the ten
    assert not pieces.tell("a")
