"""The table "States and steps" of the glossary for every person and state: page, API and command agree with it.

The table is written down in `glossary`, from the page and not from the code.
"""

import re
from datetime import timedelta

import pytest
from django.db import transaction

from campuses.models import CampusAssignment
from teams.models import Team
from tests.city import MONDAY
from tests.tickets import glossary
from tests.tickets.glossary import OPEN, steps_of
from tickets.commands import escalate, finish, join, merge, work
from tickets.lifecycle import Step, StepNotAllowed
from tickets.models import Ticket, TicketEvent
from tickets.permissions import WHO, StepForbidden

#: What each person is to a ticket of the Bert-Brecht-Gymnasium that the teacher reported and the manager took.
RELATIONS = {
    "first": {"teacher": "RL", "contact": "K", "manager": "CT", "helpdesk": "H", "head": "", "specialist": None},
    "second": {
        "teacher": "RL",
        "contact": "K",
        "manager": "C",
        "helpdesk": "H",
        "head": "",
        "specialist": "ST",
        "tablet_specialist": "",
    },
}
#: While nobody is on duty for the school, the coordination stands in for the campus manager.
UNATTENDED = {"teacher": "RL", "coordinator": "CO", "helpdesk": "H", "manager": None}
STATES = {
    "first": f"{OPEN} resolved closed withdrawn merged".replace("escalated ", "").split(),
    "second": ["in_progress", "waiting_reporter", "escalated", "waiting_external", "resolved", "closed"],
}
#: Asking is one step for page and API, whoever is asked.
ASKED_ALIKE = {"ask-mediator"}


@pytest.fixture
def ticket(city, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    return city.report()


def put(city, ticket, status, level, **columns):
    """Put the ticket into a state as its history would have."""
    columns = {
        "status": status,
        "level": level,
        "assignee": city.specialist if level == "second" else city.manager,
        "resolved_at": MONDAY if status == "resolved" else None,
        "closed_at": MONDAY if status in ("closed", "withdrawn") else None,
        "question": "Welcher Raum?" if status == "waiting_reporter" else "",
        "waiting_party": "Hersteller" if status == "waiting_external" else "",
        "waiting_until": MONDAY.date() if status == "waiting_external" else None,
    } | columns
    if level == "second":
        columns |= {"team": Team.objects.get(slug="network"), "first_escalated_at": MONDAY}
    if status == "merged":
        columns |= {"merged_into": city.report(by=city.colleague)}
    Ticket.objects.filter(pk=ticket.pk).update(**columns)
    ticket.refresh_from_db()


def twin_of(city, ticket):
    """Return another open report that is seen by all who see this one, so that they may be merged."""
    twin = city.report(by=city.teacher, category=ticket.category)
    alike = ("confidential", "created_by", "assignee", "team", "level", "first_escalated_at")
    Ticket.objects.filter(pk=twin.pk).update(**{name: getattr(ticket, name) for name in alike})
    return twin


NO_STEPS = {"photos", "live", "rating"}


def on_the_page(client, ticket):
    """Return the steps for which the page has a button or a form, None where there is no such page."""
    answer = client.get(f"/tickets/{ticket.number}/")
    if answer.status_code == 404:
        return None
    assert answer.status_code == 200
    return set(re.findall(rf'"/tickets/{ticket.number}/([a-z-]+)/"', answer.content.decode())) - NO_STEPS - ASKED_ALIKE


def in_the_api(client, ticket):
    answer = client.get(f"/api/v1/tickets/{ticket.number}/")
    return None if answer.status_code == 404 else set(answer.json()["steps"])


def told(client, ticket):
    """Return what the page and the API offer."""
    return {"page": on_the_page(client, ticket), "API": in_the_api(client, ticket)}


def offered(expected):
    """Return what both should offer."""
    steps = None if expected is None else expected - ASKED_ALIKE
    return {"page": steps, "API": steps}


COMMANDS = {
    "accept": (work.accept, {}),
    "release": (work.release, {}),
    "assign": (work.assign, {}),
    "classify": (work.classify, {"urgency": "blocked"}),
    "comment": (work.comment, {"text": "Danke!"}),
    "ask": (work.ask, {"text": "Welcher Raum?"}),
    "answer": (work.answer, {"text": "A 204"}),
    "wait": (work.wait, {"party": "Hersteller", "until": MONDAY.date()}),
    "resume": (work.resume, {}),
    "resolve": (finish.resolve, {"solution": "Neu gestartet", "cause": "restart"}),
    "confirm": (finish.confirm, {}),
    "reopen": (finish.reopen, {}),
    "close": (finish.close, {"reason": "Doppelt"}),
    "withdraw": (finish.withdraw, {}),
    "restrict": (work.restrict, {}),
    "escalate": (escalate.escalate, {}),
    "ask-mediator": (escalate.ask_mediator, {"text": "Welcher Switch?"}),
    "accept-escalation": (escalate.accept_escalation, {}),
    "transfer": (escalate.transfer, {"reason": "Liegt am MDM"}),
    "return": (escalate.return_to_first_level, {"text": "Bitte vor Ort"}),
    "merge": (merge.merge, {}),
    "join": (join.join, {}),
    "leave": (join.leave, {}),
}


def accepted(city, ticket, person):
    """Try every command and undo it; return those that took effect, None where the ticket is not theirs to see."""
    arguments = {
        "assign": {"person": city.helpdesk},
        "restrict": {"confidential": not ticket.confidential},
        "escalate": {"packet": city.packet(ticket)},
        "transfer": {"team": Team.objects.get(slug="tablets")},
        "merge": {"into": twin_of(city, ticket)},
    }
    taken = set()
    for step, (command, facts) in COMMANDS.items():
        before = transaction.savepoint()
        events = TicketEvent.objects.count()
        try:
            command(ticket=ticket, by=person, at=MONDAY, **facts, **arguments.get(step, {}))
            taken.add(step)
            assert TicketEvent.objects.count() == events + (2 if step == "merge" else 1)
        except Ticket.DoesNotExist:
            return None
        except (StepForbidden, StepNotAllowed):
            assert TicketEvent.objects.count() == events
        finally:
            transaction.savepoint_rollback(before)
    return taken


@pytest.mark.parametrize("level, status", [(level, status) for level, states in STATES.items() for status in states])
def test_page_api_and_command_agree_with_the_table(city, ticket, client, level, status):
    put(city, ticket, status, level)
    for who, relations in RELATIONS[level].items():
        expected = steps_of(relations, status, level)
        client.force_login(getattr(city, who))
        assert told(client, ticket) == offered(expected), who
        assert accepted(city, ticket, getattr(city, who)) == expected, who


@pytest.mark.parametrize("status", STATES["first"])
def test_where_nobody_is_on_duty_the_coordination_works_as_the_first_level(city, ticket, client, status):
    CampusAssignment.objects.filter(campus=city.kirchlinde).update(ends_on=MONDAY.date() - timedelta(days=1))
    put(city, ticket, status, "first", assignee=None)
    for who, relations in UNATTENDED.items():
        expected = steps_of(relations, status, "first")
        client.force_login(getattr(city, who))
        assert told(client, ticket) == offered(expected), who
        assert accepted(city, ticket, getattr(city, who)) == expected, who


@pytest.mark.parametrize("status", ["new", "in_progress", "resolved"])
def test_a_confidential_ticket_has_fewer_hands(city, ticket, client, status):
    put(city, ticket, status, "first", confidential=True)
    seen = {"teacher": "RL", "manager": "CT", "helpdesk": None, "contact": None, "head": None, "coordinator": None}
    for who, relations in seen.items():
        expected = steps_of(relations, status, "first", confidential=True)
        client.force_login(getattr(city, who))
        assert told(client, ticket) == offered(expected), who
        assert accepted(city, ticket, getattr(city, who)) == expected, who


@pytest.mark.parametrize("columns", [{"created_by": "helpdesk"}, {"assignee": "helpdesk"}])
def test_the_agent_who_filed_or_got_a_confidential_ticket_works_on_it(city, ticket, client, columns):
    columns = {name: getattr(city, who) for name, who in columns.items()}
    put(city, ticket, "in_progress", "first", **{"assignee": city.manager, "confidential": True, **columns})
    expected = steps_of("HT" if "assignee" in columns else "H", "in_progress", "first", confidential=True)
    client.force_login(city.helpdesk)
    assert told(client, ticket) == offered(expected)
    assert accepted(city, ticket, city.helpdesk) == expected


@pytest.mark.parametrize(
    "waited, days, answers",
    [(True, 28, True), (True, 29, False), (False, 1, False)],
)
def test_closed_while_waiting_takes_an_answer_for_28_days(city, ticket, waited, days, answers):
    put(city, ticket, "closed", "first", closed_from="waiting_reporter" if waited else "in_progress")
    later = MONDAY + timedelta(days=days)
    for person in (city.teacher, city.contact, city.helpdesk):
        before = transaction.savepoint()
        try:
            work.answer(ticket=ticket, text="A 204", by=person, at=later)
            taken = True
        except StepNotAllowed:
            taken = False
        transaction.savepoint_rollback(before)
        assert taken == answers, person


def test_the_table_has_every_step_there_is():
    steps = set(glossary.lines("first"))
    assert steps == set(COMMANDS) == {step.value for step in WHO} == {step.value for step in Step}
