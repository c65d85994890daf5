"""How many schools a person looks after: a matter of fair shares, and no figure about anybody's work."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from schools.roster import Manager, Roster

MOST_SCHOOLS = 17  # that one person looks after, over all their campuses


@dataclass(frozen=True)
class Load:
    """The schools of one person on one day: those of their campuses, and apart from them those they cover."""

    person: Manager
    own: int = 0
    covered: int = 0

    @property
    def is_too_much(self) -> bool:
        return self.own > MOST_SCHOOLS


class TooManySchools(ValidationError):
    """Somebody would look after more schools than agreed. Not refused for good: it has to be meant."""

    field = "accepts_load"

    def __init__(self, person: str, schools: int):
        told = ngettext(
            "%(person)s would look after %(count)s school. %(most)s are agreed.",
            "%(person)s would look after %(count)s schools. At most %(most)s are agreed.",
            schools,
        )
        super().__init__(told % {"person": person, "count": schools, "most": MOST_SCHOOLS}, code="too_many_schools")


def loads(roster: Roster, campus_of: Mapping[int, int | None]) -> dict[int, Load]:
    """Return the load of everybody who looks after a school on the day of the roster, by person.

    `campus_of` names the campus of every school. Absent people keep their own schools; who stands in for them has
    these as covered ones.
    """
    people: dict[int, Manager] = {}
    own, covered = Counter(), Counter()
    for manager in roster.managers.values():
        people[manager.id] = manager
    for school, campus in campus_of.items():
        manager = roster.managers.get(campus)
        if manager is None:
            continue
        own[manager.id] += 1
        on_duty = roster.manager_of(school, campus)
        if on_duty is not None and on_duty.id != manager.id:
            people[on_duty.id] = on_duty
            covered[on_duty.id] += 1
    return {pk: Load(person, own[pk], covered[pk]) for pk, person in people.items()}
