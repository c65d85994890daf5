"""Reports that were passed on, followed and merged: everybody sees them everywhere alike, or nowhere."""

import pytest
from django.test import Client

from teams.models import Team
from tests.access.world import EVERYBODY, SECOND_LEVEL, clean
from tests.city import MONDAY
from tickets.commands import escalate, join, merge
from tickets.commands.attach import attach_photos

#: Who sees which in full, by the glossary.
SEEN = {
    "passed_on": {"colleague", "contact", "head", "manager", "helpdesk", *SECOND_LEVEL},
    "passed_on_confidential": {"colleague", "manager", "tablet_specialist"},
    "followed": {"teacher", "contact", "head", "manager", "helpdesk"},
    "merged": {"colleague", "contact", "head", "manager", "helpdesk"},
    "absorbed": {"teacher", "contact", "head", "manager", "helpdesk"},
}
#: Who reads of it as somebody affected: having joined, or because their own report was merged into it.
FOLLOWED = {"followed": {"colleague"}, "absorbed": {"colleague"}}
WORDS = {
    "passed_on": "Gimpel",
    "passed_on_confidential": "Pirol",
    "followed": "Kleiber",
    "merged": "Sprosser",
    "absorbed": "Fitis",
}


@pytest.fixture
def tickets(world):
    def report(name, by, **fields):
        ticket = world.report(by=by, category=world.network, description=f"{WORDS[name]}!", **fields)
        attach_photos(ticket=ticket, photos=[clean()], by=by, at=MONDAY)
        return ticket

    tablets = Team.objects.get(slug="tablets")
    found = {name: report(name, world.colleague) for name in ("passed_on", "merged")}
    found["passed_on_confidential"] = report("passed_on_confidential", world.colleague, confidential=True)
    found |= {name: report(name, world.teacher) for name in ("followed", "absorbed")}
    for name in ("passed_on", "passed_on_confidential"):
        ticket = world.escalated(found[name])
        escalate.transfer(ticket=ticket, team=tablets, reason="MDM", by=world.specialist, at=MONDAY)
    join.join(ticket=found["followed"], by=world.colleague, at=MONDAY)
    merge.merge(ticket=found["merged"], into=found["absorbed"], by=world.manager, at=MONDAY)
    return found


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_seen_everywhere_or_nowhere(world, tickets, who):
    client = Client()
    client.force_login(getattr(world, who))
    table = client.post("/tickets/export/").getvalue().decode()
    for name, ticket in tickets.items():
        number, words = ticket.number, WORDS[name]
        page = client.get(f"/tickets/{number}/")
        found = {
            "page": f"{words}!" in page.content.decode(),
            "API": words in client.get(f"/api/v1/tickets/{number}/").content.decode(),
            "history": client.get(f"/api/v1/tickets/{number}/events/").status_code == 200,
            "list": number in client.get("/api/v1/tickets/", {"q": number}).content.decode(),
            "search": f'href="/tickets/{number}/"' in client.get("/tickets/", {"q": words}).content.decode(),
            "export": number in table,
        }
        assert found == dict.fromkeys(found, who in SEEN[name]), name
        follows = who in FOLLOWED.get(name, ())
        assert page.status_code == (200 if who in SEEN[name] or follows else 404), name


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_a_photo_is_seen_with_its_report_before_and_after_the_merge(world, tickets, who):
    client = Client()
    client.force_login(getattr(world, who))
    came_with = tickets["absorbed"].attachments.get(came_with=tickets["merged"])
    own = tickets["absorbed"].attachments.get(came_with=None)

    def opens(name, photo):
        return client.get(f"/tickets/{tickets[name].number}/photos/{photo.key}/").status_code == 200

    assert opens("merged", came_with) == (who in SEEN["merged"])
    assert opens("absorbed", came_with) == opens("absorbed", own) == (who in SEEN["absorbed"])
    assert not opens("merged", own)
    assert not opens("followed", own)
