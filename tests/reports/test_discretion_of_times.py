"""No time of few reports comes out of what groups tell, not even where all others took the same.

That is the worst case: where a school says that half of its reports took an hour and nine of ten did too, one knows
nearly all of them. Whatever else a group says is then of those few whose school says nothing.
"""

from random import Random

import pytest

from reports.arithmetic import MOST, USUAL, percentile
from reports.discretion import LEAST, is_small, may_tell, may_tell_times, timed_groups
from tests.reports.test_discretion import PERIODS, YEAR
from tests.reports.test_discretion_of_groups import KINDS, MadeUpCity

HOUR = 60


class TimedCity(MadeUpCity):
    """All reports of schools that tell their year took an hour; each of the others took longer, and another time."""

    def __init__(self, lot):
        super().__init__(lot)
        self.dark = {school for school in self.schools if self.numbers(YEAR)[school] < LEAST}
        self.values = {
            (cell, place): HOUR if cell[0] not in self.dark else lot.randint(HOUR + 1, 5000)
            for cell, number in self.cells.items()
            for place in range(number)
        }

    def tells(self, school, period):
        return may_tell(period, lambda of: self.numbers(of)[school])

    def groups(self, least):
        """Return all groups that tell times: the reports of each. `least` tells a group of LEAST whatever is in it."""
        told = []
        for period in PERIODS:
            for place, grouping in enumerate(self.groupings):
                for group in sorted(set(grouping.values())):
                    members = self.members(place, group)
                    if least or self._may(members, period):
                        told.append(self.atoms(period, members))
            told += [self.atoms(period, kind=kind) for kind in self._kinds(period, least)]
        reports = [[report for report in self.values if report[0] in set(cells)] for cells in told]
        return [group for group in reports if len(group) >= LEAST]

    def _may(self, members, period):
        remainders = [
            sum(self.numbers(period)[school] for school in members if not self.tells(school, of))
            for of in period.around
        ]
        return may_tell_times(sum(self.numbers(period)[school] for school in members), remainders)

    def _kinds(self, period, least):
        if least:
            return KINDS

        def number(of, school, kind):
            return self.number(self.atoms(of, {school}, kind))

        def few(kind, says):
            return sum(number(period, school, kind) for school in self.schools if not says(school))

        remainders = {
            kind: [
                few(kind, says)
                for of in period.around
                for says in (
                    lambda school, of=of, kind=kind: number(of, school, kind) >= LEAST,
                    lambda school, of=of: self.tells(school, of),
                )
            ]
            for kind in KINDS
        }
        numbers = {kind: self.number(self.atoms(period, kind=kind)) for kind in KINDS}
        return timed_groups(numbers, remainders)

    def betrayed(self, groups):
        """Return the groups whose times would be others if fewer than LEAST reports had taken longer or less long."""
        return [group for group in groups if is_small(len(self.few(group))) and self._depends(group)]

    def few(self, group):
        return [report for report in group if report[0][0] in self.dark]

    def _depends(self, group):
        before = told(group, self.values)
        return any(
            told(group, {**self.values, **dict.fromkeys(self.few(group), time)}) != before
            for time in (HOUR, 2 * HOUR, 10_000)
        )


def told(group, values):
    ordered = sorted(values[report] for report in group)
    return percentile(ordered, USUAL), percentile(ordered, MOST)


def test_200_cities_give_no_time_of_few_away():
    groups, with_few = 0, 0
    for seed in range(200):
        city = TimedCity(Random(seed))
        found = city.groups(least=False)
        groups += len(found)
        with_few += sum(is_small(len(city.few(group))) for group in found)
        assert not city.betrayed(found), seed
    assert groups > 2_000 and with_few > 100


def test_the_attacker_would_find_it_if_every_group_of_five_told_times():
    found = 0
    for seed in range(60):
        city = TimedCity(Random(seed))
        found += bool(city.betrayed(city.groups(least=True)))
    assert found > 20


@pytest.mark.parametrize(
    ("number", "remainders", "told"),
    [
        (4, [0], False),
        (5, [0], True),
        (10, [1], False),  # the slowest is a tenth of what nine of ten took
        (11, [1], True),
        (20, [2], False),
        (21, [2], True),
        (9, [5], True),  # five hide each other
        (9, [5, 1], False),  # but not if the year says of four of them how long they took
        (9, [0, 0], True),
    ],
)
def test_few_that_are_new_hide_the_times_of_a_group_unless_they_lie_beyond_them(number, remainders, told):
    assert may_tell_times(number, remainders) is told


def test_kinds_that_leave_few_others_take_the_next_smallest_along():
    assert timed_groups({"display": 20, "network": 9}, {}) == {"display", "network"}
    assert timed_groups({"display": 20, "network": 7, "printer": 3}, {}) == {"display"}
    assert timed_groups({"display": 60, "network": 7, "printer": 3}, {}) == {"display", "network"}
    assert timed_groups({"display": 9, "network": 1}, {}) == set()
