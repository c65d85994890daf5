"""What is hidden is hidden everywhere: pages, search, counts, notices, API, export, and the rooms one is offered."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from campuses.models import Absence
from schools.models import Cover, SchoolMembership
from tests.access.world import CANARIES, EVERYBODY, KNOWN_BY, SEEN_BY
from tests.city import MONDAY, SINCE
from tickets.commands import work
from tickets.models import TicketEvent
from tickets.permissions import may_write_internally

PAGES = [
    "/tickets/",
    "/tickets/?status=open",
    "/tickets/?school=100001",
    "/tickets/?school=100003",
    "/tickets/?school=100004",
    "/queue/",
    "/queue/?tab=elsewhere",
    "/queue/?tab=waiting",
    "/queue/?school=100001",
    "/queue/?school=100003",
    "/queue/?school=100004",
    "/schools/",
    "/schools/100001/",
    "/schools/100003/",
    "/schools/100004/",
    "/overview/",
    "/tickets/new/?school=100001",
    "/notices/",
    "/demo/mails/",
    "/account/",
    "/api/v1/tickets/",
    "/api/v1/tickets/?school=100001",
    "/api/v1/tickets/?status=new&ordering=due_at",
    "/api/v1/rooms/",
    "/api/v1/people/",
    "/api/v1/schools/",
]


@pytest.fixture
def seen(world):
    """Say which of the tickets show up in an answer: by a word of theirs, or by their number."""

    def of(answer):
        text = answer.getvalue().decode()
        return {
            name
            for name, ticket in world.tickets.items()
            if CANARIES[name] in text or re.search(rf"{ticket.number}\b", text)
        }

    return of


def signed_in(world, who):
    client = Client()
    client.force_login(getattr(world, who))
    return client


def visible(who):
    return {name for name, people in SEEN_BY.items() if who in people}


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_no_page_and_no_list_tells_of_what_is_hidden(world, seen, who):
    client = signed_in(world, who)
    for address in PAGES:
        answer = client.get(address)
        hidden = seen(answer) - visible(who)
        assert not hidden & {name for name in CANARIES if CANARIES[name] in answer.content.decode()}, address
        # Where one reports, a fault of the school is offered to be joined; that takes its number, and no word of it.
        known = {name for name in KNOWN_BY if who in KNOWN_BY[name]} if "/new/" in address else set()
        assert hidden <= known, (address, hidden)
    assert seen(client.get("/tickets/")) == visible(who)
    assert seen(client.get("/api/v1/tickets/")) == visible(who)
    assert seen(client.post("/tickets/export/")) == visible(who)


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_no_search_finds_what_is_hidden(world, who):
    client = signed_in(world, who)
    for name, ticket in world.tickets.items():
        for words in (CANARIES[name], CANARIES[name][:6].lower(), ticket.number):
            page = client.get("/tickets/", {"q": words}).content.decode()
            # The words stand in the search field; a result is a link to the ticket.
            assert (f'href="/tickets/{ticket.number}/"' in page) == (who in SEEN_BY[name]), (name, words)
            rows = client.get("/api/v1/tickets/", {"q": words}).json()["results"]
            assert (ticket.number in [row["number"] for row in rows]) == (who in SEEN_BY[name]), (name, words)


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_what_does_not_exist_and_what_is_hidden_answer_alike(world, who):
    client = signed_in(world, who)
    number = re.compile(r"DO-2026-\d+")
    nothing = number.sub("", client.get("/tickets/DO-2026-999999/").content.decode())
    problem = client.get("/api/v1/tickets/DO-2026-999999/").json()
    for name, ticket in world.tickets.items():
        if who in SEEN_BY[name]:
            continue
        page = client.get(f"/tickets/{ticket.number}/")
        assert page.status_code == 404
        assert without_tokens(number.sub("", page.content.decode())) == without_tokens(nothing)
        assert client.get(f"/api/v1/tickets/{ticket.number}/").json() == problem


def without_tokens(html):
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken":")\w+', "", html)


#: The open tickets of each person's queue by tab; the ones of the second level lie elsewhere.
QUEUES = {
    "manager": {"todo": {"ordinary", "confidential"}, "elsewhere": {"escalated", "escalated_confidential"}},
    "asseln_manager": {"todo": {"elsewhere"}, "elsewhere": set()},
    "helpdesk": {
        "todo": {"ordinary", "elsewhere", "unattended", "unattended_confidential"},
        "elsewhere": {"escalated"},
    },
    "coordinator": {"todo": {"unattended"}, "elsewhere": set()},
}


@pytest.mark.parametrize("who", QUEUES)
def test_the_counts_of_the_queue_are_those_of_its_rows(world, seen, who):
    client = signed_in(world, who)
    for tab, expected in QUEUES[who].items():
        answer = client.get(f"/queue/?tab={tab}")
        assert seen(answer) == expected
        html = answer.content.decode()
        counts = dict(re.findall(r'href="\?tab=(\w+)"[^>]*>[^<]*<span class="count">(\d+)', html))
        assert counts == {
            **{tab: str(len(numbers)) for tab, numbers in QUEUES[who].items()},
            "waiting": "0",
            "solved": "0",
        }
        strip = re.findall(r'class="visit".*?>(\d+) ', html)
        assert sum(map(int, strip[1:])) == len(expected) and strip[:1] in ([], [str(len(expected))])


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_a_hidden_ticket_does_not_move_a_room_up(world, who):
    for _ in range(8):
        world.report(by=world.colleague, room=world.b112, confidential=True)
    page = signed_in(world, who).get("/tickets/new/?school=100001")
    if page.status_code == 404 or who == "colleague":
        return
    html = page.content.decode()
    assert html.index(">A 204<") < html.index(">B 112<")


class TestInternalRemarks:
    """Never read by reporter, IT contact or head, whatever else these people are."""

    WORDS = "Der Schlüssel klemmt, unter uns gesagt"

    @pytest.fixture
    def remarked(self, world):
        for name in ("ordinary", "escalated"):
            by = world.manager
            work.comment(ticket=world.tickets[name], text=self.WORDS, internal=True, by=by, at=MONDAY)
        return world

    def readers(self, world, name):
        found = set()
        ticket = world.tickets[name]
        for who, person in world.everybody.items():
            client = signed_in(world, who)
            page = client.get(f"/tickets/{ticket.number}/")
            api = client.get(f"/api/v1/tickets/{ticket.number}/events/")
            reads = [self.WORDS in page.content.decode(), "unter uns" in json.dumps(api.json(), ensure_ascii=False)]
            if page.status_code == 200:
                reads.append(may_write_internally(world.viewer(fresh(person)), ticket))
            assert len(set(reads)) == 1, (who, reads)
            if reads[0]:
                found.add(who)
            assert self.WORDS not in client.get("/notices/").content.decode()
            assert not re.search("Schlüssel klemmt", client.get("/tickets/?q=klemmt").content.decode())
        return found

    def test_they_are_read_by_those_who_work_on_the_ticket(self, remarked):
        assert self.readers(remarked, "ordinary") == {"manager", "helpdesk"}
        assert self.readers(remarked, "escalated") == {"manager", "helpdesk", "specialist", "tablet_specialist"}

    def test_a_manager_of_another_campus_who_teaches_here_is_a_teacher_here(self, remarked):
        world = remarked
        own = world.report(by=world.teacher, description="Eigene")
        work.comment(ticket=own, text=self.WORDS, internal=True, by=world.manager, at=MONDAY)
        world.tickets["ordinary"] = own
        for role in (SchoolMembership.Role.TEACHER, SchoolMembership.Role.CONTACT, SchoolMembership.Role.HEAD):
            SchoolMembership.objects.create(
                person=world.asseln_manager, school=world.brecht, role=role, starts_on=SINCE
            )
        assert self.readers(world, "ordinary") == {"manager", "helpdesk"}
        page = signed_in(world, "asseln_manager").get(f"/tickets/{own.number}/").content.decode()
        assert "Hausmeisterei" not in page  # nor how to get in

    def test_a_specialist_who_is_the_it_contact_reads_what_was_handed_over_only(self, remarked):
        world = remarked
        SchoolMembership.objects.create(
            person=world.specialist, school=world.brecht, role=SchoolMembership.Role.CONTACT, starts_on=SINCE
        )
        assert self.readers(world, "ordinary") == {"manager", "helpdesk"}

    def test_a_substitute_reads_them_while_the_cover_lasts(self, remarked):
        world = remarked
        absence = Absence.objects.create(person=world.manager, starts_on=MONDAY.date(), ends_on=MONDAY.date())
        Cover.objects.create(
            absence=absence,
            school=world.brecht,
            substitute=world.asseln_manager,
            starts_on=MONDAY.date(),
            ends_on=MONDAY.date(),
        )
        # The absent manager goes on reading along.
        assert self.readers(world, "ordinary") == {"manager", "asseln_manager", "helpdesk"}
        tomorrow = world.viewer(world.asseln_manager, MONDAY + timedelta(days=1))
        assert not may_write_internally(tomorrow, world.tickets["ordinary"])

    def test_the_coordination_reads_what_it_writes_where_nobody_is_on_duty(self, remarked):
        world = remarked
        ticket = world.tickets["unattended"]
        work.comment(ticket=ticket, text=self.WORDS, internal=True, by=world.coordinator, at=MONDAY)
        assert self.readers(world, "unattended") == {"helpdesk", "coordinator"}

    def test_the_query_says_the_same_as_the_question_about_one_ticket(self, remarked):
        for person in remarked.everybody.values():
            viewer = remarked.viewer(fresh(person))
            for ticket in type(remarked.tickets["ordinary"]).objects.visible_to(viewer).select_related("school"):
                found = TicketEvent.objects.visible_to(viewer).filter(ticket=ticket, public=False).exists()
                exists = ticket.events.filter(public=False).exists()
                assert found == (exists and may_write_internally(viewer, ticket)), (person, ticket)


def fresh(person):
    """Return the person anew: what was read of their roles before is forgotten."""
    return type(person).objects.get(pk=person.pk)
