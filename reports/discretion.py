"""What may be told without pointing at anybody. Pure.

How many were reported, solved and are open is always told. Times, shares and comparisons are told of LEAST reports
and more, and groups below are not named. Nothing of it may come out by subtraction either: what stays untold within a
whole that is told is nothing or LEAST at least, so hiding a small part hides the next smallest with it. Periods nest
and do not overlap, so this is decided from the school year downwards, and what is untold stays so in its parts.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from typing import TypeVar

from reports.periods import YEAR, Period

LEAST = 5  # reports
Group = TypeVar("Group", bound=Hashable)


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
    if not may_tell(period.whole, count):
        return False
    parts = period.whole.parts
    return parts.index(period) in told_parts([count(part) for part in parts])


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


def is_small(count: int) -> bool:
    return 0 < count < LEAST
