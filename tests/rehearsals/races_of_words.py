"""Rounds about what is said: messages, keys sent twice, versions that are not the latest.

Each act returns how it went, the tickets concerned, and what was wrong.
"""

import uuid

from tests.rehearsals.together import TEN, effects, exactly_one, unexpected, verbs_of
from tickets.commands import escalate, finish, merge, work
from tickets.commands.base import StaleTicket
from tickets.models import Ticket, TicketEvent


def question_with_answer(stage):
    """The specialist asks the mediator while the mediator writes, and nothing that was said is lost."""
    city = stage.city
    ticket = city.escalated(at=TEN)
    outcomes = stage.at_once(
        *stage.shuffled(
            lambda: escalate.ask_mediator(ticket=ticket, text="Welcher Switch?", by=city.specialist, at=TEN),
            lambda: work.comment(ticket=ticket, text="Ich bin vor Ort", by=city.manager, at=TEN),
        )
    )
    ticket.refresh_from_db()
    found = unexpected(outcomes)
    verbs = verbs_of(ticket)
    if len(effects(outcomes)) != 2 or {"asked_mediator", "commented"} - set(verbs):
        found.append(f"something was lost: {verbs}")
    answered = verbs.index("commented") > verbs.index("asked_mediator") if not found else None
    if not found and bool(ticket.mediator_question) == answered:
        found.append(f"the question is {'still' if ticket.mediator_question else 'no longer'} open after {verbs}")
    return "answered" if answered else "open", [ticket], found


def same_key_twice(stage):
    """The same report, message or step sent twice over HTTP with one key."""
    city = stage.city
    kind = stage.lot.choice(["report", "message", "hand over", "merge"])
    key = {"Idempotency-Key": str(uuid.uuid4())}
    tickets = [] if kind == "report" else [city.report(category=city.network)]
    if kind == "merge":
        tickets.append(city.report(by=city.colleague, category=city.network))
    person = city.teacher if kind == "report" else city.manager
    address, body = _request(stage, kind, tickets)
    before = Ticket.objects.count()
    clients = [stage.signed_in(person) for _ in range(2)]
    answers = stage.at_once(*(lambda client=client: stage.write(client, address, body, **key) for client in clients))
    found = unexpected(answers)
    codes = sorted(answer.status_code for answer in effects(answers))
    good = {"report": 201}.get(kind, 200)
    if codes not in ([good, good], [good, 409]):
        found.append(f"answered with {codes}")
    if kind == "report":
        tickets = list(Ticket.objects.order_by("-pk")[: Ticket.objects.count() - before])
    verb = {"report": "reported", "message": "commented", "hand over": "escalated", "merge": "absorbed"}[kind]
    if sum(verbs_of(ticket).count(verb) for ticket in tickets) != 1:
        found.append(f"{[verbs_of(ticket) for ticket in tickets]}")
    return f"{kind} once", tickets, found


def _request(stage, kind, tickets):
    city = stage.city
    if kind == "report":
        return "tickets/", {"school": city.brecht.number, "category": "network", "description": "WLAN weg"}
    if kind == "message":
        return f"tickets/{tickets[0].number}/comment/", {"text": "Ich komme"}
    if kind == "merge":
        return f"tickets/{tickets[1].number}/merge/", {"into": tickets[0].number}
    packet = city.packet(tickets[0])
    return f"tickets/{tickets[0].number}/escalate/", {
        "checklist": dict(packet.answers),
        "tried": packet.tried,
        "since": packet.since.isoformat(),
        "access": packet.access,
        "rooms": [room.pk for room in packet.rooms],
    }


def stale_version(stage):
    """Two steps decided by looking at the same version: the second one is told."""
    city = stage.city
    ticket = city.report(category=city.network)
    other = city.report(by=city.colleague, category=city.network)
    packet = city.packet(ticket)
    works = [
        lambda: work.accept(ticket=ticket, by=city.manager, at=TEN, version=1),
        lambda: work.classify(ticket=ticket, urgency="blocked", by=city.helpdesk, at=TEN, version=1),
        lambda: work.ask(ticket=ticket, text="Welcher Raum?", by=city.helpdesk, at=TEN, version=1),
        lambda: escalate.escalate(ticket=ticket, packet=packet, by=city.manager, at=TEN, version=1),
        lambda: merge.merge(ticket=ticket, into=other, by=city.helpdesk, at=TEN, version=1),
        lambda: finish.withdraw(ticket=ticket, by=city.teacher, at=TEN, version=1),
    ]
    outcomes = stage.at_once(*stage.lot.sample(works, 2))
    found = [*unexpected(outcomes), *exactly_one(outcomes)]
    if not any(isinstance(outcome, StaleTicket) for outcome in outcomes):
        found.append(f"nobody was told that it is stale: {outcomes}")
    ticket.refresh_from_db()
    if ticket.version != 2:
        found.append(f"the version is {ticket.version}")
    return "one, the other stale", [ticket, other], found


def classify_with_message(stage):
    """What a step reads beside the ticket may change under it: category, team, owner. No message is lost over it."""
    city = stage.city
    said = f"Nachricht {uuid.uuid4()}"
    kind = stage.lot.choice(["category", "team", "owner"])
    ticket = city.report(category=city.network) if kind != "team" else city.escalated(at=TEN)
    change = {
        "category": lambda: work.classify(ticket=ticket, category=city.display, by=city.manager, at=TEN),
        "team": lambda: escalate.transfer(ticket=ticket, team=stage.tablets, reason="MDM", by=city.specialist, at=TEN),
        "owner": lambda: work.accept(ticket=ticket, by=city.manager, at=TEN),
    }[kind]
    by = city.teacher if kind != "team" else stage.second
    outcomes = stage.at_once(*stage.shuffled(change, lambda: work.comment(ticket=ticket, text=said, by=by, at=TEN)))
    found = unexpected(outcomes)
    if len(effects(outcomes)) != 2 or not TicketEvent.objects.filter(ticket=ticket, text=said).exists():
        found.append(f"lost: {outcomes}")
    return kind, [ticket], found


ACTS = {
    "question with message": question_with_answer,
    "same key twice": same_key_twice,
    "stale version": stale_version,
    "message with change": classify_with_message,
}
