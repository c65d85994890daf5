"""Rounds about whose a ticket is: taking, handing over, passing on, solving.

Each act returns how it went, the tickets concerned, and what was wrong.
"""

from tests.rehearsals.together import TEN, effects, exactly_one, unexpected, verbs_of
from tickets.commands import escalate, finish, work
from tickets.models import Escalation


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


ACTS = {
    "hand over with solution": escalate_with_resolve,
    "hand over by two": escalate_by_two,
    "accept by two": accept_by_two,
    "accept by two, second level": accept_by_two_at_the_second_level,
    "pass on with return": transfer_with_return,
    "solution with answer": resolve_with_answer,
    "accept with question": owner_with_question,
}
