"""Every read starts from the scope of whoever asks, and what ends a right ends it at the next request."""

import ast
from pathlib import Path

import pytest
from django.test import Client

from accounts.commands.people import deactivate
from accounts.commands.tokens import create_token
from accounts.models import CityRole
from campuses.models import CampusAssignment
from schools.models import SchoolMembership
from tests.access.world import SEEN_BY
from tests.city import MONDAY

ROOT = Path(__file__).parents[2]
#: Everything that reads for somebody: pages, the API, and the objects pages are made of.
READERS = [
    "tickets/views/*.py",
    "tickets/api/*.py",
    "tickets/*_page.py",
    "tickets/company.py",
    "tickets/demo_mails.py",
    "tickets/inbox.py",
    "tickets/letters.py",
    "tickets/known_faults.py",
    "tickets/live.py",
    "tickets/presence.py",
    "tickets/calls.py",
    "tickets/queue.py",
    "tickets/search.py",
    "tickets/similar.py",
    "tickets/stale.py",
    "tickets/surroundings.py",
    "tickets/triage.py",
    "tickets/text_modules.py",
    "textmodules/views.py",
    "notifications/views.py",
    "schools/views.py",
    "schools/api.py",
    "schools/directory.py",
    "schools/finding.py",
    "schools/portrait.py",
    "schools/steering/reading.py",
    "schools/steering/overview.py",
    "schools/steering/*_page.py",
    "schools/steering/people.py",
    "schools/steering/views.py",
    "tickets/oversight.py",
    "tickets/school_map.py",
    "reports/overview.py",
    "reports/views.py",
    "helpdesk/context.py",
    "helpdesk/home.py",
]
#: What belongs to somebody; categories, settings and the like are the same for all who are signed in.
GUARDED = {
    "Attachment",
    "Contact",
    "Device",
    "Draft",
    "DraftPhoto",
    "Mail",
    "OutboxMessage",
    "Preference",
    "Room",
    "School",
    "Site",
    "TechnicalProfile",
    "TextModule",
    "Ticket",
    "TicketEvent",
    "User",
}
#: Where a read may begin: full sight (`listed_for` is the same, see `tests/tickets/test_searching.py`), and the lesser
#: sight of those who may join or have joined a fault.
SCOPES = {"visible_to", "listed_for", "known_faults_for", "followed_by", "joinable_by"}
#: The few that start elsewhere, each with its reason.
ALLOWED = {
    ("tickets/views/ticket.py", "Attachment.of"): "of tickets that went through the scope",
    ("tickets/api/attachments.py", "Attachment.of"): "of tickets that went through the scope",
    ("tickets/api/bodies.py", "User.filter"): "oneself",
    ("tickets/surroundings.py", "Attachment.filter"): "of the one ticket that is found through the scope",
    ("tickets/company.py", "Attachment.of"): "of a ticket that went through the scope",
    ("tickets/company.py", "Ticket.filter"): "keys of a chain; the one at its end goes through the scope",
    ("tickets/fault_page.py", "TicketEvent.for_followers"): "of a ticket that went through the scope",
    ("tickets/report_page.py", "Ticket.filter"): "counts the rooms of a school in scope, confidential ones apart",
    ("tickets/oversight.py", "Ticket.overseen_by"): "what the coordination oversees: no title, no words",
    ("tickets/inbox.py", "Ticket.overseen_by"): "what the coordination oversees: no title, no words",
    ("tickets/letters.py", "Ticket.overseen_by"): "what the coordination oversees: no title, no words",
    ("tickets/letters.py", "Ticket.worked_on_by"): "narrower than the scope: whether the reader works on it",
    ("tickets/letters.py", "TicketEvent.for_followers"): "of tickets that went through the scope",
    ("notifications/views.py", "Preference.filter"): "oneself",
    ("schools/steering/people.py", "User.active"): "whom to put in charge; asked by those who steer, who alone may",
    ("schools/portrait.py", "Site.order_by"): "of the one school that went through the scope",
    ("schools/portrait.py", "Contact.order_by"): "of the one school that went through the scope",
    ("schools/portrait.py", "Room.in_use"): "of the one school that went through the scope",
    ("schools/views.py", "TechnicalProfile.filter"): "of a school whose keeper asks",
    ("helpdesk/home.py", "School.filter"): "one's own school",
}


def reads(source: str):
    """Yield every `Model.objects.method` of the source."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id=model), attr="objects"), attr=method):
                yield model, method


def loose(source: str) -> set[str]:
    """Return the reads that start past the scope."""
    return {f"{model}.{method}" for model, method in reads(source) if model in GUARDED and method not in SCOPES}


def test_every_read_starts_from_the_scope():
    files = [path for pattern in READERS for path in ROOT.glob(pattern)]
    assert len(files) > len(READERS)
    found = {(str(path.relative_to(ROOT)), read) for path in files for read in loose(path.read_text())}
    assert found == set(ALLOWED)


def test_a_read_past_the_scope_would_be_found():
    assert loose("def page(request):\n    return Ticket.objects.filter(number=1)") == {"Ticket.filter"}
    assert loose("rows = Ticket.objects.visible_to(viewer).filter(number=1)") == set()


class TestNextRequest:
    """The session and the key stay; what they open is asked anew each time."""

    def opens(self, world, client, key=None):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        number = world.tickets["ordinary"].number
        page = client.get(f"/tickets/{number}/").status_code
        return page, Client().get(f"/api/v1/tickets/{number}/", headers=headers).status_code

    @pytest.mark.parametrize(
        "who, rows",
        [
            ("contact", SchoolMembership),
            ("head", SchoolMembership),
            ("manager", CampusAssignment),
            ("helpdesk", CityRole),
        ],
    )
    def test_without_the_role_nothing_is_seen(self, world, client, who, rows):
        person = getattr(world, who)
        _token, key = create_token(person=person, name="Skript", by=person, at=MONDAY)
        client.force_login(person)
        assert self.opens(world, client, key) == (200, 200)
        rows.objects.filter(person=person).delete()
        assert self.opens(world, client, key) == (404, 404)

    @pytest.mark.parametrize("who", sorted(SEEN_BY["ordinary"]))
    def test_a_closed_account_opens_nothing(self, world, client, who):
        person = getattr(world, who)
        _token, key = create_token(person=person, name="Skript", by=person, at=MONDAY)
        client.force_login(person)
        assert self.opens(world, client, key) == (200, 200)
        deactivate(person=person, by=world.administrator, at=MONDAY)
        assert self.opens(world, client, key) == (302, 401)
