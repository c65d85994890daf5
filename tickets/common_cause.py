"""Whether faults that began together have one cause. Pure: a guess from category, place and time, and told as one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tickets.models import Category

TOGETHER = timedelta(hours=2)
ENOUGH = 3
LOOKED_BACK = timedelta(hours=24)


@dataclass(frozen=True)
class Started:
    """One open fault: where and when it began."""

    pk: int
    at: datetime
    category: Category
    school: int
    school_name: str
    campus: int | None
    campus_name: str | None

    @classmethod
    def read(cls, told: dict) -> "Started":
        """Return what the database has told as JSON."""
        category = Category(pk=told["category"], name_de=told["name_de"], name_en=told["name_en"])
        at = datetime.fromisoformat(told["at"])
        names = (told["school_name"], told["campus"], told["campus_name"])
        return cls(told["pk"], at, category, told["school"], *names)


@dataclass(frozen=True)
class Cause:
    """Faults of one category that began together; `school` is empty when they lie at several of the campus."""

    keys: tuple[int, ...]
    category: str
    since: datetime
    school: str
    campus: str
    schools: int

    @property
    def count(self) -> int:
        return len(self.keys)


def common_cause(faults: Iterable[Started]) -> Cause | None:
    """Return the most faults of one category that began within two hours at one school or campus.

    None when these are fewer than three.
    """
    places: dict[tuple, list[Started]] = defaultdict(list)
    for fault in sorted(faults, key=lambda fault: (fault.at, fault.pk)):
        places[fault.category.pk, "school", fault.school].append(fault)
        if fault.campus is not None:
            places[fault.category.pk, "campus", fault.campus].append(fault)
    together = max((_most_together(place) for place in places.values()), key=len, default=[])
    return _cause(together) if len(together) >= ENOUGH else None


def _most_together(faults: list[Started]) -> list[Started]:
    runs = ([fault for fault in faults if first.at <= fault.at <= first.at + TOGETHER] for first in faults)
    return max(runs, key=len)


def _cause(faults: list[Started]) -> Cause:
    first, schools = faults[0], {fault.school for fault in faults}
    return Cause(
        keys=tuple(fault.pk for fault in faults),
        category=first.category.name,
        since=first.at,
        school=first.school_name if len(schools) == 1 else "",
        campus=first.campus_name or "",
        schools=len(schools),
    )
