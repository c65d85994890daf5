"""What figures ought to be: counted out of the reports in another way than they are kept, to compare the two."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta

from reports.arithmetic import STEPS, Fact, Figures, figures_of
from reports.facts import facts_by_part
from reports.models import Group, PeriodFigures, Scope
from reports.periods import Period
from schools.models import School

#: PostgreSQL and Python may round the value between two others to another one of them.
ROUNDING = timedelta(microseconds=1)
Place = tuple[str, str, Period]  # scope, key, period


def counted(year: Period, school: School | None = None) -> dict[Place, dict]:
    """Return by scope, key and period what figures of a school year ought to say; of a school, or of everything."""
    parts = defaultdict(lambda: defaultdict(list))
    for keys, fact in facts_by_part(year, school):
        for scope, key in keys.items():
            if school is None or scope == Scope.SCHOOL:
                parts[scope, key][fact.month].append(fact)
    told = {}
    for (scope, key), by_month in parts.items():
        for period in (year, *year.parts, *year.each_month):
            facts = [fact for month in period.each_month for fact in by_month.get(month.first, ())]
            if facts:
                told[scope, key, period] = said(facts, with_groups=scope == Scope.SCHOOL)
    return told


def kept(year: Period, school: School | None = None) -> dict[Place, dict]:
    """Return the same as it was kept."""
    rows = PeriodFigures.objects.in_years([year])
    if school is not None:
        rows = rows.of_school(school)
    return {(row.scope, row.key, row.period): _as_written(row) for row in rows}


def differences(ought: dict[Place, dict], found: dict[Place, dict]) -> Iterator[tuple[Place, str, object, object]]:
    """Yield what is not as it ought to be: where, which figure, what it ought to be, and what was found."""
    for place in sorted(ought.keys() | found.keys()):
        one, other = ought.get(place), found.get(place)
        if one is None or other is None:
            yield place, "reported", one and one["reported"], other and other["reported"]
            continue
        for name in one | other:
            if not _same(one.get(name), other.get(name)):
                yield place, name, one.get(name), other.get(name)


def said(facts: Iterable[Fact], *, with_groups: bool) -> dict:
    """Return what a row ought to say about these reports."""
    facts = list(facts)
    kinds, rooms = (_groups(facts, "category"), _groups(facts, "room")) if with_groups else ({}, {})
    return _facts_of(figures_of(facts), kinds, rooms)


def _facts_of(figures: Figures, kinds: dict, rooms: dict) -> dict:
    response, solution = figures.response, figures.solution
    return {
        "reported": figures.reported,
        "solved": figures.solved,
        "open": figures.open,
        "responded_number": response.number,
        "responded_usual": response.usual,
        "responded_most": response.most,
        "solved_number": solution.number,
        "solved_usual": solution.usual,
        "solved_most": solution.most,
        "solved_within": [round(share * solution.number) for share in solution.within] or [0] * len(STEPS),
        "first_level": figures.first_level.part,
        "kept": (figures.kept.part, figures.kept.number),
        "satisfied": (figures.satisfied.part, figures.satisfied.number),
        **{f"kind {key or '-'}": group for key, group in kinds.items()},
        **{f"room {key or '-'}": group for key, group in rooms.items()},
    }


def _as_written(row: PeriodFigures) -> dict:
    """Return what a row says, also what a page would not understand: whoever wrote it knew no rules."""
    told = _facts_of(row.figures, {}, {}) | {"solved_within": row.solved_within}
    for name, groups in (("kind", row.kinds), ("room", row.rooms)):
        if not isinstance(groups, dict):
            told[name] = repr(groups)
            continue
        told |= {f"{name} {key or '-'}": _group_as_written(group) for key, group in groups.items()}
    return told


def _group_as_written(group):
    try:
        return Group.of(group)
    except (TypeError, ValueError):
        return repr(group)


def _groups(facts: list[Fact], name: str) -> dict:
    groups = defaultdict(list)
    for fact in facts:
        groups[getattr(fact, name)].append(fact)
    told = {}
    for key, some in groups.items():
        figures = figures_of(some)
        told[key] = Group(len(some), figures.solution.number, figures.solution.usual)
    return told


def _same(one, other) -> bool:
    if isinstance(one, Group) and isinstance(other, Group):
        return all(map(_same, one, other))
    if isinstance(one, timedelta) and isinstance(other, timedelta):
        return abs(one - other) <= ROUNDING
    return one == other
