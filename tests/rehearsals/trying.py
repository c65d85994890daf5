"""One try of a step, drawn by lot with plausible facts, and what the glossary says about it beforehand."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from accounts.models import User
from foundation.berlin import berlin_day
from tests.tickets import glossary
from tickets.commands import escalate, finish, join, merge, work
from tickets.commands.rate import rate
from tickets.lifecycle import answer_until, rate_until, reopen_until
from tickets.models import Rating, Ticket

RATE = "rate"  # no step of the glossary: it moves nothing
STEPS = {
    "accept": work.accept,
    "release": work.release,
    "assign": work.assign,
    "classify": work.classify,
    "comment": work.comment,
    "ask": work.ask,
    "ask-mediator": escalate.ask_mediator,
    "answer": work.answer,
    "wait": work.wait,
    "resume": work.resume,
    "escalate": escalate.escalate,
    "accept-escalation": escalate.accept_escalation,
    "transfer": escalate.transfer,
    "return": escalate.return_to_first_level,
    "resolve": finish.resolve,
    "confirm": finish.confirm,
    "reopen": finish.reopen,
    "close": finish.close,
    "withdraw": finish.withdraw,
    "merge": merge.merge,
    "join": join.join,
    "leave": join.leave,
    "restrict": work.restrict,
    RATE: rate,
}
#: How often each is tried; what ends a ticket is rare, so that they live for a while.
WEIGHTS = {"escalate": 5, "accept-escalation": 5, RATE: 2, "comment": 2, "close": 0.3, "withdraw": 0.3, "resolve": 1.5}
GAPS = [("tried", ""), ("access", ""), ("since", None), ("rooms", ()), ("answers", {})]
#: Mostly somebody tries who may, and what the state allows; otherwise nearly all would be refused.
SENSIBLE = 0.65
WORKING = {"C", "H", "S", "T", "away", "handed over"}  # relations of those who would judge themselves


@dataclass
class Try:
    """A step somebody tries. `has_gap` says that the facts are such that a form would be shown again (422)."""

    step: str
    command: Callable
    ticket: Ticket
    by: User
    facts: dict = field(default_factory=dict)
    into: Ticket | None = None
    has_gap: bool = False
    mended = ValidationError

    @property
    def pks(self) -> list[int]:
        """The tickets it is about, the source of a merge first."""
        return list(dict.fromkeys([self.ticket.pk, *([self.into.pk] if self.into else [])]))

    def __str__(self):
        return f"{self.step} by {self.by}"


def argued(town, day, ticket: Ticket, lot, others: Callable[[], list[Ticket]]) -> Try:
    """Return a step of somebody by lot with all the facts it takes; `others` finds what it may be merged with."""
    sensible = lot.random() < SENSIBLE
    names = list(STEPS)
    if sensible:
        names = [name for name in names if _may_be(name, ticket)] or names
    step = lot.choices(names, weights=[WEIGHTS.get(name, 1) for name in names])[0]
    attempt = Try(step, STEPS[step], ticket, lot.choice(town.people), {"ticket": ticket})
    other = None
    if step == "merge":
        there = others()
        other = lot.choice([row for row in there if sensible and _fits(ticket, row)] or there)
    _fill(attempt, town, lot, other)
    if sensible:
        able = [person for person in town.people if expected(day, replace(attempt, by=person), town.at) == "ok"]
        attempt.by = lot.choice(able) if able else attempt.by
    return attempt


def _fill(attempt: Try, town, lot, other) -> None:
    """Add the facts the step takes; now and then some with a gap."""
    ticket, facts = attempt.ticket, attempt.facts
    match attempt.step:
        case "assign":
            facts["person"] = lot.choice([town.helpdesk, town.agent, town.manager, town.specialist])
            attempt.has_gap = True  # whether that person works for the school today is not worked out here
        case "classify":
            facts["urgency"] = lot.choice([u for u in ("can_wait", "hampered", "blocked") if u != ticket.urgency])
            if lot.random() < 0.3:
                facts["category"] = lot.choice(town.categories)
        case "comment":
            facts["text"] = "Ein Wort dazu"
        case "ask" | "answer" | "ask-mediator" | "return":
            facts["text"] = "Wie das?"
        case "wait":
            days = lot.randint(-1, 5)
            facts |= {"party": "DOKOM21", "until": berlin_day(town.at) + timedelta(days=days), "reference": "D-1"}
            attempt.has_gap = days < 0
        case "escalate":
            attempt.has_gap = lot.random() < 0.2
            gap = dict([lot.choice(GAPS)]) if attempt.has_gap else {}
            facts["packet"] = town.packet(ticket, **gap)
        case "transfer":
            facts |= {"team": lot.choice(town.teams), "reason": "Liegt woanders"}
            attempt.has_gap = facts["team"].pk == ticket.team_id
        case "resolve":
            facts |= {"solution": "Neu gestartet", "cause": ""}
        case "merge":
            facts["into"] = attempt.into = other
            attempt.has_gap = not _fits(ticket, other)
        case "restrict":
            facts["confidential"] = not ticket.confidential
        case "rate":
            facts |= {"value": lot.choice(Rating.Value.values), "words": lot.choice((None, "", "Danke"))}


def _may_be(step, ticket) -> bool:
    """Whether the state allows it."""
    return ticket.is_solved if step == RATE else glossary.is_possible(step, ticket.status, ticket.level)


def _fits(source, target) -> bool:
    """Whether two tickets belong together: one school, two tickets, and nothing confidential gets out."""
    if source.pk == target.pk or source.school_id != target.school_id:
        return False
    hidden = source.confidential or target.confidential
    same_person = source.reporter_id is not None and source.reporter_id == target.reporter_id
    return not hidden or (source.confidential and target.confidential and same_person)


def expected(day, attempt: Try, at: datetime) -> str:
    """Return what the glossary says: "ok", or with which status it is refused."""
    ticket, step, by = attempt.ticket, attempt.step, attempt.by
    seen = day.may_join(by, ticket) if step in glossary.JOINED else day.sees(by, ticket)
    if not seen or (attempt.into is not None and not day.sees(by, attempt.into)):
        return "404"
    relations = day.relations(by, ticket)
    if step == RATE:
        return _expected_of_rating(ticket, set(relations), at)
    if not glossary.is_theirs(step, relations, ticket.level, ticket.confidential, ticket.category.is_known_fault):
        return "403"
    if not _is_possible_now(ticket, step, at):
        return "409"
    if attempt.has_gap and step != "assign":
        return "422"
    if attempt.into is not None and not attempt.into.is_open:
        return "409"
    return "ok" if step != "assign" or _works_there(day, attempt) else "422"


def _expected_of_rating(ticket, relations, at) -> str:
    """Who has reported it says how the help was: not those who work on it, and not about what is confidential."""
    if "R" not in relations or relations & WORKING:
        return "403"
    is_asked = ticket.is_solved and not ticket.confidential and at < rate_until(ticket.resolved_at)
    return "ok" if is_asked else "409"


def _is_possible_now(ticket, step, at) -> bool:
    if step == "answer" and ticket.status == "closed":
        return ticket.closed_from == "waiting_reporter" and at < answer_until(ticket.closed_at)
    if not glossary.is_possible(step, ticket.status, ticket.level):
        return False
    return step != "reopen" or at < reopen_until(ticket.resolved_at)


def _works_there(day, attempt) -> bool:
    """Whether somebody may be given the ticket: manager of the campus, substitute of the school, or the helpdesk."""
    person, school = attempt.facts["person"].pk, attempt.ticket.school
    substitutes = {substitute for (_away, place), substitute in day.covers.items() if place == school.pk}
    return (person, "helpdesk") in day.city or day.managers.get(school.campus_id) == person or person in substitutes
