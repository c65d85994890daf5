"""Who is asking, at which instant, and what their roles reach. Every read starts from a viewer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.berlin import berlin_day

from .roster import Manager, Roster


class Role(models.TextChoices):
    """All roles, in the order that decides the start page of a person who holds several."""

    CAMPUS_MANAGER = "campus_manager", _("Campus management")
    HELPDESK = "helpdesk", _("Central helpdesk")
    SECOND_LEVEL = "second_level", _("Systemhaus")
    COORDINATOR = "coordinator", _("Coordination")
    HEAD = "head", _("School head")
    CONTACT = "contact", _("IT contact of the school")
    TEACHER = "teacher", _("Teacher")
    CITY_READER = "city_reader", _("City")
    ADMINISTRATOR = "administrator", _("Administration")


@dataclass(frozen=True)
class OwnSchool:
    """A school somebody belongs to, as far as every page names it."""

    pk: int
    number: str
    name: str
    campus_id: int | None


@dataclass(frozen=True)
class Viewer:
    """A person at one instant with the scopes of all their roles, as sets of ids; evaluated anew each request.

    `own_schools` are those of `member_schools`, in German order; `campus_schools` the schools of `campuses`;
    `unattended_schools`, those nobody is on duty for, are known of a coordinator only. A person without roles is a
    viewer too, who sees nothing but what they reported themselves.
    """

    person: object
    at: datetime
    city_roles: frozenset[str] = frozenset()
    teaches_at: frozenset[int] = frozenset()
    contact_at: frozenset[int] = frozenset()
    heads: frozenset[int] = frozenset()
    own_schools: tuple[OwnSchool, ...] = ()
    teams: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    campuses: frozenset[int] = frozenset()
    campus_schools: frozenset[int] = frozenset()
    unattended_schools: frozenset[int] = frozenset()
    roster: Roster = field(default_factory=Roster)

    @cached_property
    def day(self) -> date:
        """The day the calendar in Dortmund shows."""
        return berlin_day(self.at)

    @cached_property
    def is_absent(self) -> bool:
        return self.person.pk in self.roster.absent

    @cached_property
    def covered_schools(self) -> frozenset[int]:
        """Schools on duty for an absent colleague, while it lasts."""
        return self.roster.schools_covered_by(self.person.pk)

    @cached_property
    def schools_looked_after(self) -> frozenset[int]:
        """Schools of one's campuses, on duty today or not, and those one covers."""
        return self.campus_schools | self.covered_schools

    @property
    def schools_on_duty(self) -> frozenset[int]:
        """Schools for which the viewer is the campus manager on duty."""
        return frozenset() if self.is_absent else self.schools_looked_after

    @property
    def member_schools(self) -> frozenset[int]:
        return self.teaches_at | self.contact_at | self.heads

    @property
    def has_schools(self) -> bool:
        return bool(self.member_schools or self.campuses or self.covered_schools)

    @property
    def sees_all_schools(self) -> bool:
        return bool(self.city_roles or self.teams)

    @property
    def is_helpdesk(self) -> bool:
        return Role.HELPDESK in self.city_roles

    @property
    def is_coordinator(self) -> bool:
        return Role.COORDINATOR in self.city_roles

    @property
    def is_city_reader(self) -> bool:
        return Role.CITY_READER in self.city_roles

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.city_roles

    @property
    def works_first_level(self) -> bool:
        return bool(self.campuses or self.covered_schools or self.is_helpdesk)

    @property
    def may_report(self) -> bool:
        """Whether there is a school this person may report for."""
        return bool(self.member_schools) or self.works_first_level

    @property
    def is_staff(self) -> bool:
        """Whether this person works on tickets at some level or steers those who do."""
        return self.works_first_level or bool(self.teams) or self.is_coordinator

    @property
    def sees_of_schools(self) -> bool:
        """Whether some role shows this person reports by school, team or for the city, not only single ones."""
        schools = self.contact_at or self.heads or self.schools_looked_after or self.unattended_schools
        return bool(schools or self.teams or self.is_helpdesk)

    def manager_of(self, school) -> Manager | None:
        return self.roster.manager_of(school.pk, school.campus_id)

    def has_on_duty(self, school) -> bool:
        """Whether the viewer is the campus manager on duty for `school` now."""
        manager = self.manager_of(school)
        return manager is not None and manager.id == self.person.pk

    @cached_property
    def roles(self) -> list[Role]:
        """The roles held now, the one that decides the start page first."""
        held = {
            Role.CAMPUS_MANAGER: self.campuses or self.covered_schools,
            Role.SECOND_LEVEL: self.teams,
            Role.HEAD: self.heads,
            Role.CONTACT: self.contact_at,
            Role.TEACHER: self.teaches_at,
        }
        return [role for role in Role if held.get(role) or role in self.city_roles]
