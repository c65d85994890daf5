"""Tickets of a living city go through steps drawn by lot, possible and impossible, by anybody.

Time moves on, managers are away with and without a substitute, roles end, schools change campus. Of every step the
glossary says beforehand whether it takes effect, is not possible (409), not theirs (403) or not to be seen (404); what
is refused changes nothing, and after every step somebody is responsible and everything of `invariants` holds. The
promises to the reporter never jump back. Now and then somebody by lot looks at the same tickets in the list, in the
API, by search and in the export: they always see the same.
"""

import random
from contextlib import suppress
from unittest import mock

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from foundation.berlin import berlin_day
from schools.coverage import roster_on
from schools.duties import viewer_of
from tests.rehearsals.eyes import differences
from tests.rehearsals.invariants import broken
from tests.rehearsals.promises import Promises
from tests.rehearsals.report import Report
from tests.rehearsals.sight import Day
from tests.rehearsals.town import Town
from tests.rehearsals.trying import RATE, Try, argued, expected
from tickets.lifecycle import StepNotAllowed
from tickets.models import Deadline, Escalation, Follower, Rating, Ticket, TicketEvent
from tickets.permissions import RatingNotPossible, is_asked_to_rate, steps_for
from tickets.queue import Queue
from tickets.routing import responsible_for

TRIES = 6  # a ticket
TOGETHER = 25  # tickets alive at the same time
LOOK_EVERY = 500
MOST = 200  # violations; more tell nothing new
TURN_EVERY = 60  # something changes in the city
#: All rows of these tickets as one line each, in one statement.
MARKS = " UNION ALL ".join(
    f"(SELECT md5(row::text) FROM {model._meta.db_table} AS row WHERE {column} = ANY(%(tickets)s) ORDER BY 1)"
    for model, column in (
        (Ticket, "id"),
        (Deadline, "ticket_id"),
        (Escalation, "ticket_id"),
        (Follower, "ticket_id"),
        (TicketEvent, "ticket_id"),
        (Rating, "ticket_id"),
    )
)
NAMED = ("school", "category", "team", "assignee", "reporter")
ANSWERS = {StepNotAllowed: "409", RatingNotPossible: "409", PermissionDenied: "403", Ticket.DoesNotExist: "404"}


def rehearse(wishes) -> Report:
    return walk(Town(random.Random(wishes.seed)), tickets=wishes.tickets)


def walk(town: Town, *, tickets: int, look_every: int = LOOK_EVERY) -> Report:
    """Let so many tickets walk; return what they met."""
    walker = Walker(town, Report(f"{tickets} tickets"))
    with mock.patch("django.utils.timezone.now", lambda: town.at), suppress(KeyboardInterrupt):
        for number in range(tickets * TRIES):
            if number % TRIES == 0:
                walker.add_ticket()
            if number % TURN_EVERY == 0:
                walker.turn()
            if number % look_every == 0:
                walker.look()
            walker.take_a_step()
            if len(walker.report.violations) > MOST:
                break
    return walker.report


class Walker:
    """The tickets that are alive, and what is remembered of their promises."""

    def __init__(self, town: Town, report: Report):
        self.town, self.report, self.lot = town, report, town.lot
        self.alive: list[int] = []
        self.promises = Promises()
        self.moment = 0
        self.read_the_day()

    def read_the_day(self) -> None:
        today = berlin_day(self.town.at)
        self.day, self.roster = Day.read(today), roster_on(today)

    def add_ticket(self) -> None:
        ticket = self.town.report()
        self.read_the_day()  # where nobody was left to report, roles have begun again
        self.alive.append(ticket.pk)
        self.report.facts["tickets"] += 1
        if len(self.alive) > TOGETHER:
            self.promises.forget(self.alive.pop(0))
        self.promises.remember(ticket.pk)
        self.check(ticket.pk, "reported")

    def turn(self) -> None:
        """Let something change in the city; every open ticket has somebody afterwards."""
        what = self.town.change()
        self.report.note("the city", what)
        self.read_the_day()
        for ticket in self.tickets():
            self.check_responsible(ticket, what)

    def take_a_step(self) -> None:
        """Try one step by lot and compare what happened with the glossary."""
        self.moment += 1
        if self.town.move_on():
            self.read_the_day()
        ticket = self.find(self.lot.choice(self.alive))
        attempt = argued(self.town, self.day, ticket, self.lot, self.tickets)
        answer = expected(self.day, attempt, self.town.at)
        before = self.state_of(attempt)
        offered = self.is_offered(attempt)
        outcome = self.outcome_of(attempt)
        self.report.note(attempt.step, outcome)
        where = f"{self.moment}, {ticket.number} ({ticket.status}, {ticket.level}), {attempt}"
        if outcome != answer:
            self.report.violated(where, [f"{outcome} instead of {answer}"])
        knows_the_target = attempt.into is None or attempt.into.is_open  # what is offered knows of no target yet
        if answer not in ("404", "422") and knows_the_target and offered != (answer == "ok"):
            self.report.violated(where, [f"{'offered' if offered else 'not offered'} although it is {answer}"])
        if outcome != "ok":
            if self.state_of(attempt) != before:
                self.report.violated(where, ["refused, and something has changed"])
            return
        for pk in attempt.pks:
            self.check(pk, where)
        self.report.violated(where, self.promises.jumped(attempt))

    def is_offered(self, attempt: Try) -> bool:
        """Whether the page of the ticket offers it to whoever tries."""
        viewer = self.viewer(attempt.by)
        if attempt.step == RATE:
            return is_asked_to_rate(viewer, attempt.ticket)
        return attempt.step in {step.value for step in steps_for(viewer, attempt.ticket)}

    def outcome_of(self, attempt: Try) -> str:
        """Take the step, and return "ok" or the status it answers with."""
        try:
            with transaction.atomic():
                attempt.command(by=attempt.by, at=self.town.at, **attempt.facts)
        except tuple(ANSWERS) as error:
            return next(code for kind, code in ANSWERS.items() if isinstance(error, kind))
        except attempt.mended as error:
            return f"422{'' if attempt.has_gap else f' {error}'}"
        return "ok"

    def check(self, pk: int, where: str) -> None:
        self.report.violated(where, broken(pk, self.town.at, self.roster))
        self.check_responsible(self.find(pk), where)

    def check_responsible(self, ticket: Ticket, where: str) -> None:
        """Whoever is named sees the ticket and has it in their list; a queue has somebody who reads it."""
        if not ticket.is_open:
            return
        responsible = responsible_for(ticket, self.roster)
        self.report.facts[f"responsible: {responsible.kind}"] += 1
        if not responsible.name:
            self.report.violated(where, ["nobody is responsible"])
        if responsible.kind == "person":
            if not Ticket.objects.visible_to(self.viewer(ticket.assignee)).filter(pk=ticket.pk).exists():
                self.report.violated(where, [f"{responsible.name} is responsible and does not see it"])
        elif responsible.manager is not None:
            manager = self.town.person_of(responsible.manager.id)
            if not Queue(self.viewer(manager)).scope.filter(pk=ticket.pk).exists():
                self.report.violated(where, [f"it is not in the queue of {responsible.name}"])

    def look(self) -> None:
        """Let somebody by lot look at the tickets in every way there is."""
        person = self.lot.choice(self.town.people)
        for ticket in self.lot.sample(self.tickets(), min(4, len(self.alive))):
            found = differences(ticket, person, self.day, self.town.at)
            self.report.facts["looks"] += 1
            self.report.violated(f"{self.moment}, {person} looks at {ticket.number} ({ticket.status})", found)

    def viewer(self, person):
        return viewer_of(person, self.town.at)

    def find(self, pk: int) -> Ticket:
        return Ticket.objects.select_related(*NAMED).get(pk=pk)

    def tickets(self) -> list[Ticket]:
        rows = Ticket.objects.filter(pk__in=self.alive).select_related(*NAMED)
        return list(rows.order_by("pk"))

    def state_of(self, attempt: Try) -> list[tuple]:
        """Return a mark of all that a step could change, to compare."""
        with connection.cursor() as cursor:
            cursor.execute(MARKS, {"tickets": attempt.pks})
            return cursor.fetchall()
