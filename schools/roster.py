"""The roster of one day: who looks after which campus, who is away, who stands in. Pure; read by `coverage`."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Manager:
    """A campus manager as teachers may know them."""

    id: int
    name: str
    phone: str = ""


@dataclass(frozen=True)
class Roster:
    """Assignments, absences and covers that are valid on one day.

    `managers` maps a campus to its manager, `covers` a pair (absent person, school) to the substitute,
    `campus_of` the covered schools to their campus, `names` the campuses to their names.
    """

    managers: Mapping[int, Manager] = field(default_factory=dict)
    absent: frozenset[int] = frozenset()
    covers: Mapping[tuple[int, int], Manager] = field(default_factory=dict)
    campus_of: Mapping[int, int | None] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    helpdesk: frozenset[int] = frozenset()
    coordination: frozenset[int] = frozenset()
    specialists: frozenset[tuple[int, int]] = frozenset()

    def manager_of(self, school_id: int, campus_id: int | None) -> Manager | None:
        """Return who is on duty for a school: the manager, or whoever stands in at the end of the chain.

        None when the campus has no manager, when an absent person has no substitute here, or when the
        substitutes stand in for each other in a circle.
        """
        manager = self.managers.get(campus_id) if campus_id is not None else None
        seen = set()
        while manager is not None and manager.id in self.absent:
            if manager.id in seen:
                return None
            seen.add(manager.id)
            manager = self.covers.get((manager.id, school_id))
        return manager

    def chain_of(self, school_id: int, campus_id: int | None) -> list[Manager]:
        """Return the manager of a school and everybody who would stand in for the one before, as far as it goes.

        The last one is on duty, unless they are absent too.
        """
        chain: list[Manager] = []
        manager = self.managers.get(campus_id) if campus_id is not None else None
        while manager is not None and manager not in chain:
            chain.append(manager)
            manager = self.covers.get((manager.id, school_id)) if manager.id in self.absent else None
        return chain

    def serves(self, person_id: int, school_id: int, campus_id: int | None) -> bool:
        """Return whether a person works at the first level for a school today.

        That is whoever is on duty for it, the helpdesk, and the coordination where nobody is on duty.
        """
        if person_id in self.absent:
            return False
        manager = self.manager_of(school_id, campus_id)
        if person_id in self.helpdesk or (manager is None and person_id in self.coordination):
            return True
        return manager is not None and manager.id == person_id

    def schools_covered_by(self, person_id: int) -> frozenset[int]:
        """Return the schools `person_id` has on duty for somebody else."""
        return frozenset(
            school
            for school, campus in self.campus_of.items()
            if (manager := self.manager_of(school, campus)) is not None
            and manager.id == person_id
            and self.managers[campus].id != person_id
        )

    @property
    def attended_campuses(self) -> frozenset[int]:
        """The campuses whose own manager is there today."""
        return frozenset(campus for campus, manager in self.managers.items() if manager.id not in self.absent)

    @property
    def attended_schools(self) -> frozenset[int]:
        """The schools of absent managers for which a substitute is on duty."""
        return frozenset(
            school for school, campus in self.campus_of.items() if self.manager_of(school, campus) is not None
        )
