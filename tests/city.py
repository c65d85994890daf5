"""The small city of the tests: two campuses, three schools and a few named people, always the same.

    def test_a_sentence_about_the_city(city):
        ticket = city.report(by=city.teacher)

Time is written out: `MONDAY` is 2 March 2026, 9 o'clock in Dortmund, an ordinary school day.
"""

from datetime import UTC, date, datetime

from accounts.models import CityRole, User
from campuses.models import Absence, Campus, CampusAssignment
from foundation.berlin import BERLIN
from schools.duties import viewer_of
from schools.models import Contact, Cover, Room, School, SchoolMembership, TechnicalProfile
from teams.models import Team, TeamMembership
from tickets.commands import escalate, report
from tickets.models import Category, Ticket
from tickets.packets import Packet, checklist_of

PASSWORD = "kreide-und-schwamm"
SINCE = date(2025, 8, 1)


def berlin(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return the instant at which the clocks in Dortmund show this time."""
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


MONDAY = berlin(2026, 3, 2, 9)
DAY = date(2026, 3, 2)


class City:
    """Everybody and everything the tests know by name."""

    def __init__(self):
        self.kirchlinde = Campus.objects.create(slug="kirchlinde", name="Kirchlinde")
        self.asseln = Campus.objects.create(slug="asseln", name="Asseln")
        form = School.Form
        self.brecht = self._school("100001", "Bert-Brecht-Gymnasium", form.GYMNASIUM, self.kirchlinde)
        self.widey = self._school("100002", "Widey-Grundschule", form.PRIMARY, self.kirchlinde)
        self.kant = self._school("100003", "Immanuel-Kant-Gymnasium", form.GYMNASIUM, self.asseln)
        self.a204, self.b112 = (Room.objects.create(school=self.brecht, name=name) for name in ("A 204", "B 112"))
        self.kant_room = Room.objects.create(school=self.kant, name="K 1")
        TechnicalProfile.objects.create(school=self.brecht, access_notes="Schlüssel in der Hausmeisterei")
        Contact.objects.create(school=self.brecht, name="Sekretariat Beispiel", phone="0231 000-100")

        member = SchoolMembership.Role
        self.teacher = self._member("Tilda", "Tafel", self.brecht, member.TEACHER)
        self.colleague = self._member("Kolja", "Kreide", self.brecht, member.TEACHER)
        self.contact = self._member("Ina", "Index", self.brecht, member.CONTACT)
        self.head = self._member("Hella", "Haupt", self.brecht, member.HEAD)
        self.kant_teacher = self._member("Anton", "Asseln", self.kant, member.TEACHER)
        self.manager = self._manager("Mona", "Mobil", self.kirchlinde)
        self.asseln_manager = self._manager("Arne", "Außendienst", self.asseln)
        city = CityRole.Role
        self.helpdesk = self._city_role("Hedwig", "Hörer", city.HELPDESK)
        self.coordinator = self._city_role("Korbinian", "Karte", city.COORDINATOR)
        self.city_reader = self._city_role("Stella", "Stadt", city.CITY_READER)
        self.administrator = self._city_role("Ada", "Admin", city.ADMINISTRATOR)
        self.specialist = self._specialist("Siri", "Switch", "network")
        self.tablet_specialist = self._specialist("Pina", "Pad", "tablets")
        self.stranger = self.person("Fred", "Fremd")
        self.network = Category.objects.get(slug="network")
        self.display = Category.objects.get(slug="display")

    def person(self, first_name: str, last_name: str) -> User:
        """Add a person without any role."""
        return User.objects.create_user(
            email=f"{first_name}.{last_name}@city.example".lower().replace("ß", "ss").replace("ö", "oe"),
            password=PASSWORD,
            first_name=first_name,
            last_name=last_name,
        )

    def report(self, *, by: User | None = None, at: datetime = MONDAY, **fields) -> Ticket:
        """Report an incident at the Bert-Brecht-Gymnasium unless told otherwise."""
        fields = {"school": self.brecht, "category": self.display, "room": self.a204, **fields}
        if fields["school"] != self.brecht and fields["room"] == self.a204:
            fields["room"] = None
        return report.report_incident(by=by or self.teacher, at=at, **fields)

    def packet(self, ticket: Ticket, **facts) -> Packet:
        """Return a complete packet for a report, but for the facts given."""
        known = {
            "answers": {item.key: "yes" for item in checklist_of(ticket.category).items.all()},
            "tried": "Neu gestartet, Kabel getauscht",
            "since": ticket.created_at,
            "access": "Ab 14 Uhr, Schlüssel in der Hausmeisterei",
            "rooms": [ticket.room] if ticket.room_id else list(ticket.school.rooms.order_by("pk")[:1]),
            "team": None if ticket.category.team_id else Team.objects.get(slug="network"),
        }
        return Packet(**{**known, **facts})

    def escalated(self, ticket: Ticket | None = None, *, by: User | None = None, at: datetime = MONDAY, **fields):
        """Hand a report over to the second level; by default a new one of the network, to the network team."""
        ticket = ticket or self.report(**{"category": self.network, "at": at, **fields})
        return escalate.escalate(ticket=ticket, packet=self.packet(ticket), by=by or self.manager, at=at)

    def away(self, person: User, *, cover: User | None = None, schools=(), on: date = DAY) -> Absence:
        """Let a campus manager be absent for a day, with a substitute for these schools if there is one."""
        absence = Absence.objects.create(person=person, starts_on=on, ends_on=on)
        for school in schools:
            Cover.objects.create(absence=absence, school=school, substitute=cover, starts_on=on, ends_on=on)
        return absence

    def viewer(self, person: User, at: datetime = MONDAY):
        return viewer_of(person, at)

    def verbs_of(self, ticket: Ticket) -> list[str]:
        return list(ticket.events.in_order().values_list("verb", flat=True))

    @property
    def everybody(self) -> dict[str, User]:
        """All people by the name the tests know them by."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}

    def _school(self, number, name, form, campus):
        return School.objects.create(number=number, name=name, form=form, campus=campus, city="Dortmund")

    def _member(self, first_name, last_name, school, role):
        person = self.person(first_name, last_name)
        SchoolMembership.objects.create(person=person, school=school, role=role, starts_on=SINCE)
        return person

    def _manager(self, first_name, last_name, campus):
        person = self.person(first_name, last_name)
        CampusAssignment.objects.create(person=person, campus=campus, starts_on=SINCE)
        return person

    def _city_role(self, first_name, last_name, role):
        person = self.person(first_name, last_name)
        CityRole.objects.create(person=person, role=role, starts_on=SINCE)
        return person

    def _specialist(self, first_name, last_name, team):
        person = self.person(first_name, last_name)
        TeamMembership.objects.create(person=person, team=Team.objects.get(slug=team), starts_on=SINCE)
        return person
