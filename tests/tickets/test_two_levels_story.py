"""One report through both levels and back, and what each person of the city sees, reads and is told meanwhile."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from notifications.models import OutboxMessage
from teams.models import Team
from tests.access.world import clean
from tests.city import MONDAY
from tickets.commands import escalate, finish, join, work
from tickets.commands.attach import attach_photos
from tickets.deadlines import PROMISES
from tickets.lifecycle import StepNotAllowed
from tickets.models import Deadline, Escalation, Ticket
from tickets.packets import IncompletePacket
from tickets.permissions import StepForbidden
from tickets.queue import Queue
from tickets.triage import Triage

TITLE = "Zilpzalp im Lehrerzimmer ohne WLAN"
REMARK, REASON, BACK = "Girlitz unter uns", "Stieglitz gehört zum MDM", "Zeisig bitte vor Ort"
TO_THE_MANAGER, FROM_THE_MANAGER = "Bergfink: welcher Schrank?", "Buchfink: der im Keller"
#: Words between those who work on the report; the words of the reporter; what staff says to the school.
BETWEEN_STAFF = {REMARK, REASON, BACK, TO_THE_MANAGER, FROM_THE_MANAGER}
BY_THE_SCHOOL, TO_THE_SCHOOL = "Dompfaff: seit der Pause", "Amsel: wir messen heute nach"

AT_SCHOOL = {"teacher", "contact", "head"}
FIRST_LEVEL = {"manager", "helpdesk"}
SECOND_LEVEL = {"specialist", "tablet_specialist"}
IN_FULL = AT_SCHOOL | FIRST_LEVEL


class Story:
    """The report, the time, and one method for each look at it."""

    def __init__(self, city, clock):
        self.city, self.clock = city, clock
        self.clients = {}
        self.dues = {}
        self.ticket = city.report(category=city.network, description=TITLE, at=self.at)
        [self.photo] = attach_photos(ticket=self.ticket, photos=[clean()], by=city.teacher, at=self.at)
        self.keep_promises()

    @property
    def at(self):
        return self.clock["at"]

    def take(self, command, who, minutes=20, **facts):
        """Let somebody take a step some minutes later; the promises to the reporter never come earlier."""
        self.clock["at"] += timedelta(minutes=minutes)
        outcome = command(ticket=self.ticket, by=getattr(self.city, who), at=self.at, **facts)
        self.ticket.refresh_from_db()
        self.keep_promises()
        return outcome

    def keep_promises(self):
        for row in Deadline.objects.filter(ticket=self.ticket).filter(kind__in=PROMISES):
            assert row.started_at == MONDAY
            if row.due_at is not None:
                assert row.due_at >= self.dues.get(row.kind, row.due_at)
                self.dues[row.kind] = row.due_at

    def client(self, who):
        key = who, self.at.date()  # a session does not last until the next day
        if key not in self.clients:
            self.clients[key] = Client()
            self.clients[key].force_login(getattr(self.city, who))
        return self.clients[key]

    def page(self, who):
        return self.client(who).get(f"/tickets/{self.ticket.number}/")

    def seen_by(self):
        """Return who sees it in full: on its page, in the API, by search, in the export, with its photo."""
        ways = {"page": set(), "API": set(), "search": set(), "API search": set(), "export": set(), "photo": set()}
        number, search = self.ticket.number, {"q": "Zilpzalp"}
        for who in self.city.everybody:
            client = self.client(who)
            page = self.page(who)
            found = {
                "page": page.status_code == 200 and TITLE in page.content.decode(),
                "API": TITLE in client.get(f"/api/v1/tickets/{number}/").content.decode(),
                "search": f'href="/tickets/{number}/"' in client.get("/tickets/", search).content.decode(),
                "API search": number in client.get("/api/v1/tickets/", search).content.decode(),
                "export": number in client.post("/tickets/export/").getvalue().decode(),
                "photo": client.get(f"/tickets/{number}/photos/{self.photo.key}/").status_code == 200,
            }
            for way, seen in found.items():
                ways[way] |= {who} if seen else set()
        assert all(people == ways["page"] for people in ways.values()), ways
        return ways["page"]

    def readers(self, *wanted):
        """Return who reads which words, on the page and in the history of the API alike."""
        found = {words: set() for words in wanted}
        for who in self.city.everybody:
            page = self.page(who).content.decode()
            events = self.client(who).get(f"/api/v1/tickets/{self.ticket.number}/events/").json()
            texts = [event["data"].get("text", "") for event in events.get("results", [])]
            for words in wanted:
                assert TITLE not in page or (words in page) == any(words in text for text in texts), who
                found[words] |= {who} if words in page else set()
        return found

    def told(self, verb):
        """Return who got a notice of the latest event of this kind, in order of the city's names."""
        event = self.ticket.events.filter(verb=verb).order_by("pk").last()
        keys = (
            OutboxMessage.objects.notices()
            .filter(key__startswith=f"event:{event.pk}:")
            .values_list("recipient", flat=True)
        )
        return {who for who, person in self.city.everybody.items() if person.pk in set(keys)}

    def queue(self, who="manager"):
        tabs = Queue(self.city.viewer(getattr(self.city, who), self.at)).tabs
        return {tab.key: tab.count for tab in tabs if tab.count}

    def triage(self, who):
        tabs = Triage(self.city.viewer(getattr(self.city, who), self.at)).tabs
        return {tab.key for tab in tabs if tab.count}


@pytest.fixture
def story(city, monkeypatch):
    clock = {"at": MONDAY}
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock["at"])
    return Story(city, clock)


def test_the_whole_story(story):
    city = story.city
    packet = city.packet(story.ticket)

    # --- at the first level -------------------------------------------------------------------------------------
    assert story.seen_by() == IN_FULL
    assert story.told("reported") == {"manager"}
    story.take(work.accept, "manager")
    story.take(work.comment, "manager", text=REMARK, internal=True)
    story.take(join.join, "colleague", room=city.b112)
    assert "colleague" not in story.seen_by()

    # --- a packet with gaps is refused, each gap by its name ----------------------------------------------------
    gaps = city.packet(story.ticket, answers={"power": "yes"}, tried="", access="", since=None, rooms=[])
    with pytest.raises(IncompletePacket) as refused:
        story.take(escalate.escalate, "manager", packet=gaps)
    items = {f"checklist.{key}" for key in packet.answers if key != "power"}
    assert set(refused.value.message_dict) == {"tried", "since", "access", "rooms", *items}
    assert city.verbs_of(story.ticket)[-1] == "joined"

    # --- handed over: all specialists see it from now on, the network team works on it --------------------------
    story.take(escalate.escalate, "manager", packet=packet)
    assert story.seen_by() == IN_FULL | SECOND_LEVEL
    assert story.told("escalated") == {"teacher", "colleague", "specialist"}
    assert story.queue() == {"elsewhere": 1}
    assert (story.triage("specialist"), story.triage("tablet_specialist")) == ({"inbox", "all"}, {"all"})
    assert "Ihr Campusmanagement bleibt" in story.page("teacher").content.decode()
    with pytest.raises(StepForbidden):
        story.take(escalate.accept_escalation, "tablet_specialist")
    story.take(escalate.accept_escalation, "specialist")
    assert story.told("escalation_accepted") == {"manager"}

    # --- to another team: sight stays, work goes ----------------------------------------------------------------
    story.take(escalate.transfer, "specialist", team=Team.objects.get(slug="tablets"), reason=REASON)
    assert story.told("transferred") == {"manager", "tablet_specialist"}
    assert story.seen_by() == IN_FULL | SECOND_LEVEL
    assert (story.triage("specialist"), story.triage("tablet_specialist")) == ({"all"}, {"inbox", "all"})
    with pytest.raises(StepForbidden):
        story.take(escalate.return_to_first_level, "specialist", text="Nein")
    story.take(escalate.accept_escalation, "tablet_specialist")

    # --- a question to the mediator pauses nothing, one to the reporter does -------------------------------------
    due = story.ticket.due_at
    story.take(escalate.ask_mediator, "tablet_specialist", text=TO_THE_MANAGER)
    assert (story.ticket.mediator_question, story.ticket.due_at) == (TO_THE_MANAGER, due)
    assert story.told("asked_mediator") == {"manager"}
    assert story.queue()["todo"] == 1
    story.take(work.comment, "manager", text=FROM_THE_MANAGER, internal=True)
    assert story.ticket.mediator_question == ""
    story.take(work.ask, "tablet_specialist", text=TO_THE_SCHOOL)
    assert (story.ticket.status, story.ticket.due_at) == ("waiting_reporter", None)
    assert story.told("asked") >= {"teacher", "manager"}
    story.take(work.answer, "teacher", minutes=90, text=BY_THE_SCHOOL)
    assert (story.ticket.status, story.ticket.level) == ("in_progress", "second")
    assert story.ticket.due_at == due + timedelta(minutes=90)

    # --- returned: the manager reads why, the school does not -----------------------------------------------------
    story.take(escalate.return_to_first_level, "tablet_specialist", text=BACK)
    assert (story.ticket.level, story.ticket.team, story.ticket.assignee) == ("first", None, None)
    assert story.told("returned") == {"manager"}
    assert story.queue() == {"todo": 1}
    assert story.triage("tablet_specialist") == {"returned"}
    assert story.seen_by() == IN_FULL | SECOND_LEVEL
    assert story.readers(*BETWEEN_STAFF, BY_THE_SCHOOL) == {
        **dict.fromkeys(BETWEEN_STAFF, FIRST_LEVEL | SECOND_LEVEL),
        BY_THE_SCHOOL: IN_FULL | SECOND_LEVEL,
    }
    with pytest.raises(StepForbidden):
        story.take(finish.resolve, "tablet_specialist", solution="Nein", cause="")

    # --- handed over again, waiting, solved at the second level ---------------------------------------------------
    story.take(escalate.escalate, "helpdesk", packet=city.packet(story.ticket))
    story.take(escalate.accept_escalation, "specialist")
    until = (MONDAY + timedelta(days=3)).date()
    story.take(work.wait, "specialist", party="DOKOM21", until=until, reference="D-77")
    assert story.queue() == {"waiting": 1}
    story.take(work.resume, "manager")
    with pytest.raises(StepForbidden):
        story.take(finish.resolve, "manager", solution="Nein", cause="")
    story.take(finish.resolve, "specialist", solution="Amsel hat gemessen", cause="cable")
    assert story.told("resolved") == {"teacher", "colleague", "manager"}
    assert story.queue() == {"solved": 1}
    solution = "Amsel hat gemessen"
    assert story.readers(solution) == {solution: IN_FULL | SECOND_LEVEL | {"colleague"}}

    # --- the mediator opens it again, the second solution is confirmed --------------------------------------------
    story.take(finish.reopen, "manager", reason="Im Keller noch nicht")
    assert (story.ticket.level, story.ticket.team, story.ticket.status) == ("first", None, "reopened")
    story.take(finish.resolve, "manager", solution="Jetzt auch im Keller", cause="cable")
    with pytest.raises(StepNotAllowed):
        story.take(finish.reopen, "manager", minutes=60 * 24 * 9)
    story.take(finish.confirm, "teacher")
    assert story.ticket.status == "closed"
    assert story.seen_by() == IN_FULL | SECOND_LEVEL

    assert city.verbs_of(story.ticket) == [
        "reported", "attached", "accepted", "commented", "joined", "escalated", "escalation_accepted", "transferred",
        "escalation_accepted", "asked_mediator", "commented", "asked", "answered", "returned", "escalated",
        "escalation_accepted", "waiting", "resumed", "resolved", "reopened", "resolved", "confirmed",
    ]  # fmt: skip
    assert [row.outcome for row in Escalation.objects.order_by("pk")] == ["returned", "resolved"]
    assert not Deadline.objects.running().exists()


class TestWhatTheFollowerSees:
    """Who joined reads the state and what staff says to all; not the reporter, their words, the title or the photo."""

    @pytest.fixture
    def followed(self, story):
        story.take(work.accept, "manager")
        story.take(join.join, "colleague")
        story.take(work.comment, "teacher", text=BY_THE_SCHOOL)
        story.take(work.comment, "manager", text=TO_THE_SCHOOL)
        story.take(work.comment, "manager", text=REMARK, internal=True)
        return story

    def test_what_staff_says_and_nothing_of_the_reporter(self, followed):
        page = followed.page("colleague")
        assert page.status_code == 200
        html = page.content.decode()
        assert "Internet, WLAN: A 204" in html and TO_THE_SCHOOL in html
        for hidden in (TITLE, BY_THE_SCHOOL, REMARK, "Tilda Tafel", str(followed.photo.key)):
            assert hidden not in html
        assert (
            followed.client("colleague")
            .get(f"/tickets/{followed.ticket.number}/photos/{followed.photo.key}/")
            .status_code
            == 404
        )

    def test_by_the_api_alike(self, followed):
        client, number = followed.client("colleague"), followed.ticket.number
        fault = client.get(f"/api/v1/tickets/{number}/")
        assert fault.status_code == 200
        assert [message["data"].get("text") for message in fault.json()["messages"]][-1] == TO_THE_SCHOOL
        for hidden in (TITLE, BY_THE_SCHOOL, REMARK, "Tilda Tafel"):
            assert hidden not in fault.content.decode()
        assert client.get(f"/api/v1/tickets/{number}/attachments/").status_code == 404

    def test_one_more_is_affected_for_everybody_who_sees_it(self, followed):
        for who in IN_FULL:
            assert (
                followed.client(who).get(f"/api/v1/tickets/{followed.ticket.number}/").json()["followers_count"] == 1
            )

    def test_who_leaves_sees_no_more_of_it(self, followed):
        followed.take(join.leave, "colleague")
        assert followed.page("colleague").status_code == 404
        assert followed.told("commented") == set() or "colleague" not in followed.told("commented")


def test_who_stands_in_sees_it_for_as_long_as_that_lasts(story):
    city = story.city
    story.take(escalate.escalate, "manager", packet=city.packet(story.ticket))
    city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht])
    story.clock["at"] += timedelta(minutes=1)  # roles are read anew at every request
    assert story.seen_by() == IN_FULL | SECOND_LEVEL | {"asseln_manager"}
    story.take(escalate.ask_mediator, "specialist", text=TO_THE_MANAGER)
    assert story.told("asked_mediator") == {"asseln_manager"}
    story.take(work.comment, "asseln_manager", text=FROM_THE_MANAGER, internal=True)
    assert story.ticket.mediator_question == ""
    story.clock["at"] += timedelta(days=1)
    assert "asseln_manager" not in story.seen_by()


def test_what_the_coordination_oversees_it_does_not_read(story):
    story.take(escalate.escalate, "manager", packet=story.city.packet(story.ticket))
    page = story.client("coordinator").get("/campuses/responsibility/").content.decode()
    assert TITLE not in page and "Tilda Tafel" not in page
    overseen = Ticket.objects.overseen_by(story.city.viewer(story.city.coordinator, story.at))
    assert overseen.filter(pk=story.ticket.pk).exists()
    assert re.search(r"Netz (&amp;|und) WLAN", page)
