"""The story of both levels as programs tell it: each step over the API, each gap by its name, each person's sight."""

from datetime import timedelta

from tests.city import MONDAY
from tickets.deadlines import PROMISES
from tickets.models import Deadline
from tickets.packets import checklist_of

IN_FULL = {"teacher", "contact", "head", "manager", "helpdesk"}
SECOND_LEVEL = {"specialist", "tablet_specialist"}


class Story:
    """Programs of everybody, and the time that passes between their steps."""

    def __init__(self, city, program, clock):
        self.clock = clock
        self.programs = {who: program(person) for who, person in city.everybody.items()}
        answer = self.programs["teacher"].post(
            "tickets/",
            {"school": "100001", "category": "network", "room": city.a204.pk, "description": "Zilpzalp ohne WLAN"},
        )
        assert answer.status_code == 201
        self.number = answer.json()["number"]
        self.dues = {}

    def step(self, who, name, body=None, *, expect=200, minutes=20):
        """Take a step, or be refused as expected; the promises to the reporter never come earlier."""
        self.clock.at += timedelta(minutes=minutes)
        answer = self.programs[who].step(self.number, name, body)
        assert answer.status_code == expect, (who, name, answer.content)
        for row in Deadline.objects.filter(ticket__number=self.number).filter(kind__in=PROMISES):
            assert row.started_at == MONDAY
            if row.due_at is not None:
                assert row.due_at >= self.dues.get(row.kind, row.due_at)
                self.dues[row.kind] = row.due_at
        return answer.json()

    def seen_by(self):
        """Return who reads it in full: by number, in the list and by search alike."""
        found = set()
        for who, program in self.programs.items():
            detail = program.get(f"tickets/{self.number}/")
            listed = [row["number"] for row in program.get("tickets/").json()["results"]]
            search = [row["number"] for row in program.get("tickets/", {"q": "Zilpzalp"}).json()["results"]]
            in_full = detail.status_code == 200 and "description" in detail.json()
            assert (self.number in listed) == (self.number in search) == in_full, who
            assert (program.get(f"tickets/{self.number}/events/").status_code == 200) == in_full, who
            found |= {who} if in_full else set()
        return found


def test_the_whole_story(city, program, clock):
    story = Story(city, program, clock)
    items = [item.key for item in checklist_of(city.network).items.all()]
    packet = {
        "checklist": dict.fromkeys(items, "no"),
        "tried": "Neu gestartet",
        "since": MONDAY.isoformat(),
        "access": "Ab 14 Uhr",
        "rooms": [city.a204.pk],
    }
    assert story.seen_by() == IN_FULL
    story.step("manager", "accept")
    story.step("colleague", "join")
    assert story.seen_by() == IN_FULL

    gaps = story.step("manager", "escalate", {"checklist": {items[0]: "yes"}}, expect=422)["errors"]
    assert set(gaps) == {"tried", "since", "access", "rooms", *(f"checklist.{key}" for key in items[1:])}
    story.step("teacher", "escalate", packet, expect=403)
    story.step("specialist", "escalate", packet, expect=404)
    handed_over = story.step("manager", "escalate", packet)
    assert (handed_over["status"], handed_over["responsible"]["kind"]) == ("escalated", "team")
    assert handed_over["mediator"] == "Mona Mobil"
    assert story.seen_by() == IN_FULL | SECOND_LEVEL

    story.step("tablet_specialist", "accept-escalation", expect=403)
    story.step("specialist", "accept-escalation")
    story.step("specialist", "accept-escalation", expect=409)
    moved = story.step("specialist", "transfer", {"team": "tablets", "reason": "Liegt am MDM"})
    assert (moved["team"], moved["status"]) == ("tablets", "escalated")
    story.step("specialist", "resolve", {"solution": "Nein"}, expect=403)
    story.step("tablet_specialist", "accept-escalation")

    due = story.step("tablet_specialist", "ask", {"text": "Welcher Schrank?", "to": "mediator"})["resolution_due_at"]
    assert due is not None
    story.step("manager", "ask", {"text": "Nein", "to": "mediator"}, expect=403)
    story.step("manager", "comment", {"text": "Der im Keller", "internal": True})
    asked = story.step("tablet_specialist", "ask", {"text": "Seit wann?"})
    assert (asked["status"], asked["resolution_due_at"]) == ("waiting_reporter", None)
    answered = story.step("teacher", "answer", {"text": "Seit heute"}, minutes=60)
    assert (answered["status"], answered["level"]) == ("in_progress", "second")

    returned = story.step("tablet_specialist", "return", {"text": "Bitte vor Ort"})
    assert (returned["level"], returned["team"]) == ("first", None)
    story.step("tablet_specialist", "return", {"text": "Noch einmal"}, expect=403)
    story.step("helpdesk", "escalate", packet)
    story.step("specialist", "accept-escalation")
    waits = story.step("specialist", "wait", {"party": "DOKOM21", "until": "2026-03-05", "reference": "D-77"})
    assert waits["waiting"] == {"party": "DOKOM21", "until": "2026-03-05", "reference": "D-77"}
    story.step("specialist", "resume")
    story.step("manager", "resolve", {"solution": "Nein"}, expect=403)
    story.step("specialist", "resolve", {"solution": "Kabel getauscht", "cause": "cable"})
    reopened = story.step("manager", "reopen", {"reason": "Im Keller noch nicht"})
    assert (reopened["level"], reopened["status"]) == ("first", "reopened")
    story.step("manager", "resolve", {"solution": "Auch im Keller"})
    closed = story.step("teacher", "confirm")
    assert (closed["status"], closed["responsible"]) == ("closed", None)
    assert story.seen_by() == IN_FULL | SECOND_LEVEL

    events = {
        who: story.programs[who].get(f"tickets/{story.number}/events/").json()["results"]
        for who in ("teacher", "manager")
    }
    hidden = {"asked_mediator", "joined"}
    assert [row["verb"] for row in events["teacher"] if row["verb"] in hidden] == []
    assert hidden <= {row["verb"] for row in events["manager"]}
    texts = {who: {row["verb"]: row["data"].get("text", "") for row in rows} for who, rows in events.items()}
    assert (texts["teacher"]["returned"], texts["teacher"]["transferred"]) == ("", "")
    assert (texts["manager"]["returned"], texts["manager"]["transferred"]) == ("Bitte vor Ort", "Liegt am MDM")
    fault = story.programs["colleague"].get(f"tickets/{story.number}/").json()
    assert "description" not in fault and "reporter" not in fault
    assert "Auch im Keller" in [message["data"].get("text") for message in fault["messages"]]
