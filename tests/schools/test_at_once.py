"""Two give somebody the same days at the same moment: one has done it, and the other one reads why not."""

import pytest
from django.core.exceptions import ValidationError

from accounts.commands import grant_role
from accounts.models import CityRole
from campuses.models import Absence, CampusAssignment
from schools.memberships import assign_campus, grant_school_role
from schools.models import SchoolMembership
from schools.steering.absences import enter_absence
from teams.commands import join_team
from teams.models import Team, TeamMembership
from tests.at_once import at_once, failures
from tests.city import DAY, MONDAY

WAYS = {
    "a role for the city": (CityRole, lambda city, **on: grant_role(role="helpdesk", **on)),
    "a team": (TeamMembership, lambda city, **on: join_team(team=Team.objects.get(slug="network"), **on)),
    "a school": (SchoolMembership, lambda city, **on: grant_school_role(school=city.widey, role="teacher", **on)),
    "an absence": (Absence, lambda city, **on: enter_absence(**on)),
}


@pytest.mark.parametrize("way", WAYS)
def test_one_has_entered_it_and_the_other_reads_what_stands_there(committed, way):
    model, enter = WAYS[way]
    before = model.objects.count()
    facts = {"person": committed.stranger, "starts_on": DAY, "by": committed.administrator, "at": MONDAY}
    [refused] = failures(at_once(*[lambda: enter(committed, **facts)] * 2))
    assert isinstance(refused, ValidationError) and len(refused.messages) == 1
    assert model.objects.count() == before + 1
    with pytest.raises(ValidationError) as later:
        enter(committed, **facts)
    assert refused.messages == later.value.messages


def test_a_campus_has_one_manager_however_many_are_named_at_once(committed):
    CampusAssignment.objects.all().delete()
    people = [committed.manager, committed.asseln_manager]
    facts = {"campus": committed.kirchlinde, "starts_on": DAY, "by": committed.administrator, "at": MONDAY}
    [refused] = failures(at_once(*[lambda person=person: assign_campus(person=person, **facts) for person in people]))
    assert isinstance(refused, ValidationError)
    assert CampusAssignment.objects.get().person in people
