"""Every open report lies with somebody, and a page proves it: its sums against the answer for each single report."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import CityRole
from campuses.models import CampusAssignment
from schools.coverage import roster_on
from schools.models import School
from teams.models import Team, TeamMembership
from tests.access.world import World
from tests.city import DAY, MONDAY, SINCE
from tickets.models import Ticket
from tickets.oversight import KINDS, Oversight, kind_of, open_by_school
from tickets.routing import responsible_for


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


@pytest.fixture
def world(db):
    """The small city with reports in every hand one can think of."""
    world = World()
    team = Team.objects.get(slug="network")
    empty = Team.objects.get(slug="servers")
    TeamMembership.objects.filter(team=empty).delete()
    world.stranger.is_active = False
    world.stranger.save()
    world.away(world.asseln_manager)
    lies = [
        {},
        {"assignee": world.manager, "status": "in_progress"},
        {"assignee": world.helpdesk, "status": "in_progress"},
        {"assignee": world.asseln_manager, "status": "in_progress"},  # absent, and of another campus
        {"assignee": world.stranger, "status": "waiting_reporter"},  # whose account is closed
        {"assignee": world.coordinator, "status": "in_progress"},
        {"level": "second", "team": team, "status": "escalated"},
        {"level": "second", "team": team, "assignee": world.specialist, "status": "in_progress"},
        {"level": "second", "team": team, "assignee": world.tablet_specialist, "status": "in_progress"},
        {"level": "second", "team": empty, "status": "escalated"},
        {"level": "second", "status": "escalated"},
        {"status": "resolved"},
        {"confidential": True},
    ]
    for school in (world.brecht, world.widey, world.kant, world.heide):
        for facts in lies:
            ticket = world.report(school=school, room=None, by=world.helpdesk)
            Ticket.objects.filter(pk=ticket.pk).update(**facts)
    return world


def one_by_one(world, **narrow):
    """Count by kind the slow way: each report by itself."""
    roster, counts = roster_on(DAY), Counter()
    for ticket in Ticket.objects.open().filter(confidential=False, **narrow).with_names():
        counts[kind_of(responsible_for(ticket, roster), team=ticket.team_id, roster=roster)] += 1
    return counts


def sums(oversight):
    return {share.kind: share.count for share in oversight.shares if share.count}


def test_the_sums_are_those_of_every_single_report(world):
    oversight = Oversight(world.viewer(world.coordinator))
    assert sums(oversight) == dict(one_by_one(world))
    assert set(sums(oversight)) == set(KINDS)  # the world has all of them, also the fault
    assert oversight.total == Ticket.objects.open().filter(confidential=False).count()
    assert oversight.chosen_total == oversight.total


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_of_a_kind_is_as_long_as_its_sum(world, kind):
    oversight = Oversight(world.viewer(world.coordinator), kind=kind)
    found, after = [], ""
    while True:
        page = Oversight(world.viewer(world.coordinator), kind=kind, after=after)
        found += [(ticket.number, ticket.responsible_kind) for ticket in page.rows]
        after = page.page.next
        if not after:
            break
    assert len(found) == len(set(found)) == one_by_one(world)[kind] == sums(oversight)[kind]
    assert {told for _number, told in found} <= {kind}


def test_it_narrows_by_campus_and_school(world):
    oversight = Oversight(world.viewer(world.coordinator), campus="kirchlinde")
    assert sums(oversight) == dict(one_by_one(world, school__campus=world.kirchlinde))
    oversight = Oversight(world.viewer(world.coordinator), school="100003")
    assert sums(oversight) == dict(one_by_one(world, school=world.kant))
    assert {ticket.school_id for ticket in oversight.rows} == {world.kant.pk}
    assert [choice.value for choice in Oversight(world.viewer(world.coordinator)).campuses] == ["asseln", "kirchlinde"]


def test_confidential_reports_are_in_no_count(world):
    before = Oversight(world.viewer(world.coordinator)).total
    world.report(by=world.teacher, confidential=True)
    assert Oversight(world.viewer(world.coordinator)).total == before
    counts = open_by_school(world.viewer(world.coordinator))
    assert sum(counts.values()) == before


@pytest.mark.parametrize("who", ["administrator", "helpdesk", "manager", "city_reader", "head"])
def test_nobody_else_oversees(world, who):
    assert Oversight(world.viewer(getattr(world, who))).total == 0
    assert open_by_school(world.viewer(getattr(world, who))) == {}


class TestRule:
    """Who is responsible follows the day, without anybody touching the report."""

    def told(self, city, ticket, at=MONDAY):
        ticket = Ticket.objects.with_names().get(pk=ticket.pk)
        found = responsible_for(ticket, roster_on(at.date()))
        return found.kind, found.name

    @pytest.fixture
    def taken(self, city):
        ticket = city.report()
        Ticket.objects.filter(pk=ticket.pk).update(assignee=city.manager, status="in_progress")
        return ticket

    def test_a_taken_report_follows_the_school_to_its_new_campus(self, city, taken):
        assert self.told(city, taken) == ("person", "Mona Mobil")
        School.objects.filter(pk=city.brecht.pk).update(campus=city.asseln)
        assert self.told(city, taken) == ("queue", "Arne Außendienst")

    def test_a_taken_report_follows_the_campus_to_its_new_manager(self, city, taken):
        CampusAssignment.objects.filter(campus=city.kirchlinde).update(person=city.stranger)
        assert self.told(city, taken) == ("queue", "Fred Fremd")

    def test_what_a_substitute_took_lies_with_the_manager_afterwards(self, city, taken):
        city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht])
        Ticket.objects.filter(pk=taken.pk).update(assignee=city.asseln_manager)
        assert self.told(city, taken) == ("person", "Arne Außendienst")
        assert self.told(city, taken, MONDAY + timedelta(days=1)) == ("queue", "Mona Mobil")

    def test_the_helpdesk_keeps_what_it_took_until_the_role_ends(self, city, taken):
        Ticket.objects.filter(pk=taken.pk).update(assignee=city.helpdesk)
        assert self.told(city, taken) == ("person", "Hedwig Hörer")
        CityRole.objects.filter(person=city.helpdesk).delete()
        assert self.told(city, taken) == ("queue", "Mona Mobil")

    def test_a_specialist_who_left_the_team_leaves_the_report_to_it(self, city, taken):
        team = Team.objects.get(slug="network")
        Ticket.objects.filter(pk=taken.pk).update(level="second", team=team, assignee=city.specialist)
        assert self.told(city, taken)[0] == "person"
        TeamMembership.objects.filter(person=city.specialist).delete()
        TeamMembership.objects.create(person=city.specialist, team=Team.objects.get(slug="tablets"), starts_on=SINCE)
        assert self.told(city, taken) == ("team", team.name)


class TestPage:
    def test_it_says_that_somebody_is_there_for_all_of_them(self, city, client):
        city.report()
        client.force_login(city.coordinator)
        page = client.get("/campuses/responsibility/").content.decode()
        assert "notice--success" in page and "Mona Mobil" in page

    def test_it_warns_where_nobody_is(self, world, client):
        client.force_login(world.coordinator)
        page = client.get("/campuses/responsibility/").content.decode()
        assert "notice--danger" in page

    def test_it_shows_no_words_and_opens_only_what_is_the_coordinations(self, world, client):
        client.force_login(world.coordinator)
        page = (
            client.get("/campuses/responsibility/").content.decode()
            + client.get("/campuses/responsibility/?school=100004").content.decode()
        )
        for bird in ("Rotkehlchen", "Nachtigall", "Wiedehopf", "Brachvogel", "Tilda Tafel"):
            assert bird not in page
        assert f"/tickets/{world.tickets['unattended'].number}/" in page
        assert f"/tickets/{world.tickets['ordinary'].number}/" not in page
        assert world.tickets["confidential"].number not in page

    @pytest.mark.parametrize("query", ["after=nonsense", "after=%00"])
    def test_a_wrong_cursor_is_not_found(self, world, client, query):
        client.force_login(world.coordinator)
        assert client.get(f"/campuses/responsibility/?{query}").status_code in (200, 404)

    @pytest.mark.parametrize(
        "query", ["campus=%00", "school='", "kind=nonsense", "campus=nowhere", "school=" + "9" * 999]
    )
    def test_nonsense_filters_break_nothing(self, world, client, query):
        client.force_login(world.coordinator)
        assert client.get(f"/campuses/responsibility/?{query}").status_code == 200
