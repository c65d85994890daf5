"""Who makes a report confidential, who makes it visible again, and who sees it meanwhile."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.city import MONDAY, berlin
from tickets.commands import finish, work
from tickets.models import Ticket
from tickets.permissions import StepForbidden

TEN = berlin(2026, 3, 2, 10)


def seen_by(city, ticket, at=TEN):
    viewers = {who: city.viewer(person, at) for who, person in city.everybody.items()}
    return {who for who, viewer in viewers.items() if Ticket.objects.visible_to(viewer).filter(pk=ticket.pk).exists()}


@pytest.mark.parametrize("who", ["teacher", "manager", "helpdesk"])
def test_reporter_and_first_level_make_it_confidential(city, who):
    ticket = work.restrict(ticket=city.report(), confidential=True, by=getattr(city, who), at=TEN)
    assert seen_by(city, ticket) == {"teacher", "manager"}
    assert ticket.events.in_order().last().data == {"confidential": True}


def test_only_the_first_level_makes_it_visible_again(city):
    ticket = city.report(confidential=True)
    with pytest.raises(StepForbidden):
        work.restrict(ticket=ticket, confidential=False, by=city.teacher, at=TEN)
    ticket = work.restrict(ticket=ticket, confidential=False, by=city.manager, at=TEN)
    assert seen_by(city, ticket) == {"teacher", "contact", "head", "manager", "helpdesk"}


def test_the_agent_who_filed_it_makes_it_visible_again(city):
    ticket = city.report(by=city.helpdesk, reporter=city.teacher, confidential=True)
    assert seen_by(city, ticket) == {"teacher", "manager", "helpdesk"}
    assert not work.restrict(ticket=ticket, confidential=False, by=city.helpdesk, at=TEN).confidential


def test_who_filed_it_for_a_colleague_at_the_school_does_not_see_it(city):
    assert "contact" not in seen_by(city, city.report(by=city.contact, reporter=city.colleague, confidential=True))


def test_who_it_is_assigned_to_sees_it_and_works_on_it(city):
    ticket = work.assign(ticket=city.report(confidential=True), person=city.helpdesk, by=city.manager, at=TEN)
    assert "helpdesk" in seen_by(city, ticket)
    ticket = work.accept(ticket=ticket, by=city.helpdesk, at=TEN)
    ticket = finish.resolve(ticket=ticket, solution="Gelöst", cause="", by=city.helpdesk, at=TEN)
    # Opened again it lies with the manager: the agent no longer sees it.
    ticket = finish.reopen(ticket=ticket, by=city.teacher, at=TEN)
    assert seen_by(city, ticket) == {"teacher", "manager"}


@pytest.mark.parametrize("confidential", [True, False])
def test_doing_it_twice_is_refused_in_a_sentence(city, confidential):
    ticket = city.report(confidential=confidential)
    with pytest.raises(ValidationError):
        work.restrict(ticket=ticket, confidential=confidential, by=city.manager, at=TEN)


def test_the_substitute_sees_it_and_the_absent_manager_does_not(city):
    ticket = city.report(confidential=True)
    city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht])
    assert seen_by(city, ticket) == {"teacher", "asseln_manager"}
    assert seen_by(city, ticket, TEN + timedelta(days=1)) == {"teacher", "manager"}


class TestOnThePages:
    @pytest.fixture(autouse=True)
    def clock(self, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)

    def press(self, client, ticket, key="k1"):
        return client.post(f"/tickets/{ticket.number}/restrict/", {"idempotency_key": key, "version": 1})

    def test_the_agent_who_hides_it_from_their_own_eyes_lands_on_a_page_that_is_there(self, city, client):
        ticket = city.report()
        client.force_login(city.helpdesk)
        answer = self.press(client, ticket)
        assert answer.status_code == 302
        page = client.get(answer.url, follow=True)
        assert page.status_code == 200 and ticket.number not in page.content.decode()

    def test_pressed_twice_is_answered_twice_alike(self, city, client):
        ticket = city.report()
        client.force_login(city.helpdesk)
        first, second = self.press(client, ticket), self.press(client, ticket)
        assert (second.status_code, second["Location"]) == (first.status_code, first["Location"])
        assert self.press(client, ticket, key="k2").status_code == 404
        assert city.verbs_of(ticket) == ["reported", "restricted"]
