"""A confidential report at the second level: hidden on every side path, to all but those the glossary names."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from notifications.models import OutboxMessage
from teams.models import Team
from tests.access.world import CANARIES
from tests.city import MONDAY
from tickets.commands import escalate, finish, join, merge, work
from tickets.models import Follower, Presence, Ticket
from tickets.permissions import StepForbidden
from tickets.queue import Queue
from tickets.triage import Triage

NAME = "escalated_confidential"
MAY = {"colleague", "manager", "specialist"}
STRANGERS = ["teacher", "contact", "head", "helpdesk", "tablet_specialist", "coordinator", "city_reader"]


@pytest.fixture
def hidden(world):
    return world.tickets[NAME]


def signed_in(world, who):
    client = Client()
    client.force_login(getattr(world, who))
    return client


def seen_by(world, ticket):
    return {
        who
        for who, person in world.everybody.items()
        if Ticket.objects.visible_to(world.viewer(type(person).objects.get(pk=person.pk))).filter(pk=ticket.pk)
    }


def without_numbers(answer):
    return re.sub(r"DO-\d+-\d+", "", answer.content.decode())


class TestMerging:
    @pytest.mark.parametrize("who", ["helpdesk"])
    def test_a_hidden_target_is_no_other_than_one_that_does_not_exist(self, world, hidden, who):
        client, address = signed_in(world, who), f"/api/v1/tickets/{world.tickets['ordinary'].number}/merge/"
        answers = [
            client.post(address, {"into": number}, content_type="application/json")
            for number in (hidden.number, "DO-2026-999999")
        ]
        assert [answer.status_code for answer in answers] == [422, 422]
        assert without_numbers(answers[0]) == without_numbers(answers[1])

    @pytest.mark.parametrize("who", STRANGERS)
    def test_who_does_not_see_both_merges_neither_way(self, world, hidden, who):
        other = world.tickets["ordinary"]
        for source, target in ((hidden, other), (other, hidden)):
            with pytest.raises((Ticket.DoesNotExist, StepForbidden)):
                merge.merge(ticket=source, into=target, by=getattr(world, who), at=MONDAY)
        assert not Ticket.objects.filter(status="merged").exists()

    def test_who_sees_both_does_not_bring_them_together(self, world, hidden):
        for other in (world.tickets["ordinary"], world.tickets["confidential"]):  # open, and of somebody else
            for source, target in ((hidden, other), (other, hidden)):
                with pytest.raises(ValidationError):
                    merge.merge(ticket=source, into=target, by=world.manager, at=MONDAY)

    def test_two_of_the_same_person_stay_confidential_together(self, world, hidden):
        second = world.report(by=world.colleague, confidential=True)
        merge.merge(ticket=second, into=hidden, by=world.manager, at=MONDAY)
        assert seen_by(world, hidden) == MAY
        assert seen_by(world, second) == {"colleague", "manager"}
        assert not Follower.objects.exists()

    def test_it_is_not_among_the_reports_one_may_choose(self, world, hidden):
        page = signed_in(world, "helpdesk").get(
            f"/tickets/{world.tickets['ordinary'].number}/merge/?q={hidden.number}"
        )
        assert CANARIES[NAME] not in page.content.decode()
        assert f"into={hidden.number}" not in page.content.decode()


class TestJoining:
    @pytest.mark.parametrize("who", ["teacher", "contact", "helpdesk", "kant_teacher"])
    def test_nobody_joins_what_they_must_not_know_of(self, world, hidden, who):
        client = signed_in(world, who)
        for step in ("join", "leave"):
            assert client.post(f"/tickets/{hidden.number}/{step}/").status_code == 404
            assert client.post(f"/api/v1/tickets/{hidden.number}/{step}/").status_code == 404
        assert not Follower.objects.filter(ticket=hidden).exists()

    def test_it_is_no_known_fault_and_never_similar(self, world, hidden):
        for who in ("teacher", "contact", "head", "helpdesk", "coordinator"):
            client = signed_in(world, who)
            sent = {"school": "100001", "category": "network", "room": world.a204.pk, "description": CANARIES[NAME]}
            for answer in (
                client.post("/tickets/similar/", sent),
                client.get("/tickets/new/?school=100001"),
                client.get("/api/v1/faults/?school=100001"),
            ):
                assert hidden.number not in answer.content.decode(), who
                assert CANARIES[NAME] not in answer.content.decode(), who
            assert not Ticket.objects.known_faults_for(world.viewer(getattr(world, who))).filter(pk=hidden.pk).exists()

    def test_who_follows_a_fault_that_becomes_confidential_loses_it(self, world):
        fault = world.tickets["ordinary"]
        join.join(ticket=fault, by=world.colleague, at=MONDAY)
        assert signed_in(world, "colleague").get(f"/tickets/{fault.number}/").status_code == 200
        work.restrict(ticket=fault, confidential=True, by=world.manager, at=MONDAY)
        work.comment(ticket=fault, text="Nur für Sie", by=world.manager, at=MONDAY)
        client = signed_in(world, "colleague")
        assert client.get(f"/tickets/{fault.number}/").status_code == 404
        assert client.get(f"/api/v1/tickets/{fault.number}/").status_code == 404
        assert fault.number not in client.get("/tickets/").content.decode()
        event = fault.events.get(verb="commented")
        assert not OutboxMessage.objects.filter(key__startswith=f"event:{event.pk}:{world.colleague.pk}:").exists()


class TestCounts:
    def test_it_is_counted_for_those_who_see_it_alone(self, world, hidden):
        everybody = {
            who: self.counts(world, who) for who in ("specialist", "tablet_specialist", "helpdesk", "manager")
        }
        Ticket.objects.filter(pk=hidden.pk).update(category=world.display)  # whatever it is about
        finish.close(ticket=hidden, by=world.manager, at=MONDAY)
        after = {who: self.counts(world, who) for who in everybody}
        assert {who for who in everybody if everybody[who] != after[who]} == {"specialist", "manager"}

    def counts(self, world, who):
        viewer = world.viewer(getattr(world, who))
        tabs = Triage(viewer).tabs if viewer.teams else Queue(viewer).tabs
        return {tab.key: tab.count for tab in tabs}

    def test_the_coordination_oversees_all_others(self, world, hidden):
        overseen = Ticket.objects.overseen_by(world.viewer(world.coordinator))
        assert not overseen.filter(confidential=True).exists()
        page = signed_in(world, "coordinator").get("/campuses/responsibility/").content.decode()
        assert hidden.number not in page

    def test_it_is_nobody_s_neighbour(self, world, hidden):
        """Not among related or earlier reports of the room, in triage and on the page."""
        for who in ("tablet_specialist", "helpdesk"):
            client, other = signed_in(world, who), world.tickets["escalated"]
            for address in (f"/tickets/{other.number}/", f"/triage/?view=all&ticket={other.number}"):
                html = client.get(address).content.decode()
                assert hidden.number not in html and CANARIES[NAME] not in html, (who, address)


class TestAnotherTeam:
    def test_passing_it_on_takes_it_out_of_the_sight_of_the_team(self, world, hidden):
        photo = f"/tickets/{hidden.number}/photos/{world.photos[NAME].key}/"
        assert signed_in(world, "specialist").get(photo).status_code == 200
        tablets = Team.objects.get(slug="tablets")
        escalate.transfer(ticket=hidden, team=tablets, reason="MDM", by=world.specialist, at=MONDAY)
        assert seen_by(world, hidden) == {"colleague", "manager", "tablet_specialist"}
        client = signed_in(world, "specialist")
        for address in (photo, f"/tickets/{hidden.number}/", f"/api/v1/tickets/{hidden.number}/events/"):
            assert client.get(address).status_code == 404
        assert hidden.number not in client.get("/triage/?view=all").content.decode()
        with pytest.raises(Ticket.DoesNotExist):
            escalate.accept_escalation(ticket=hidden, by=world.specialist, at=MONDAY)

    def test_returning_it_takes_it_out_of_the_sight_of_the_second_level(self, world, hidden):
        escalate.return_to_first_level(ticket=hidden, text="Vor Ort", by=world.specialist, at=MONDAY)
        assert seen_by(world, hidden) == {"colleague", "manager"}

    def test_opened_again_it_is_the_first_level_s(self, world, hidden):
        finish.resolve(ticket=hidden, solution="Neu", cause="", by=world.specialist, at=MONDAY)
        assert seen_by(world, hidden) == MAY
        finish.reopen(ticket=hidden, by=world.colleague, at=MONDAY)
        assert seen_by(world, hidden) == {"colleague", "manager"}


class TestLiveAndTexts:
    @pytest.mark.parametrize("who", STRANGERS)
    def test_who_does_not_see_it_is_told_nothing_and_leaves_no_trace(self, world, hidden, who):
        client = signed_in(world, who)
        assert client.post(f"/tickets/{hidden.number}/live/", {"typing": "1"}).status_code == 404
        assert not Presence.objects.filter(ticket=hidden).exists()
        assert client.get(f"/texts/for/{hidden.number}/?kind=message").status_code in (403, 404)
        for step in ("escalate", "transfer", "return", "ask", "merge"):
            assert client.get(f"/tickets/{hidden.number}/{step}/").status_code == 404


def test_every_notice_of_its_whole_life_goes_to_somebody_who_sees_it(world, hidden):
    tablets = Team.objects.get(slug="tablets")
    steps = [
        (escalate.ask_mediator, "specialist", {"text": "Welcher?"}),
        (work.comment, "manager", {"text": "Der linke", "internal": True}),
        (work.ask, "specialist", {"text": "Seit wann?"}),
        (work.answer, "colleague", {"text": "Seit gestern"}),
        (escalate.transfer, "specialist", {"team": tablets, "reason": "MDM"}),
        (escalate.accept_escalation, "tablet_specialist", {}),
        (escalate.return_to_first_level, "tablet_specialist", {"text": "Vor Ort"}),
        (escalate.escalate, "manager", {"packet": world.packet(hidden)}),
        (escalate.accept_escalation, "specialist", {}),
        (finish.resolve, "specialist", {"solution": "Neu", "cause": ""}),
        (finish.reopen, "colleague", {"reason": "Noch nicht"}),
        (finish.close, "manager", {"reason": "Doppelt"}),
    ]
    known = OutboxMessage.objects.count()
    for minutes, (command, who, facts) in enumerate(steps):
        before = seen_by(world, hidden)
        command(ticket=hidden, by=getattr(world, who), at=MONDAY + timedelta(minutes=minutes), **facts)
        may = {getattr(world, name).pk for name in before | seen_by(world, hidden)}
        new = OutboxMessage.objects.order_by("pk")[known:]
        assert {message.recipient_id for message in new} <= may, command
        known = OutboxMessage.objects.count()
