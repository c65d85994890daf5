"""Who is on duty: assignments, absences, covers and chains of covers."""

from datetime import date, timedelta

import pytest

from campuses.models import Absence, CampusAssignment
from schools.coverage import manager_on_duty, roster_on
from schools.models import Cover, School
from schools.roster import Manager, Roster
from tests.city import MONDAY, berlin

NORTH, SOUTH = 1, 2
SCHOOL, OTHER_SCHOOL = 10, 20
ADA, BEA, CEM = (Manager(number, name) for number, name in ((1, "Ada"), (2, "Bea"), (3, "Cem")))
DAY = date(2026, 3, 2)


def roster(absent=(), covers=None):
    """Ada has the north with both schools, Bea the south."""
    covers = covers or {}
    return Roster(
        managers={NORTH: ADA, SOUTH: BEA},
        absent=frozenset(person.id for person in absent),
        covers={(away.id, school): substitute for (away, school), substitute in covers.items()},
        campus_of={school: NORTH for _away, school in covers},
    )


def test_the_manager_of_the_campus_is_on_duty():
    assert roster().manager_of(SCHOOL, NORTH) == ADA


@pytest.mark.parametrize("campus", [3, None])
def test_nobody_is_on_duty_where_no_manager_is_assigned(campus):
    assert roster().manager_of(SCHOOL, campus) is None


def test_an_absence_without_cover_leaves_nobody():
    assert roster(absent=[ADA]).manager_of(SCHOOL, NORTH) is None


def test_a_cover_holds_for_its_school_alone():
    covered = roster(absent=[ADA], covers={(ADA, SCHOOL): BEA})
    assert covered.manager_of(SCHOOL, NORTH) == BEA
    assert covered.manager_of(OTHER_SCHOOL, NORTH) is None


def test_a_cover_without_an_absence_changes_nothing():
    assert roster(covers={(ADA, SCHOOL): BEA}).manager_of(SCHOOL, NORTH) == ADA


def test_a_chain_of_covers_ends_at_whoever_is_there():
    chain = roster(absent=[ADA, BEA], covers={(ADA, SCHOOL): BEA, (BEA, SCHOOL): CEM})
    assert chain.manager_of(SCHOOL, NORTH) == CEM


def test_a_broken_chain_leaves_nobody():
    assert roster(absent=[ADA, BEA], covers={(ADA, SCHOOL): BEA}).manager_of(SCHOOL, NORTH) is None


def test_substitutes_who_cover_each_other_leave_nobody():
    circle = roster(absent=[ADA, BEA], covers={(ADA, SCHOOL): BEA, (BEA, SCHOOL): ADA})
    assert circle.manager_of(SCHOOL, NORTH) is None


def test_only_the_end_of_a_chain_has_the_school():
    chain = roster(absent=[ADA, BEA], covers={(ADA, SCHOOL): BEA, (BEA, SCHOOL): CEM})
    assert chain.schools_covered_by(CEM.id) == {SCHOOL}
    assert chain.schools_covered_by(BEA.id) == frozenset()
    assert chain.schools_covered_by(ADA.id) == frozenset()


def test_attended_is_what_somebody_is_on_duty_for():
    covered = roster(absent=[ADA], covers={(ADA, SCHOOL): BEA})
    assert covered.attended_campuses == {SOUTH}
    assert covered.attended_schools == {SCHOOL}


def away(person, starts_on=DAY, ends_on=DAY):
    return Absence.objects.create(person=person, starts_on=starts_on, ends_on=ends_on)


def cover(absence, school, substitute, starts_on=DAY, ends_on=DAY):
    return Cover.objects.create(
        absence=absence, school=school, substitute=substitute, starts_on=starts_on, ends_on=ends_on
    )


def test_the_rows_of_the_city_say_who_is_on_duty(city):
    manager = manager_on_duty(city.brecht, MONDAY)
    assert (manager.id, manager.name) == (city.manager.pk, "Mona Mobil")


def test_a_cover_lasts_from_midnight_to_midnight_in_dortmund(city):
    absence = away(city.manager)
    cover(absence, city.brecht, city.asseln_manager)

    def on_duty(at):
        return manager_on_duty(city.brecht, at).id

    assert on_duty(berlin(2026, 3, 1, 23, 59)) == city.manager.pk
    assert on_duty(berlin(2026, 3, 2, 0, 0)) == city.asseln_manager.pk
    assert on_duty(berlin(2026, 3, 2, 23, 59)) == city.asseln_manager.pk
    assert on_duty(berlin(2026, 3, 3, 0, 0)) == city.manager.pk


def test_a_cover_counts_only_while_the_absence_lasts(city):
    absence = away(city.manager)
    cover(absence, city.brecht, city.asseln_manager, ends_on=DAY + timedelta(days=5))
    assert manager_on_duty(city.brecht, MONDAY + timedelta(days=2)).id == city.manager.pk


def test_a_chain_of_rows_resolves(city):
    third = city.person("Dora", "Dritte")
    cover(away(city.manager), city.brecht, city.asseln_manager)
    cover(away(city.asseln_manager), city.brecht, third)
    assert manager_on_duty(city.brecht, MONDAY).id == third.pk
    assert city.viewer(third).covered_schools == {city.brecht.pk}
    assert manager_on_duty(city.kant, MONDAY) is None


def test_an_ended_assignment_leaves_the_campus_to_the_next_one(city):
    CampusAssignment.objects.filter(campus=city.kirchlinde).update(ends_on=DAY - timedelta(days=1))
    assert manager_on_duty(city.brecht, MONDAY) is None
    CampusAssignment.objects.create(campus=city.kirchlinde, person=city.asseln_manager, starts_on=DAY)
    assert manager_on_duty(city.brecht, MONDAY).id == city.asseln_manager.pk


def test_a_school_that_changes_campus_changes_hands_at_once(city):
    city.brecht.campus = city.asseln
    city.brecht.save()
    assert manager_on_duty(city.brecht, MONDAY).id == city.asseln_manager.pk


def test_a_roster_takes_one_statement(city, django_assert_num_queries):
    cover(away(city.manager), city.brecht, city.asseln_manager)
    with django_assert_num_queries(1):
        roster_on(DAY)


def test_unattended_schools_are_those_nobody_is_on_duty_for(city):
    alone = School.objects.create(number="100009", name="Ohne Campus", form=School.Form.PRIMARY)
    cover(away(city.manager), city.brecht, city.asseln_manager)
    unattended = School.objects.unattended(roster_on(DAY))
    assert set(unattended) == {city.widey, alone}


def test_an_absent_manager_is_on_duty_nowhere(city):
    away(city.manager)
    assert not city.viewer(city.manager).schools_on_duty


def test_a_substitute_is_on_duty_at_both_ends(city):
    cover(away(city.manager), city.brecht, city.asseln_manager)
    assert city.viewer(city.asseln_manager).schools_on_duty == {city.kant.pk, city.brecht.pk}
