"""The small city with a few more people, in which time passes and roles come and go."""

from datetime import datetime, timedelta

from accounts.models import CityRole, User
from calendars.reading import hours_of
from campuses.models import Absence
from schools.models import Cover, Room, School, SchoolMembership
from teams.models import Team, TeamMembership
from tests.city import MONDAY, SINCE, City
from tickets.models import Category, Ticket

STEP = timedelta(minutes=25)  # of service time, on average


class Town(City):
    """The city at a moment that moves on; `lot` decides about everything."""

    def __init__(self, lot):
        super().__init__()
        self.lot = lot
        self.at = MONDAY
        self.heide = self._school("100004", "Heide-Grundschule", School.Form.PRIMARY, None)
        for school in (self.widey, self.heide):
            Room.objects.create(school=school, name="Aula")
        role = SchoolMembership.Role
        self.second = self._specialist("Nils", "Netzwerk", "network")
        self.server = self._specialist("Serena", "Server", "servers")
        self.agent = self._city_role("Hugo", "Hotline", CityRole.Role.HELPDESK)
        self.substitute = self.person("Sunna", "Springer")
        self.widey_teacher = self._member("Wilma", "Wiese", self.widey, role.TEACHER)
        self.kant_contact = self._member("Karl", "Kabel", self.kant, role.CONTACT)
        self.heide_teacher = self._member("Heiko", "Heide", self.heide, role.TEACHER)
        # Somebody with two hats: manages Asseln and teaches at the Brecht.
        SchoolMembership.objects.create(
            person=self.asseln_manager, school=self.brecht, role=role.TEACHER, starts_on=SINCE
        )
        self.people: list[User] = list(self.everybody.values())
        self.categories = list(Category.objects.select_related("team"))
        self.teams = list(Team.objects.filter(is_active=True))
        self.schools = [self.brecht, self.widey, self.kant, self.heide]
        self.hours = hours_of()

    def person_of(self, pk: int) -> User:
        return next(person for person in self.people if person.pk == pk)

    def report(self) -> Ticket:
        """Let somebody report something somewhere, for themselves, for a colleague, or as a caller's voice."""
        school = self.lot.choices(self.schools, weights=[6, 2, 3, 1])[0]
        members = SchoolMembership.objects.on(self.at.date()).filter(school=school).order_by("pk")
        people = sorted(set(members.values_list("person", flat=True)))
        if not people:
            self._begins()
            return self.report()
        reporter = self.person_of(self.lot.choice(people))
        facts = {"by": reporter}
        if self.lot.random() < 0.2 and self._works(self.helpdesk):
            facts = {"by": self.helpdesk, "reporter": reporter}
            if self.lot.random() < 0.5:
                facts = {"by": self.helpdesk, "caller_name": "Carla Ruf", "caller_phone": "0231 000-222"}
        category = self.lot.choices(self.categories, weights=[5 if c.is_known_fault else 1 for c in self.categories])
        return super().report(
            school=school,
            category=category[0],
            at=self.at,
            room=self.lot.choice([*school.rooms.all(), None]),
            description=self.lot.choice(["Geht nicht", "Kein Bild", "WLAN weg", "Passwort vergessen"]),
            urgency=self.lot.choice(["can_wait", "hampered", "blocked"]),
            confidential=self.lot.random() < 0.15,
            **facts,
        )

    def move_on(self) -> bool:
        """Let some time pass, mostly within the service hours; return whether another day began."""
        before = self.at.date()
        if self.lot.random() < 0.02:
            self.at += timedelta(hours=self.lot.randint(1, 90))  # a night, a weekend
        self.at = self.hours.add(self.at, timedelta(minutes=self.lot.expovariate(1 / (STEP.seconds / 60 / 10)) + 1))
        self.at = datetime.fromtimestamp(int(self.at.timestamp()) // 60 * 60, tz=self.at.tzinfo)
        return self.at.date() != before

    def change(self) -> str:
        """Let something change for the next days; return what."""
        changes = [self._away, self._away, self._covered, self._ends, self._begins, self._moves]
        try:
            return self.lot.choice(changes)()
        finally:
            self._forget_viewers()

    def _away(self) -> str:
        person = self.lot.choice([self.manager, self.asseln_manager])
        return "a manager is away" if self._absence(person) else "nothing"

    def _covered(self) -> str:
        person, other = self.lot.sample([self.manager, self.asseln_manager], 2)
        absence = self._absence(person)
        if absence is None:
            return "nothing"
        substitute = self.lot.choice([other, self.substitute])
        campus = person.campus_assignments.first().campus
        for school in School.objects.filter(campus=campus):
            Cover.objects.create(
                absence=absence,
                school=school,
                substitute=substitute,
                starts_on=absence.starts_on,
                ends_on=absence.ends_on,
            )
        return "a manager is away, somebody stands in"

    def _absence(self, person) -> Absence | None:
        first = self.at.date()
        last = first + timedelta(days=self.lot.randint(0, 3))
        if Absence.objects.overlapping(first, last).filter(person=person).exists():
            return None
        return Absence.objects.create(person=person, starts_on=first, ends_on=last)

    def _ends(self) -> str:
        """A role ends with yesterday."""
        rows = self.lot.choice([TeamMembership, CityRole, SchoolMembership])
        row = self.lot.choice(list(rows.objects.on(self.at.date()).order_by("pk")))
        if row.starts_on < self.at.date():
            row.ends_on = self.at.date() - timedelta(days=1)
            row.save()
        return "a role ends"

    def _begins(self) -> str:
        """All roles that have ended begin again, so that the town does not die out."""
        for rows in (TeamMembership, CityRole, SchoolMembership):
            ended = rows.objects.filter(ends_on__lt=self.at.date())
            for row in ended:
                row.ends_on = None
                row.save()
        return "roles begin again"

    def _moves(self) -> str:
        school = self.lot.choice(self.schools)
        school.campus = self.lot.choice([self.kirchlinde, self.asseln, None])
        School.objects.filter(pk=school.pk).update(campus=school.campus)
        return "a school changes campus"

    def _works(self, person) -> bool:
        return CityRole.objects.on(self.at.date()).filter(person=person).exists()

    def _forget_viewers(self) -> None:
        """What was read of somebody's roles at this very moment is no longer true."""
        for person in self.people:
            person.__dict__.pop("_viewer", None)
