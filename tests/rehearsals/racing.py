"""Rounds in which two people do something to the same tickets at the same moment, each on a real connection.

After every round nothing is lost: what was accepted stands in a history, a ticket has one owner, merged tickets lead
to one that is not, versions have no gap, the clocks are what the history says, and everybody else was told (409, 412,
404), never by a deadlock.
"""

import json
import random
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from schools.models import SchoolMembership
from teams.models import Team, TeamMembership
from tests.access.world import clean
from tests.city import SINCE, City, berlin
from tests.rehearsals.invariants import all_broken, owed_twice
from tests.rehearsals.report import Report
from tickets.commands import escalate, finish, join, merge, work
from tickets.commands.attach import add_photos, attach_photos
from tickets.commands.base import StaleTicket
from tickets.lifecycle import StepNotAllowed
from tickets.models import Attachment, Escalation, Follower, Ticket, TicketEvent
from tickets.permissions import StepForbidden

TEN = berlin(2026, 3, 2, 10)
REFUSALS = (StepNotAllowed, StepForbidden, StaleTicket, Ticket.DoesNotExist)
MOST_AT_ONCE = 3
PATIENCE = 20  # seconds


def rehearse(wishes) -> Report:
    """Play the wished number of rounds in a city that this call fills."""
    with mock.patch("django.utils.timezone.now", lambda: TEN):
        return play(City(), rounds=wishes.rounds, seed=wishes.seed)


def play(city: City, *, rounds: int, seed: int) -> Report:
    """Play rounds of every kind in turn, details by lot; return what happened and what was violated."""
    report = Report(f"{rounds} rounds of two at once")
    lot = random.Random(seed)
    with crew() as at_once:
        stage = Stage(city, lot, at_once)
        for number in range(rounds):
            name, act = list(ACTS.items())[number % len(ACTS)]
            outcome, tickets, found = act(stage)
            report.note(name, outcome)
            pks = [ticket.pk for ticket in tickets]
            sentences = [*found, *all_broken(pks, TEN), *owed_twice(ticket.number for ticket in tickets)]
            report.violated(f"round {number}, {name}", sentences)
    return report


@contextmanager
def crew():
    """Yield a function that runs works at the same moment, each on a connection of its own, and returns what each
    returned or raised."""
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:

        def at_once(*works):
            gate = threading.Barrier(len(works))

            def run(work):
                connection.ensure_connection()
                gate.wait(timeout=PATIENCE)
                try:
                    return work()
                except Exception as error:
                    return error

            return list(pool.map(run, works))

        try:
            yield at_once
        finally:
            farewell = threading.Barrier(MOST_AT_ONCE)  # so that each thread closes its own connection

            def leave(_number):
                farewell.wait(timeout=PATIENCE)
                connection.close()

            list(pool.map(leave, range(MOST_AT_ONCE)))


@dataclass
class Stage:
    """The city, another specialist and another teacher, and what the rounds have in common."""

    city: City
    lot: random.Random
    at_once: Callable

    def __post_init__(self):
        self.network = Team.objects.get(slug="network")
        self.tablets = Team.objects.get(slug="tablets")
        self.second = self.city.person("Nils", "Netzwerk")
        TeamMembership.objects.create(person=self.second, team=self.network, starts_on=SINCE)
        self.neighbour = self.city.person("Nele", "Nebenan")
        SchoolMembership.objects.create(
            person=self.neighbour, school=self.city.brecht, role=SchoolMembership.Role.TEACHER, starts_on=SINCE
        )

    def either(self, *people):
        return self.lot.choice(people)

    def shuffled(self, *works):
        """Return the works in an order by lot, so that none is always handed to its thread first."""
        return self.lot.sample(works, len(works))

    def signed_in(self, person) -> Client:
        """Return a client with a session of its own for this round."""
        client = Client()
        client.force_login(person)
        client.get("/notices/")  # the first request of a session writes it
        return client

    def write(self, client, address, body, **headers):
        return client.post(f"/api/v1/{address}", json.dumps(body), content_type="application/json", headers=headers)


def effects(outcomes) -> list:
    return [outcome for outcome in outcomes if not isinstance(outcome, Exception)]


def unexpected(outcomes, *also) -> list[str]:
    """Return what nobody should meet: everything but the refusals people are told about."""
    return [
        f"{type(outcome).__name__}: {outcome}"
        for outcome in outcomes
        if isinstance(outcome, Exception) and not isinstance(outcome, (*REFUSALS, *also))
    ]


def exactly_one(outcomes) -> list[str]:
    count = len(effects(outcomes))
    return [] if count == 1 else [f"{count} took effect: {outcomes}"]


def verbs_of(ticket) -> list[str]:
    return list(ticket.events.order_by("pk").values_list("verb", flat=True))


# --- What two do at once. Each returns how it went, the tickets concerned, and what was wrong. ---


def merge_both_ways(stage):
    a, b = stage.city.report(by=stage.city.teacher), stage.city.report(by=stage.city.colleague)
    by = stage.lot.sample([stage.city.manager, stage.city.helpdesk], 2)
    outcomes = stage.at_once(
        lambda: merge.merge(ticket=a, into=b, by=by[0], at=TEN),
        lambda: merge.merge(ticket=b, into=a, by=by[1], at=TEN),
    )
    a.refresh_from_db(), b.refresh_from_db()
    found = [*unexpected(outcomes), *exactly_one(outcomes)]
    if sorted([a.status, b.status]) != ["merged", "new"]:
        found.append(f"they are {a.status} and {b.status}")
    return "one of both", [a, b], found


def merge_in_a_ring(stage):
    trio = [stage.city.report(by=by) for by in (stage.city.teacher, stage.city.colleague, stage.city.contact)]
    people = [stage.city.manager, stage.city.helpdesk, stage.city.manager]
    works = [
        lambda source=trio[place], into=trio[place - 1], by=people[place]: merge.merge(
            ticket=source, into=into, by=by, at=TEN
        )
        for place in range(3)
    ]
    outcomes = stage.at_once(*stage.shuffled(*works))
    found = unexpected(outcomes)
    left = Ticket.objects.filter(pk__in=[ticket.pk for ticket in trio], merged_into=None)
    if len(left) != 3 - len(effects(outcomes)) or not left:
        found.append(f"{len(left)} are left after {len(effects(outcomes))} merges")
    return f"{len(left)} left of three", trio, found


def merge_with_message(stage):
    city = stage.city
    source, target = city.report(by=city.colleague), city.report()
    said = f"Nachricht {uuid.uuid4()}"
    where = stage.either(source, target)
    works = [
        lambda: merge.merge(ticket=source, into=target, by=city.manager, at=TEN),
        lambda: work.comment(ticket=where, text=said, by=stage.either(city.helpdesk, where.reporter), at=TEN),
    ]
    if stage.lot.random() < 0.3:
        works.append(lambda: attach_photos(ticket=source, photos=[clean()], by=city.colleague, at=TEN))
    outcomes = stage.at_once(*stage.shuffled(*works))
    found = unexpected(outcomes)
    accepted = any(isinstance(outcome, TicketEvent) for outcome in outcomes)
    kept = TicketEvent.objects.filter(ticket__in=[source, target], text=said).count()
    if kept != int(accepted):
        found.append(f"a message that was {'accepted' if accepted else 'refused'} stands {kept} times in the history")
    stored = sum(isinstance(outcome, list) for outcome in outcomes)
    if Attachment.objects.filter(ticket=target).count() != stored:
        found.append("a photo was lost")
    source.refresh_from_db()
    if source.status != "merged":
        found.append("the merge was lost")
    return f"message {'before' if accepted else 'refused after'} the merge", [source, target], found


def merge_with_photos_there(stage):
    """Two sources into one target, each with a photo and a follower."""
    city = stage.city
    target = city.report(category=city.network)
    sources = [city.report(by=by, category=city.network) for by in (city.colleague, city.contact)]
    for source in sources:
        add_photos(source, [clean()], by=source.reporter, at=TEN)
        join.join(ticket=source, by=stage.neighbour, at=TEN)
    works = [
        lambda source=source, by=by: merge.merge(ticket=source, into=target, by=by, at=TEN)
        for source, by in zip(sources, [city.manager, city.helpdesk], strict=True)
    ]
    outcomes = stage.at_once(*stage.shuffled(*works))
    found = unexpected(outcomes)
    if len(effects(outcomes)) != 2:
        found.append(f"only {effects(outcomes)} took effect")
    if Attachment.objects.filter(ticket=target).count() != 2:
        found.append("photos were lost")
    people = list(Follower.objects.filter(ticket=target).values_list("person", flat=True))
    if sorted(people) != sorted(person.pk for person in (city.colleague, city.contact, stage.neighbour)):
        found.append(f"the followers are {people}")
    return "both into one", [target, *sources], found


def escalate_with_resolve(stage):
    city = stage.city
    ticket = city.report(category=city.network)
    packet = city.packet(ticket)
    outcomes = stage.at_once(
        *stage.shuffled(
            lambda: escalate.escalate(ticket=ticket, packet=packet, by=city.manager, at=TEN),
            lambda: finish.resolve(ticket=ticket, solution="Neu", cause="", by=city.helpdesk, at=TEN),
        )
    )
    ticket.refresh_from_db()
    return ticket.status, [ticket], [*unexpected(outcomes), *exactly_one(outcomes)]


def escalate_by_two(stage):
    city = stage.city
    ticket = city.report(category=city.network)
    packet = city.packet(ticket)
    works = [
        lambda by=by: escalate.escalate(ticket=ticket, packet=packet, by=by, at=TEN)
        for by in (city.manager, city.helpdesk)
    ]
    outcomes = stage.at_once(*works)
    found = [*unexpected(outcomes), *exactly_one(outcomes)]
    if Escalation.objects.filter(ticket=ticket).count() != 1:
        found.append("handed over twice")
    return "once", [ticket], found


def accept_by_two(stage):
    city = stage.city
    versions = stage.lot.choice([{}, {"version": 1}])
    ticket = city.report()
    works = [
        lambda by=by: work.accept(ticket=ticket, by=by, at=TEN, **versions) for by in (city.manager, city.helpdesk)
    ]
    return _one_owner(stage, ticket, works, "accepted")


def accept_by_two_at_the_second_level(stage):
    ticket = stage.city.escalated(at=TEN)
    works = [
        lambda by=by: escalate.accept_escalation(ticket=ticket, by=by, at=TEN)
        for by in (stage.city.specialist, stage.second)
    ]
    return _one_owner(stage, ticket, works, "escalation_accepted")


def _one_owner(stage, ticket, works, verb):
    outcomes = stage.at_once(*stage.shuffled(*works))
    found = [*unexpected(outcomes), *exactly_one(outcomes)]
    ticket.refresh_from_db()
    if [ticket.assignee_id] != [taken.assignee_id for taken in effects(outcomes)]:
        found.append("whoever was told that they have it does not have it")
    if verbs_of(ticket).count(verb) != 1:
        found.append(f"the history is {verbs_of(ticket)}")
    return "one has it", [ticket], found


def transfer_with_return(stage):
    ticket = stage.city.escalated(at=TEN)
    outcomes = stage.at_once(
        *stage.shuffled(
            lambda: escalate.transfer(
                ticket=ticket, team=stage.tablets, reason="MDM", by=stage.city.specialist, at=TEN
            ),
            lambda: escalate.return_to_first_level(ticket=ticket, text="Vor Ort", by=stage.second, at=TEN),
        )
    )
    ticket.refresh_from_db()
    return ticket.status, [ticket], [*unexpected(outcomes), *exactly_one(outcomes)]


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


def join_with_merge(stage):
    city = stage.city
    source, target = (city.report(by=by, category=city.network) for by in (city.teacher, city.contact))
    where = stage.either(source, target)
    outcomes = stage.at_once(
        *stage.shuffled(
            lambda: merge.merge(ticket=source, into=target, by=city.manager, at=TEN),
            lambda: join.join(ticket=where, by=city.colleague, at=TEN, room=city.b112),
        )
    )
    found = unexpected(outcomes)
    joined = any(isinstance(outcome, Follower) for outcome in outcomes)
    voices = Follower.objects.filter(person=city.colleague, ticket__in=[source, target])
    if [row.ticket_id for row in voices] != [target.pk] * joined:
        found.append(f"joined: {joined}, but follows {[row.ticket_id for row in voices]}")
    if where == target and not joined:
        found.append("refused although the target is open")
    return (
        f"{'joined' if joined else 'refused'} at the {'target' if where == target else 'source'}",
        [
            source,
            target,
        ],
        found,
    )


def join_twice(stage):
    city = stage.city
    ticket = city.report(category=city.network)
    outcomes = stage.at_once(
        lambda: join.join(ticket=ticket, by=city.colleague, at=TEN),
        lambda: join.join(ticket=ticket, by=city.colleague, at=TEN),
        lambda: join.join(ticket=ticket, by=city.contact, at=TEN),
    )
    found = unexpected(outcomes)
    if len(effects(outcomes)) != 3 or Follower.objects.filter(ticket=ticket).count() != 2:
        found.append(f"{outcomes}")
    if verbs_of(ticket).count("joined") != 2:
        found.append(f"the history is {verbs_of(ticket)}")
    return "two voices", [ticket], found


def resolve_with_answer(stage):
    """The answer arrives while the specialist solves."""
    city = stage.city
    ticket = escalate.accept_escalation(ticket=city.escalated(at=TEN), by=city.specialist, at=TEN)
    work.ask(ticket=ticket, text="Welcher Raum?", by=city.specialist, at=TEN)
    outcomes = stage.at_once(
        *stage.shuffled(
            lambda: work.answer(ticket=ticket, text="A 204", by=city.teacher, at=TEN),
            lambda: finish.resolve(ticket=ticket, solution="Neu", cause="", by=city.specialist, at=TEN),
        )
    )
    found = unexpected(outcomes)
    ticket.refresh_from_db()
    if ticket.status != "resolved":
        found.append(f"it is {ticket.status}")
    return "answered before" if len(effects(outcomes)) == 2 else "answer refused", [ticket], found


def confidential_with_merge(stage):
    """One report becomes confidential while it is merged: never do the two come together."""
    city = stage.city
    source, target = city.report(by=city.colleague), city.report()
    hidden = stage.either(source, target)
    outcomes = stage.at_once(
        *stage.shuffled(
            lambda: merge.merge(ticket=source, into=target, by=city.manager, at=TEN),
            lambda: work.restrict(ticket=hidden, confidential=True, by=city.manager, at=TEN),
        )
    )
    found = unexpected(outcomes, ValidationError)
    source.refresh_from_db(), target.refresh_from_db()
    if source.status == "merged" and source.confidential:
        found.append("a confidential report was merged")
    return source.status, [source], found


def owner_with_question(stage):
    """One takes the report while another one asks about it: whoever took it keeps it."""
    city = stage.city
    ticket = city.report()
    outcomes = stage.at_once(
        *stage.shuffled(
            lambda: work.accept(ticket=ticket, by=city.manager, at=TEN),
            lambda: work.ask(ticket=ticket, text="Welcher?", by=city.helpdesk, at=TEN),
        )
    )
    ticket.refresh_from_db()
    first = verbs_of(ticket)[1]
    owner = {"accepted": city.manager, "asked": city.helpdesk}[first]
    found = unexpected(outcomes)
    if ticket.assignee_id != owner.pk:
        found.append(f"after {verbs_of(ticket)} it is {ticket.assignee}'s")
    return f"{first} first", [ticket], found


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
    "merge both ways": merge_both_ways,
    "merge in a ring": merge_in_a_ring,
    "merge with message": merge_with_message,
    "two sources into one": merge_with_photos_there,
    "hand over with solution": escalate_with_resolve,
    "hand over by two": escalate_by_two,
    "accept by two": accept_by_two,
    "accept by two, second level": accept_by_two_at_the_second_level,
    "pass on with return": transfer_with_return,
    "question with message": question_with_answer,
    "same key twice": same_key_twice,
    "stale version": stale_version,
    "join with merge": join_with_merge,
    "join twice": join_twice,
    "solution with answer": resolve_with_answer,
    "confidential with merge": confidential_with_merge,
    "accept with question": owner_with_question,
    "message with change": classify_with_message,
}
