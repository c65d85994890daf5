"""Two people at the same moment, each on a connection of their own: one effect, and the other one is told."""

import uuid

import pytest
from django.test import Client

from tests.access.world import clean
from tests.at_once import at_once, failures
from tests.city import MONDAY, berlin
from tickets import drafts
from tickets.commands import finish, work
from tickets.commands.base import StaleTicket
from tickets.commands.rate import rate
from tickets.lifecycle import StepNotAllowed
from tickets.models import Attachment, Rating, Ticket
from tickets.permissions import RatingNotPossible

TEN = berlin(2026, 3, 2, 10)


@pytest.fixture
def city(committed):
    return committed


@pytest.mark.parametrize("attempt", range(5))
def test_two_take_the_same_report_and_one_has_it(city, attempt):
    ticket = city.report()
    people = [city.manager, city.helpdesk]
    outcomes = at_once(*(lambda by=by: work.accept(ticket=ticket, by=by, at=TEN, version=1) for by in people))
    [refused] = failures(outcomes)
    assert isinstance(refused, StaleTicket)
    [taken] = [outcome for outcome in outcomes if isinstance(outcome, Ticket)]
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.version) == (taken.assignee, 2)
    assert city.verbs_of(ticket) == ["reported", "accepted"]


def test_without_a_version_the_second_is_told_that_it_is_taken(city):
    ticket = city.report()
    people = [city.manager, city.helpdesk]
    outcomes = at_once(*(lambda by=by: work.accept(ticket=ticket, by=by, at=TEN) for by in people))
    assert [type(error) for error in failures(outcomes)] == [StepNotAllowed]
    assert city.verbs_of(ticket) == ["reported", "accepted"]


def test_solving_and_withdrawing_at_once_is_one_of_both(city):
    ticket = city.report()
    outcomes = at_once(
        lambda: finish.resolve(ticket=ticket, solution="Neu", cause="", by=city.manager, at=TEN),
        lambda: finish.withdraw(ticket=ticket, by=city.teacher, at=TEN),
    )
    assert len(failures(outcomes)) == 1
    ticket.refresh_from_db()
    assert ticket.status in ("resolved", "withdrawn")
    assert len(city.verbs_of(ticket)) == 2


def test_eight_messages_at_once_all_arrive_beside_a_step(city):
    ticket = city.report()
    messages = [
        lambda number=number: work.comment(ticket=ticket, text=f"Nachricht {number}", by=city.teacher, at=TEN)
        for number in range(7)
    ]
    outcomes = at_once(*messages, lambda: work.accept(ticket=ticket, by=city.manager, at=TEN, version=1))
    assert failures(outcomes) == []
    assert sorted(city.verbs_of(ticket)) == ["accepted", *["commented"] * 7, "reported"]


def test_an_answer_of_the_manager_does_not_undo_a_step(city):
    """A message is no new version; it must not write back what it read before the step."""
    for _ in range(5):
        ticket = city.report()
        outcomes = at_once(
            lambda ticket=ticket: work.comment(ticket=ticket, text="Ich komme", by=city.manager, at=TEN),
            lambda ticket=ticket: work.ask(ticket=ticket, text="Welcher?", by=city.helpdesk, at=TEN),
        )
        assert failures(outcomes) == []
        ticket.refresh_from_db()
        assert (ticket.status, ticket.due_at) == ("waiting_reporter", None)


class TestOnThePages:
    @pytest.fixture(autouse=True)
    def clock(self, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)

    def signed_in(self, person):
        client = Client()
        client.force_login(person)
        client.get("/notices/")  # the first request of a session writes it
        return client

    def test_pressed_four_times_at_once_is_one_report(self, city):
        sent = {
            "idempotency_key": str(uuid.uuid4()),
            "school": city.brecht.number,
            "category": "display",
            "urgency": "hampered",
            "room": city.a204.pk,
        }
        clients = [self.signed_in(city.teacher) for _ in range(4)]
        answers = at_once(*(lambda client=client: client.post("/tickets/new/", sent) for client in clients))
        # Who comes while the first one is still running is asked to try again in a moment.
        assert {answer.status_code for answer in answers} <= {302, 409}
        assert len({answer["Location"] for answer in answers if answer.status_code == 302}) == 1
        assert Ticket.objects.count() == 1

    def test_two_managers_tap_at_once_and_one_is_told(self, city):
        ticket = city.report()
        clients = [self.signed_in(person) for person in (city.manager, city.helpdesk)]
        answers = at_once(
            *(
                lambda client=client: client.post(f"/tickets/{ticket.number}/accept/", {"version": 1})
                for client in clients
            )
        )
        assert sorted(answer.status_code for answer in answers) == [302, 409]
        assert city.verbs_of(ticket) == ["reported", "accepted"]

    def test_a_draft_sent_from_two_windows_gives_its_photo_to_one_report(self, city):
        draft = drafts.keep(author=city.teacher, words={}, photos=[clean()], draft=None, at=MONDAY)
        sent = {
            "draft": draft.key,
            "school": city.brecht.number,
            "category": "display",
            "urgency": "hampered",
            "room": city.a204.pk,
        }
        clients = [self.signed_in(city.teacher) for _ in range(2)]
        answers = at_once(*(lambda client=client: client.post("/tickets/new/", sent) for client in clients))
        assert [answer.status_code for answer in answers] == [302, 302]
        assert Attachment.objects.count() == 1


def test_two_taps_at_once_are_one_answer(city):
    ticket = finish.resolve(ticket=city.report(), solution="Neu", cause="", by=city.manager, at=TEN)
    taps = (lambda: rate(ticket=ticket, value="good", by=city.teacher, at=TEN) for _tap in range(2))
    assert failures(at_once(*taps)) == []
    assert Rating.objects.get(ticket=ticket).value == "good"
    assert city.verbs_of(ticket).count("rated") == 1


@pytest.mark.parametrize("attempt", range(5))
def test_an_answer_never_outlives_its_solution(city, attempt):
    ticket = finish.resolve(ticket=city.report(), solution="Neu", cause="", by=city.manager, at=TEN)
    outcomes = at_once(
        lambda: rate(ticket=ticket, value="good", by=city.teacher, at=TEN),
        lambda: finish.reopen(ticket=ticket, by=city.manager, at=TEN),
    )
    assert [type(error) for error in failures(outcomes)] in ([], [RatingNotPossible])
    assert not Rating.objects.filter(ticket=ticket).exists()
