"""Nothing small is told, and nothing told gives something small away, whatever is added up and subtracted."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from reports.discretion import LEAST, is_small, may_tell, named_groups, told_parts
from reports.periods import Period

YEAR = Period(date(2025, 8, 1))
PERIODS = [YEAR, *YEAR.parts, *YEAR.each_month]
PRIME = 1_000_003


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([10, 7], {0, 1}),
        ([10, 2], set()),  # or the two would come out as the whole without the ten
        ([10, 0], {0}),
        ([9, 8, 2], {0}),  # the next smallest goes with the small one
        ([9, 8, 2, 3], {0, 1}),  # two small ones hide each other
        ([4], set()),
        ([], set()),
    ],
)
def test_a_small_part_takes_the_next_smallest_along(counts, told):
    assert told_parts(counts) == told


def test_the_same_groups_are_named_in_both_halves_or_in_none():
    first = Counter(display=20, network=9, printer=6, iserv=7)
    second = Counter(display=15, network=8, printer=2, iserv=6)

    def counts(period):
        return first + second if period == YEAR else (first, second)[YEAR.parts.index(period)]

    groups = {"display", "network", "printer", "iserv"}
    assert named_groups(YEAR, groups, counts) == groups
    for half in YEAR.parts:  # two printers in the second: hidden with the next, in both, so that nothing comes out
        assert named_groups(half, groups, counts) == {"display", "network"}


class Attacker:
    """Knows some sums of unknown numbers, and finds out whether another sum follows from them."""

    def __init__(self, unknown):
        self.place = {atom: place for place, atom in enumerate(unknown)}
        self.known = {}  # leading place: row

    def learn(self, atoms):
        row = self._without_known(atoms)
        if row:
            lead = min(row)
            inverse = pow(row[lead], -1, PRIME)
            self.known[lead] = {place: value * inverse % PRIME for place, value in row.items()}

    def knows(self, atoms):
        return not self._without_known(atoms)

    def _without_known(self, atoms):
        row = {self.place[atom]: 1 for atom in atoms if atom in self.place}
        done = -1
        while todo := [place for place in row if place > done]:
            done = min(todo)
            if done in self.known:
                factor = row[done]
                for place, value in self.known[done].items():
                    left = (row.get(place, 0) - factor * value) % PRIME
                    if left:
                        row[place] = left
                    else:
                        row.pop(place, None)
        return row


def a_year(lot):
    """Return how often each group was reported in each month; zeros are left out, the attacker may know them."""
    groups = ["display", "network", "printer", "iserv", None][: lot.randint(2, 5)]
    most = {group: lot.choice([2, 6, 15, 40]) for group in groups}
    drawn = {(month, group): lot.randint(0, most[group]) for month in YEAR.each_month for group in groups}
    return {cell: number for cell, number in drawn.items() if number}


def within(cells, period, group=...):
    months = period.each_month
    return [(month, name) for month, name in cells if month in months and (group is ... or name == group)]


def test_200_years_of_kinds_give_no_small_number_away():
    hidden = 0
    for seed in range(200):
        cells = a_year(Random(seed))
        groups = {group for _month, group in cells}

        def counts(period, cells=cells):
            return Counter({name: sum(cells[c] for c in within(cells, period, name)) for _month, name in cells})

        attacker = Attacker(cells)
        for period in PERIODS:
            attacker.learn(within(cells, period))  # how many there were is always told
            for group in named_groups(period, groups, counts):
                assert not is_small(counts(period)[group])
                attacker.learn(within(cells, period, group))
        for period in PERIODS:
            for group in groups:
                if is_small(counts(period)[group]):
                    hidden += 1
                    if len([g for g in groups if counts(period)[g]]) > 1:  # else it is the total, which is always told
                        assert not attacker.knows(within(cells, period, group)), (seed, period, group)
    assert hidden > 1000


def test_200_years_of_shares_give_no_small_one_away():
    hidden = 0
    for seed in range(200):
        lot = Random(seed)
        cells = {(month, None): n for month in YEAR.each_month if (n := lot.randint(0, lot.choice([3, 8, 25])))}

        def count(period, cells=cells):
            return sum(cells[cell] for cell in within(cells, period))

        attacker = Attacker(cells)
        for period in PERIODS:
            if may_tell(period, count):
                assert count(period) >= LEAST
                attacker.learn(within(cells, period))
        for period in PERIODS:
            if is_small(count(period)):
                hidden += 1
                assert not attacker.knows(within(cells, period)), (seed, period)
    assert hidden > 300
