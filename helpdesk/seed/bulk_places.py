"""The schools as ids, read once, for very many reports."""

from itertools import accumulate
from random import Random

from accounts.models import CityRole
from campuses.models import CampusAssignment
from schools.models import Room, School, SchoolMembership


class _School:
    def __init__(self, pk: int, campus: int | None, manager: int | None):
        self.pk, self.campus, self.manager = pk, campus, manager
        self.teachers: list[int] = []
        self.rooms: list[int] = []


class Places:
    """The schools with somebody who reports, drawn by the number of their pupils."""

    def __init__(self):
        managers = dict(CampusAssignment.objects.order_by("starts_on").values_list("campus", "person"))
        helpdesk = CityRole.objects.filter(role=CityRole.Role.HELPDESK).values_list("person", flat=True).first()
        rows = School.objects.order_by("number").values_list("pk", "campus", "students")
        schools = {pk: _School(pk, campus, managers.get(campus, helpdesk)) for pk, campus, _ in rows}
        teachers = SchoolMembership.objects.filter(role=SchoolMembership.Role.TEACHER).order_by("pk")
        for school, person in teachers.values_list("school", "person"):
            schools[school].teachers.append(person)
        for school, room in Room.objects.filter(active=True).order_by("pk").values_list("school", "pk"):
            schools[school].rooms.append(room)
        found = [(schools[pk], (students or 200) ** 0.7) for pk, _, students in rows if schools[pk].teachers]
        self.schools = [school for school, _ in found]
        self.weights = list(accumulate(weight for _, weight in found))

    def draw(self, lot: Random) -> _School:
        return lot.choices(self.schools, cum_weights=self.weights)[0]
