"""Who follows a fault reads what the staff says, and nothing of the report: no word, no name, no photo, no step."""

import json
import re

import pytest
from django.test import Client

from tests.access.test_canaries import PAGES
from tests.access.world import CANARIES, EVERYBODY, KNOWN_BY, SEEN_BY
from tests.city import MONDAY
from tickets.commands import join, work
from tickets.lifecycle import Step


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


def signed_in(world, who):
    client = Client()
    client.force_login(getattr(world, who))
    return client


@pytest.fixture
def colleague(world):
    """Somebody who follows the teacher's report, to which both the teacher and the staff have written."""
    ticket = world.tickets["ordinary"]
    join.join(ticket=ticket, by=world.colleague, at=MONDAY)
    work.comment(ticket=ticket, by=world.teacher, text="Zilpzalp vom Kollegium", at=MONDAY)
    work.comment(ticket=ticket, by=world.manager, text="Wir tauschen die Lampe", at=MONDAY)
    work.comment(ticket=ticket, by=world.manager, text="Intern: Goldammer", internal=True, at=MONDAY)
    return signed_in(world, "colleague")


def test_no_page_tells_the_follower_what_the_reporter_wrote(world, colleague):
    number = world.tickets["ordinary"].number
    addresses = [*PAGES, f"/tickets/{number}/", f"/tickets/{number}/?joined=1", f"/api/v1/tickets/{number}/"]
    addresses += [f"/api/v1/tickets/{number}/events/", "/tickets/?q=Rotkehlchen", "/api/v1/tickets/?q=Rotkehlchen"]
    for address in addresses:
        html = colleague.get(address).content.decode().replace('value="Rotkehlchen"', "")
        for hidden in ("Rotkehlchen!", "Rotkehlchen im Bild", "Tilda", "Zilpzalp", "Goldammer"):
            assert hidden not in html, (address, hidden)
    assert "Wir tauschen die Lampe" in colleague.get(f"/tickets/{number}/").content.decode()


def test_the_follower_takes_no_step_and_opens_no_photo(world, colleague):
    ticket, photo = world.tickets["ordinary"], world.photos["ordinary"]
    assert colleague.get(f"/tickets/{ticket.number}/photos/{photo.key}/").status_code == 404
    assert colleague.post(f"/tickets/{ticket.number}/comment/", {"text": "Hallo"}).status_code == 404
    assert colleague.post(f"/tickets/{ticket.number}/live/", {}).status_code in (401, 404)
    for step in set(Step) - {Step.JOIN, Step.LEAVE, Step.COMMENT}:
        assert colleague.get(f"/tickets/{ticket.number}/{step}/").status_code == 404, step
        assert colleague.post(f"/tickets/{ticket.number}/{step}/", {}).status_code == 404, step


def test_a_confidential_report_is_followed_by_nobody(world, colleague):
    ticket = world.tickets["ordinary"]
    work.restrict(ticket=ticket, confidential=True, by=world.manager, at=MONDAY)
    for address in (*PAGES, f"/tickets/{ticket.number}/", f"/api/v1/tickets/{ticket.number}/"):
        answer = colleague.get(address)
        said = re.sub("/notices/", "", answer.content.decode())
        assert CANARIES["ordinary"] not in said
        if address not in ("/notices/", "/demo/mails/"):  # what was owed before keeps its number, and leads nowhere
            assert ticket.number not in said or answer.status_code == 404, address


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_what_is_similar_is_told_to_those_who_may_know(world, who):
    client = signed_in(world, who)
    for school in ("100001", "100003", "100004"):
        for category in ("display", "network"):
            sent = {"school": school, "category": category, "room": world.a204.pk}
            for words in ("", " ".join(CANARIES.values())):
                html = client.post("/tickets/similar/", {**sent, "description": words}).content.decode()
                for name, ticket in world.tickets.items():
                    told = re.search(rf"{ticket.number}\b", html)
                    assert not told or who in SEEN_BY[name] | KNOWN_BY.get(name, set()), (name, sent)
                    assert CANARIES[name] not in html or who in SEEN_BY[name], (name, sent)


@pytest.mark.parametrize("who", ["manager", "helpdesk", "specialist", "asseln_manager", "coordinator"])
def test_no_merge_offers_or_takes_what_is_out_of_sight(world, who):
    client = signed_in(world, who)
    for name in world.tickets:
        if who not in SEEN_BY[name]:
            continue
        own = world.tickets[name].number
        page = client.get(f"/tickets/{own}/merge/?q=im Bild").content.decode()
        for other, ticket in world.tickets.items():
            if other == name or (who in SEEN_BY[other] and not ticket.confidential):
                continue
            assert ticket.number not in page, (name, other)
            assert client.get(f"/tickets/{own}/merge/?into={ticket.number}").status_code in (403, 404), (name, other)


def test_the_number_of_those_affected_is_no_secret_and_their_names_are(world, colleague):
    ticket = world.tickets["ordinary"]
    head = signed_in(world, "head").get(f"/tickets/{ticket.number}/").content.decode()
    assert "Kolja" not in head  # who joined is for those who work on it
    assert "Kolja" in signed_in(world, "manager").get(f"/tickets/{ticket.number}/").content.decode()
    told = json.loads(signed_in(world, "head").get(f"/api/v1/tickets/{ticket.number}/").content)
    assert told["followers_count"] == 1
