"""A town that never sleeps, with short promises: whatever falls due does so within minutes, day and night."""

from dataclasses import dataclass
from datetime import time

from accounts.models import User
from calendars.models import BusinessCalendar, ClosedDay, OpeningHours
from campuses.models import Campus
from notifications.models import Preference
from notifications.models.preference import Quiet, Way
from schools.models import School, SchoolMembership
from teams.models import Team
from tests.city import City
from tickets.models import Category, PolicyVersion, SlaTarget, Ticket

MIDNIGHT = time(0)
#: By priority: minutes for the first response, the solution, the second level's response.
PROMISED = {"critical": (1, 2, 1), "high": (1, 2, 1), "normal": (1, 3, 2), "low": (2, 4, 2)}
ANSWER = 1  # minutes
CAMPUSES = 10
TEACHERS = 4  # a school


@dataclass(frozen=True)
class Place:
    """A school with those who report there and the one who helps."""

    school: School
    manager: User
    teachers: list[User]


class Town(City):
    """The small city and more of its kind, so that the mails of a day are shared by many."""

    def __init__(self):
        super().__init__()
        self.places = [self._place(n) for n in range(CAMPUSES)]
        self.managers = {place.school.campus_id: place.manager for place in self.places}
        self.categories = list(Category.objects.filter(confidential_at_first=False).select_related("team"))
        self.specialists = {
            team.pk: [self._specialist(f"{name}{team.pk}", "Ebene", team.slug) for name in ("Ulf", "Uta")]
            for team in Team.objects.filter(is_active=True)
        }
        self._never_close()
        self._promise()
        self._be_told_at_once()

    def person(self, first_name: str, last_name: str) -> User:
        """Add a person who does not sign in here."""
        email = f"{first_name}.{last_name}@city.example".lower().replace("ß", "ss").replace("ö", "oe")
        return User.objects.create(email=email, first_name=first_name, last_name=last_name, password="!")

    def manager_of(self, ticket: Ticket) -> User:
        return self.managers[ticket.school.campus_id]

    def specialist_of(self, ticket: Ticket) -> User:
        """Return who has it in hand, else somebody of the team it lies with."""
        return ticket.assignee or self.specialists[ticket.team_id][ticket.pk % 2]

    def _place(self, n: int) -> Place:
        campus = Campus.objects.create(slug=f"campus-{n}", name=f"Campus {n}")
        manager = self._manager(f"Mara{n}", "Mobil", campus)
        school = self._school(f"20000{n}", f"Schule {n}", School.Form.PRIMARY, campus)
        role = SchoolMembership.Role.TEACHER
        teachers = [self._member(f"Tom{n}-{k}", "Tafel", school, role) for k in range(TEACHERS)]
        return Place(school, manager, teachers)

    def _never_close(self) -> None:
        ClosedDay.objects.all().delete()
        OpeningHours.objects.all().delete()
        BusinessCalendar.objects.update(school_free_rule=BusinessCalendar.SchoolFreeRule.OPEN)
        OpeningHours.objects.bulk_create(
            OpeningHours(calendar=calendar, weekday=day, opens=MIDNIGHT, closes=MIDNIGHT)
            for calendar in BusinessCalendar.objects.all()
            for day in OpeningHours.Weekday
        )

    def _promise(self) -> None:
        for priority, minutes in PROMISED.items():
            names = ("first_response_minutes", "resolution_minutes", "second_response_minutes")
            SlaTarget.objects.filter(priority=priority).update(**dict(zip(names, minutes, strict=True)))
        PolicyVersion.objects.update(answer_minutes=ANSWER)

    def _be_told_at_once(self) -> None:
        """Most want a mail at once; of each school one teacher once a day, and one in the program only."""
        digest = {place.teachers[0].pk for place in self.places}
        program = {place.teachers[1].pk for place in self.places}
        topics = ("questions", "work", "progress", "results", "reminders")

        def way_of(person):
            return Way.DIGEST if person in digest else Way.PROGRAM if person in program else Way.AT_ONCE

        Preference.objects.bulk_create(
            Preference(person_id=pk, quiet=Quiet.NEVER, budget=100, **dict.fromkeys(topics, way_of(pk)))
            for pk in User.objects.values_list("pk", flat=True)
        )
