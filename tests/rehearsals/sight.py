"""What somebody is to a ticket and whether they see it, by the glossary and from the rows, sharing no line with the
scope that is tested: no queryset of tickets, one ticket and one person at a time."""

from dataclasses import dataclass
from datetime import date

from accounts.models import CityRole
from campuses.models import Absence, CampusAssignment
from schools.models import Cover, School, SchoolMembership
from teams.models import TeamMembership
from tickets.models import Follower

IN_FULL = {"R", "K", "C", "H", "S", "T", "head", "away", "handed over"}


@dataclass(frozen=True)
class Day:
    """All roles of one day, read at once."""

    city: frozenset[tuple[int, str]]
    schools: frozenset[tuple[int, int, str]]
    teams: frozenset[tuple[int, int]]
    managers: dict[int, int]
    absent: frozenset[int]
    covers: dict[tuple[int, int], int]
    places: tuple[School, ...]

    @classmethod
    def read(cls, day: date) -> "Day":
        def rows(model, *names, **which):
            people = {"person__is_active": True} if model not in (Absence, Cover) else {}
            return model.objects.on(day).filter(**people, **which).values_list(*names)

        away = frozenset(person for (person,) in rows(Absence, "person"))
        covers = {
            (person, school): substitute
            for person, school, substitute, starts, ends in rows(
                Cover, "absence__person", "school", "substitute", "absence__starts_on", "absence__ends_on"
            )
            if starts <= day and (ends is None or day <= ends)
        }
        return cls(
            frozenset(rows(CityRole, "person", "role")),
            frozenset(rows(SchoolMembership, "person", "school", "role")),
            frozenset(rows(TeamMembership, "person", "team")),
            dict(rows(CampusAssignment, "campus", "person")),
            away,
            covers,
            tuple(School.objects.order_by("pk")),
        )

    def on_duty(self, school) -> int | None:
        """Return who is on duty for the school: the manager, or whoever stands in."""
        person, asked = self.managers.get(school.campus_id), set()
        while person in self.absent:
            if person in asked:
                return None
            asked.add(person)
            person = self.covers.get((person, school.pk))
        return person

    def relations(self, person, ticket) -> list[str]:
        """Return the letters of the glossary, and by which other ways the ticket is seen."""
        pk, school = person.pk, ticket.school
        manager = self.on_duty(school)
        coordinates = (pk, CityRole.Role.COORDINATOR) in self.city
        helps = (pk, CityRole.Role.HELPDESK) in self.city
        in_a_team = any(member == pk for member, _team in self.teams)
        looks_after = self.managers.get(school.campus_id) == pk or (manager == pk)
        works = in_a_team or helps or coordinates or pk in self._managing
        found = {
            "R": ticket.reporter_id == pk,
            "K": not ticket.confidential and (pk, school.pk, "contact") in self.schools,
            "L": (pk, school.pk, "teacher") in self.schools,
            "C": manager == pk or (manager is None and coordinates and not ticket.confidential),
            "H": helps and (not ticket.confidential or pk in (ticket.created_by_id, ticket.assignee_id)),
            "S": ticket.level == "second" and (pk, ticket.team_id) in self.teams,
            "O": coordinates,
            "T": works and ticket.assignee_id == pk,
            "head": not ticket.confidential and (pk, school.pk, "head") in self.schools,
            "away": not ticket.confidential and looks_after,
            "handed over": ticket.first_escalated_at is not None
            and (in_a_team if not ticket.confidential else (pk, ticket.team_id) in self.teams),
        }
        return [letter for letter, holds in found.items() if holds]

    @property
    def _managing(self) -> set[int]:
        """Everybody who looks after some school today, present or standing in."""
        return {*self.managers.values(), *(self.on_duty(school) for school in self.places)}

    def sees(self, person, ticket) -> bool:
        """Whether they see it in full. The coordinator steers all tickets but reads only those nobody is there for."""
        return bool(
            set(self.relations(person, ticket)) & {"R", "K", "C", "H", "S", "T", "head", "away", "handed over"}
        )

    def may_join(self, person, ticket) -> bool:
        """Whether they may find it to join or leave it: seen in full, a known fault of their school, or followed."""
        if self.sees(person, ticket):
            return True
        if ticket.confidential:
            return False
        if Follower.objects.filter(ticket=ticket, person=person).exists():
            return True
        if not (ticket.is_open and ticket.category.is_known_fault):
            return False
        at_the_school = any(member == person.pk and school == ticket.school_id for member, school, _ in self.schools)
        return at_the_school or "away" in self.relations(person, ticket)
