"""The work of the second level: what lies in which view, in which order, and what stands around one report."""

from datetime import timedelta

import pytest

from teams.models import Team
from tests.city import MONDAY
from tickets.commands import escalate, finish, work
from tickets.live import Seen
from tickets.models import Category, Ticket
from tickets.surroundings import Surroundings, with_surroundings
from tickets.triage import Triage

HOUR = timedelta(hours=1)


def titles(city, person=None, at=MONDAY, **asked):
    triage = Triage(city.viewer(person or city.specialist, at), **asked)
    return [ticket.title for ticket in triage.rows]


def counts(city, at=MONDAY, person=None, **asked):
    triage = Triage(city.viewer(person or city.specialist, at), **asked)
    return {tab.key: tab.count for tab in triage.tabs}


@pytest.fixture
def handed_over(city):
    """Report with this title and hand it over to the network team, or to the category's."""

    def report(title, *, at=MONDAY, **fields):
        fields = {"category": city.network, "by": city.contact, "description": title, **fields}
        school = fields.get("school", city.brecht)
        manager = city.asseln_manager if school == city.kant else city.manager
        if school == city.widey:
            fields["by"], fields["room"] = city.manager, city.widey.rooms.get_or_create(name="W 1")[0]
        return city.escalated(city.report(at=at, **fields), by=manager, at=at)

    return report


class TestViews:
    def test_what_was_handed_over_lies_in_the_inbox_of_its_team_alone(self, city, handed_over):
        handed_over("WLAN weg")
        handed_over("Tablet gesperrt", category=Category.objects.get(slug="tablet"))
        city.report(description="Noch am Campus")
        assert titles(city) == ["WLAN weg"]
        assert titles(city, city.tablet_specialist) == ["Tablet gesperrt"]
        assert titles(city, view="all") == ["WLAN weg", "Tablet gesperrt"]

    def test_what_one_took_is_ones_own_and_in_the_team(self, city, handed_over):
        ticket = handed_over("WLAN weg")
        escalate.accept_escalation(ticket=ticket, by=city.specialist, at=MONDAY)
        assert titles(city) == []
        assert titles(city, view="mine") == titles(city, view="team") == ["WLAN weg"]
        assert counts(city) == {"inbox": 0, "mine": 1, "team": 1, "waiting": 0, "returned": 0, "all": 1}

    def test_what_waits_for_the_reporter_or_somebody_outside_waits(self, city, handed_over):
        one, two = handed_over("Frage"), handed_over("Leitung")
        work.ask(ticket=one, text="Welche Lampe?", by=city.specialist, at=MONDAY)
        work.wait(ticket=two, party="DOKOM21", until=MONDAY.date(), by=city.specialist, at=MONDAY)
        assert sorted(titles(city, view="waiting")) == ["Frage", "Leitung"]

    def test_what_was_given_back_is_with_the_campus_until_it_is_over(self, city, handed_over):
        ticket = handed_over("WLAN weg")
        escalate.return_to_first_level(ticket=ticket, text="Bitte Kabel tauschen", by=city.specialist, at=MONDAY)
        assert titles(city, view="returned") == ["WLAN weg"]
        assert titles(city, view="all") == []
        ticket.refresh_from_db()
        finish.resolve(ticket=ticket, solution="Kabel", cause="", by=city.manager, at=MONDAY)
        assert titles(city, view="returned") == []

    def test_what_was_passed_on_is_new_to_the_other_team(self, city, handed_over):
        ticket = handed_over("WLAN weg")
        tablets = Team.objects.get(slug="tablets")
        escalate.transfer(ticket=ticket, team=tablets, reason="Am Gerät", by=city.specialist, at=MONDAY)
        assert titles(city) == []
        assert titles(city, city.tablet_specialist) == ["WLAN weg"]

    def test_a_confidential_report_is_in_the_list_and_the_numbers_of_its_team_only(self, city, handed_over):
        handed_over("Vertraulich", confidential=True)
        assert titles(city, view="all") == ["Vertraulich"]
        assert titles(city, city.tablet_specialist, view="all") == []
        assert counts(city, person=city.tablet_specialist)["all"] == 0

    def test_an_unknown_view_is_the_inbox(self, city):
        assert Triage(city.viewer(city.specialist), view="everything").view == "inbox"


class TestOrder:
    def test_what_presses_most_comes_first(self, city, handed_over):
        handed_over("Hat Zeit", at=MONDAY + HOUR)
        handed_over("Steht still", urgency="blocked", at=MONDAY + HOUR)
        handed_over("Älter")
        assert titles(city) == ["Steht still", "Älter", "Hat Zeit"]

    def test_only_what_is_due_within_the_hour_or_late(self, city, handed_over):
        handed_over("Steht still", urgency="blocked")
        handed_over("Behindert")
        later = MONDAY + HOUR + timedelta(minutes=30)
        assert titles(city, at=later, near=True) == ["Steht still"]
        near = Triage(city.viewer(city.specialist, later)).narrowings[1]
        assert (near.key, near.count) == ("near", 1)

    def test_pages_follow_each_other_by_key(self, city, handed_over):
        for number in range(30):
            handed_over(f"Nummer {number:02}")
        first = Triage(city.viewer(city.specialist))
        second = Triage(city.viewer(city.specialist), after=first.page.next)
        seen = [ticket.title for ticket in (*first.rows, *second.rows)]
        assert len(seen) == len(set(seen)) == 30

    def test_after_a_step_one_goes_on_below_and_at_the_end_above(self, city, handed_over):
        one, two, three = (handed_over(title) for title in ("Eins", "Zwei", "Drei"))
        triage = Triage(city.viewer(city.specialist))
        assert [triage.beside(ticket).title for ticket in (one, two, three)] == ["Zwei", "Drei", "Zwei"]

    def test_what_left_the_list_is_followed_by_what_stood_below_it(self, city, handed_over):
        one, two, _three = (handed_over(title) for title in ("Eins", "Zwei", "Drei"))
        escalate.accept_escalation(ticket=two, by=city.specialist, at=MONDAY)
        triage = Triage(city.viewer(city.specialist))
        assert triage.beside(Ticket.objects.get(pk=one.pk)).title == "Drei"
        assert Triage(city.viewer(city.specialist), view="mine").beside(Ticket.objects.get(pk=two.pk)) is None


class TestSearch:
    def test_a_search_finds_what_was_ever_handed_over_in_whatever_view(self, city, handed_over):
        ticket = handed_over("Glasfaser geknickt")
        escalate.return_to_first_level(ticket=ticket, text="Bitte prüfen", by=city.specialist, at=MONDAY)
        city.report(description="Glasfaser am Campus")
        for words in ("Glasfaser", str(ticket.serial), ticket.number, "Brecht glasfaser"):
            assert titles(city, words=words) == ["Glasfaser geknickt"], words

    def test_the_label_of_a_device_finds_its_reports(self, city, handed_over):
        device = city.brecht.devices.create(code="AP-B1-03", kind="network")
        ticket = handed_over("WLAN weg")
        Ticket.objects.filter(pk=ticket.pk).update(device=device)
        assert titles(city, words="ap-b1-03") == ["WLAN weg"]


def test_a_page_and_its_poll_work_out_the_same_stamp(city, handed_over):
    for title in ("Eins", "Zwei"):
        handed_over(title)
    handed_over("Tablet", category=Category.objects.get(slug="tablet"))
    viewer = city.viewer(city.specialist)
    assert Triage(viewer).stamp == Triage(viewer, seen=Seen()).stamp
    escalate.accept_escalation(ticket=Ticket.objects.first(), by=city.specialist, at=MONDAY)
    assert Triage(viewer).stamp == Triage(viewer, seen=Seen()).stamp


def test_an_empty_page_has_the_stamp_of_its_poll_too(city):
    viewer = city.viewer(city.specialist)
    assert Triage(viewer).stamp == Triage(viewer, seen=Seen()).stamp


class TestCommonCause:
    def test_three_of_a_kind_at_a_school_within_two_hours_have_one_cause_perhaps(self, city, handed_over):
        for minutes in (0, 40, 110):
            handed_over(f"WLAN {minutes}", at=MONDAY + timedelta(minutes=minutes))
        triage = Triage(city.viewer(city.specialist, MONDAY + 3 * HOUR))
        assert (triage.cause.count, triage.cause.school, triage.cause.since) == (3, city.brecht.name, MONDAY)
        assert titles(city, at=MONDAY + 3 * HOUR, cause=True) == ["WLAN 0", "WLAN 40", "WLAN 110"]

    def test_those_of_the_campus_count_together(self, city, handed_over):
        handed_over("WLAN 1")
        handed_over("WLAN 2")
        handed_over("WLAN 3", school=city.widey)
        cause = Triage(city.viewer(city.specialist, MONDAY + HOUR)).cause
        assert (cause.count, cause.school, cause.campus, cause.schools) == (3, "", "Kirchlinde", 2)

    @pytest.mark.parametrize(
        "others",
        [
            [{}],
            [{}, {"at": MONDAY + 3 * HOUR}],
            [{}, {"category": "display"}],
            [{"school": "kant"}, {"school": "kant"}],
        ],
    )
    def test_two_or_another_time_kind_or_campus_are_no_cause(self, city, handed_over, others):
        handed_over("WLAN")
        for wishes in others:
            fields = dict(wishes)
            if "category" in fields:
                fields["category"] = city.display
            if "school" in fields:
                fields |= {"school": city.kant, "room": city.kant_room, "by": city.kant_teacher}
            handed_over("WLAN", **fields)
        assert Triage(city.viewer(city.specialist, MONDAY + 4 * HOUR)).cause is None

    def test_accounts_of_persons_have_no_cause_in_common(self, city, handed_over):
        for _ in range(3):
            handed_over("Passwort", category=Category.objects.get(slug="account"))
        assert Triage(city.viewer(city.specialist, MONDAY + HOUR)).cause is None


class TestSurroundings:
    def around(self, city, ticket, person=None):
        viewer = city.viewer(person or city.specialist)
        return Surroundings(with_surroundings(Ticket.objects.visible_to(viewer), viewer).get(pk=ticket.pk))

    def test_open_reports_of_the_room_and_of_the_kind_are_related(self, city, handed_over):
        handed_over("Im Raum", category=city.display)
        handed_over("Gleiche Art", room=city.b112)
        handed_over("Anderswo", school=city.widey)
        handed_over("Andere Art", room=city.b112, category=city.display)
        found = self.around(city, handed_over("Dieser"))
        assert [ticket.title for ticket in found.related] == ["Im Raum", "Gleiche Art"]
        assert found.earlier == []

    def test_what_is_over_in_the_room_came_before(self, city, handed_over):
        old = handed_over("Früher")
        finish.resolve(ticket=old, solution="Neu gestartet", cause="", by=city.specialist, at=MONDAY)
        ticket = handed_over("Dieser", at=MONDAY + HOUR)
        found = self.around(city, ticket)
        assert [(other.number, other.title) for other in found.earlier] == [(old.number, "Früher")]
        assert found.ticket.similar == 1

    def test_a_report_without_a_room_has_no_neighbours_in_it(self, city, handed_over):
        handed_over("Auch ohne", room=None, category=city.display)
        found = self.around(city, handed_over("Ohne Raum", room=None))
        assert (found.related, found.earlier, found.ticket.similar) == ([], [], 0)

    def test_what_one_does_not_see_stands_around_nothing(self, city, handed_over):
        handed_over("Vertraulich", confidential=True)
        city.report(description="Nie weitergegeben", category=city.network)
        ticket = handed_over("Dieser")
        Ticket.objects.filter(pk=ticket.pk).update(team=Team.objects.get(slug="tablets"))
        assert self.around(city, ticket, city.tablet_specialist).related == []

    def test_who_is_affected_is_counted_with_the_reporter(self, city, handed_over):
        ticket = handed_over("WLAN weg")
        assert self.around(city, ticket).affected == 1
        ticket.followers.create(person=city.colleague, joined_at=MONDAY)
        ticket.followers.create(person=city.contact, joined_at=MONDAY, is_affected=False)
        assert self.around(city, ticket).affected == 2
