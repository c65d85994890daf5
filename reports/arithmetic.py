"""How figures are counted. Pure: facts about reports go in, no person is among them, figures come out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tickets.sla import SERVICE_DAY

ANSWERS_AT_ONCE = 5  # answers about the help are told in steps of so many
USUAL, MOST = 50, 90  # percentiles: half of them, nine of ten
#: "So schnell gelöst": within half a service day, one, three.
STEPS = (timedelta(hours=4), SERVICE_DAY, 3 * SERVICE_DAY)


@dataclass(frozen=True, slots=True)
class Fact:
    """One report as far as figures know it; times are service time with pauses out, None while there is none."""

    month: date  # of the report, in Dortmund; its first day
    category: int
    room: int | None = None
    is_solved: bool = False
    is_open: bool = False
    at_first_level: bool = True  # never handed over
    responded_in: timedelta | None = None
    solved_in: timedelta | None = None
    kept: bool | None = None  # the promise of a solution; None while that is not decided
    satisfied: bool | None = None  # what the reporter answered about the help; None where nothing that is told


@dataclass(frozen=True)
class Times:
    """How long something takes: `number` reports, half of them within `usual`, nine of ten within `most`."""

    number: int = 0
    usual: timedelta | None = None
    most: timedelta | None = None
    within: tuple[float, ...] = ()  # the shares that took at most each of STEPS


@dataclass(frozen=True)
class Share:
    """`part` of `number` reports."""

    part: int = 0
    number: int = 0

    @property
    def value(self) -> float | None:
        return self.part / self.number if self.number else None


@dataclass(frozen=True)
class Figures:
    """What a set of reports comes to. Reported are those solved, still open, and closed without a solution."""

    reported: int = 0
    solved: int = 0
    open: int = 0
    response: Times = Times()
    solution: Times = Times()
    first_level: Share = Share()  # of those solved
    kept: Share = Share()  # of those where it is decided
    satisfied: Share = Share()  # of those whose reporter has answered, in whole steps of ANSWERS_AT_ONCE

    @property
    def unsolved(self) -> int:
        """How many were closed without a solution."""
        return self.reported - self.solved - self.open


def figures_of(facts: Iterable[Fact]) -> Figures:
    """Count what these reports come to."""
    facts = list(facts)
    solved = [fact for fact in facts if fact.is_solved]
    decided = [fact.kept for fact in facts if fact.kept is not None]
    answered = [fact.satisfied for fact in facts if fact.satisfied is not None]
    return Figures(
        reported=len(facts),
        solved=len(solved),
        open=sum(fact.is_open for fact in facts),
        response=times_of(fact.responded_in for fact in facts),
        solution=times_of(fact.solved_in for fact in solved),
        first_level=Share(sum(fact.at_first_level for fact in solved), len(solved)),
        kept=Share(sum(decided), len(decided)),
        satisfied=Share(sum(answered), len(answered)),
    )


def times_of(lengths: Iterable[timedelta | None]) -> Times:
    """Return what is usual among the lengths that are known."""
    known = sorted(length for length in lengths if length is not None)
    if not known:
        return Times()
    within = tuple(sum(length <= step for length in known) / len(known) for step in STEPS)
    return Times(len(known), percentile(known, USUAL), percentile(known, MOST), within)


def percentile(ordered: Sequence, percent: int):
    """Return the value below which `percent` of the ordered values lie; between two it lies in proportion.

    As PERCENTILE_CONT of SQL counts it: the median of an even number is the middle of the two in the middle.
    """
    place, rest = divmod((len(ordered) - 1) * percent, 100)
    below, above = ordered[place], ordered[min(place + 1, len(ordered) - 1)]
    return below + (above - below) * rest / 100
