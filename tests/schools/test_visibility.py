"""Which schools, and what of them, each role sees."""

from datetime import date, timedelta

import pytest

from campuses.models import Absence, Campus
from schools.models import Contact, Cover, Room, School, SchoolMembership, TechnicalProfile
from schools.permissions import keeps, sees_access
from tests.city import MONDAY, SINCE

DAY = date(2026, 3, 2)
OWN, CAMPUS, ALL, NONE = {"brecht"}, {"brecht", "widey"}, {"brecht", "widey", "kant"}, set()
SEEN = {
    "teacher": OWN,
    "colleague": OWN,
    "contact": OWN,
    "head": OWN,
    "kant_teacher": {"kant"},
    "manager": CAMPUS,
    "asseln_manager": {"kant"},
    "helpdesk": ALL,
    "coordinator": ALL,
    "city_reader": ALL,
    "administrator": ALL,
    "specialist": ALL,
    "tablet_specialist": ALL,
    "stranger": NONE,
}
KEEPERS = {"contact", "manager", "helpdesk"}
READERS_OF_ACCESS = KEEPERS | {"specialist", "tablet_specialist", "coordinator", "administrator"}


def names(city, schools):
    known = {school.pk: name for name, school in vars(city).items() if isinstance(school, School)}
    return {known[school.pk] for school in schools}


def test_the_table_knows_everybody_of_the_city(city):
    assert set(SEEN) == set(city.everybody)


@pytest.mark.parametrize("who", SEEN)
def test_each_role_sees_its_schools_and_what_belongs_to_them(city, who):
    viewer = city.viewer(getattr(city, who))
    assert names(city, School.objects.visible_to(viewer)) == SEEN[who]
    for model in (Room, Contact):
        seen = model.objects.visible_to(viewer).select_related("school")
        everything = model.objects.select_related("school")
        expected = {row.pk for row in everything if names(city, [row.school]) <= SEEN[who]}
        assert {row.pk for row in seen} == expected, model


@pytest.mark.parametrize("who", SEEN)
def test_rooms_and_contacts_are_kept_by_the_contact_and_the_first_level(city, who):
    assert keeps(city.viewer(getattr(city, who)), city.brecht) == (who in KEEPERS)


@pytest.mark.parametrize("who", SEEN)
def test_access_is_read_by_those_who_come_to_help(city, who):
    viewer = city.viewer(getattr(city, who))
    assert sees_access(viewer, city.brecht) == (who in READERS_OF_ACCESS)
    assert TechnicalProfile.objects.visible_to(viewer).exists() == (who in READERS_OF_ACCESS)


def test_somebody_who_may_no_longer_sign_in_sees_nothing(city):
    city.helpdesk.is_active = False
    city.helpdesk.save()
    viewer = city.viewer(city.helpdesk)
    assert not School.objects.visible_to(viewer).exists()
    assert not Campus.objects.visible_to(viewer).exists()


def test_a_role_ends_with_its_last_day(city):
    SchoolMembership.objects.filter(person=city.teacher).update(ends_on=DAY)
    assert School.objects.visible_to(city.viewer(city.teacher, MONDAY)).exists()
    assert not School.objects.visible_to(city.viewer(city.teacher, MONDAY + timedelta(days=1))).exists()


def test_roles_at_two_schools_add_up(city):
    SchoolMembership.objects.create(
        person=city.teacher, school=city.kant, role=SchoolMembership.Role.HEAD, starts_on=SINCE
    )
    assert names(city, School.objects.visible_to(city.viewer(city.teacher))) == {"brecht", "kant"}


def test_a_substitute_sees_keeps_and_enters_the_covered_school_while_it_lasts(city):
    absence = Absence.objects.create(person=city.manager, starts_on=DAY, ends_on=DAY)
    Cover.objects.create(
        absence=absence, school=city.brecht, substitute=city.asseln_manager, starts_on=DAY, ends_on=DAY
    )
    today, tomorrow = MONDAY, MONDAY + timedelta(days=1)
    substitute = city.viewer(city.asseln_manager, today)
    assert names(city, School.objects.visible_to(substitute)) == {"kant", "brecht"}
    assert keeps(substitute, city.brecht) and sees_access(substitute, city.brecht)
    # The absent manager goes on seeing the own schools, but does not keep them meanwhile.
    absent = city.viewer(city.manager, today)
    assert names(city, School.objects.visible_to(absent)) == CAMPUS
    assert not keeps(absent, city.brecht)
    assert names(city, School.objects.visible_to(city.viewer(city.asseln_manager, tomorrow))) == {"kant"}
