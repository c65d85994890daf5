"""People who go on working whatever is being killed, and a ledger of what they were told was done."""

import random
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from itertools import count

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction
from django.utils import timezone
from psycopg2 import errors

from foundation.berlin import berlin_day, start_of_day
from tests.rehearsals.chaos.town import Town
from tests.rehearsals.together import REFUSALS
from tickets.commands import escalate, finish, work
from tickets.commands.rate import rate
from tickets.lifecycle import OPEN, Level, Status
from tickets.models import Rating, Ticket
from tickets.permissions import RatingNotPossible

NEWEST = 60  # tickets that are still worked on
REFUSED = (*REFUSALS, RatingNotPossible, PermissionDenied, ValidationError)
OF_OURS = (errors.DeadlockDetected, errors.IntegrityError)  # not the fault of a killed server
LONG_AGO = timedelta(days=9)  # a solution of then can no longer be contested
MOMENT = timedelta(seconds=5)  # between a report and what is done with it at once, before anything falls due


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "nobody knows"  # the connection broke, perhaps after the commit


@dataclass
class Entry:
    """What somebody did: an event of a ticket, or a report, found by its unique words."""

    verb: str
    by: int
    at: datetime
    words: str
    number: str = ""
    outcome: Outcome = Outcome.UNKNOWN


class Load:
    """Several people at once; each act is noted before it is tried, and how it went afterwards."""

    def __init__(self, town: Town, seed: int, *, people: int = 3, pause: float = 2.0):
        self.town = town
        self.seed, self.people, self.pause = seed, people, pause
        self.entries: list[Entry] = []
        self.failures: list[str] = []
        self.outcomes: dict[str, Counter] = {}
        self._noted_at: dict[str, datetime] = {}
        self._tickets: list[int] = []
        self._number = count(1)
        self._stop = threading.Event()
        self._note = threading.Lock()

    @contextmanager
    def going_on(self):
        """Let them work until the block is left."""
        threads = [threading.Thread(target=self._work, args=(n,)) for n in range(self.people)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(120)
            self.failures += [f"{thread.name} hangs" for thread in threads if thread.is_alive()]

    def begin(self, tickets: int, *, over: timedelta, now: datetime) -> None:
        """Have reports of the last minutes, evenly spread, so that something falls due all the time from now on."""
        lot = random.Random(self.seed)
        for n in range(tickets):
            at = now - over * (tickets - n) / tickets
            ticket = self._report(lot, at)
            if n % 5 == 0:
                manager = self.town.manager_of(ticket)
                asked = {"ticket": ticket, "by": manager, "at": at + timedelta(seconds=1)}
                self._try("asked", manager, asked["at"], ticket.number, work.ask, text=self._words(), **asked)

    def noted_at(self, ticket: Ticket) -> datetime:
        """Return when the ticket was entered, whatever it says itself."""
        return self._noted_at[ticket.description]

    def _work(self, n: int) -> None:
        lot = random.Random(f"{self.seed}.{n}")
        acts = (self._report, self._bring_in, self._go_on)
        while not self._stop.wait(self.pause * lot.uniform(0.5, 1.5)):
            try:
                lot.choices(acts, weights=(4, 1, 6))[0](lot, timezone.now())
            except Exception as trouble:
                self._broken(trouble)
        connection.close()

    def _report(self, lot, at: datetime) -> Ticket | None:
        place = lot.choice(self.town.places)
        facts = {"school": place.school, "category": lot.choice(self.town.categories)}
        facts |= {
            "impact": lot.choice([None, None, "school"]),
            "urgency": lot.choice(["can_wait", "hampered", "blocked"]),
        }
        teacher, words = lot.choice(place.teachers), self._words()
        ticket = self._try("reported", teacher, at, "", self.town.report, by=teacher, at=at, words=words, **facts)
        if ticket is not None:
            self._tickets.append(ticket.pk)
        return ticket

    def _bring_in(self, lot, now: datetime) -> None:
        """Enter what has been waiting for so long that something happens by itself as soon as it is there.

        It was solved too long ago to be contested, or it waits for somebody outside since before midnight.
        """
        place, words = lot.choice(self.town.places), self._words()
        teacher, manager = place.teachers[0], place.manager
        if lot.random() < 0.5:
            at, verb, command = now - LONG_AGO, "resolved", finish.resolve
            further = {"solution": "Getauscht", "cause": "hardware"}
        else:
            at, verb, command = start_of_day(berlin_day(now)) - 2 * MOMENT, "waiting", work.wait
            further = {"party": "Netzbetreiber", "until": berlin_day(at)}
        facts = {"school": place.school, "category": lot.choice(self.town.categories)}

        def enter(**facts):
            with transaction.atomic():
                ticket = self.town.report(**facts)
                command(ticket=ticket, by=manager, at=at + MOMENT, **further)
            return ticket

        ticket = self._try("reported", teacher, at, "", enter, by=teacher, at=at, words=words, **facts)
        second = Entry(verb, manager.pk, at + MOMENT, words)
        if ticket is not None:
            second.number, second.outcome = ticket.number, Outcome.DONE
        self.entries.append(second)

    def _go_on(self, lot, at: datetime) -> None:
        if not self._tickets:
            return
        rows = Ticket.objects.select_related("school", "assignee", "reporter")
        ticket = rows.get(pk=lot.choice(self._tickets[-NEWEST:]))
        verb, by, command, facts = lot.choice(self._possible(ticket, at))
        if "text" in facts or "solution" in facts:
            facts = {name: self._words() if name in ("text", "solution") else fact for name, fact in facts.items()}
        self._try(verb, by, at, ticket.number, command, ticket=ticket, by=by, at=at, **facts)

    def _possible(self, ticket: Ticket, at: datetime) -> list[tuple]:
        """Return what may happen next, with who does it."""
        manager, reporter = self.town.manager_of(ticket), ticket.reporter
        second = ticket.level == Level.SECOND
        works = self.town.specialist_of(ticket) if second else manager
        said = [("commented", person, work.comment, {"text": ""}) for person in (manager, reporter)]
        on_it = [
            ("asked", works, work.ask, {"text": ""}),
            ("waiting", works, work.wait, {"party": "Netzbetreiber", "until": berlin_day(at)}),
            ("resolved", works, finish.resolve, {"solution": "", "cause": "hardware"}),
        ]
        solved = [
            ("reopened", reporter, finish.reopen, {}),
            ("confirmed", reporter, finish.confirm, {}),
            ("rated", reporter, partial(rate, words=self._words()), {"value": Rating.Value.GOOD}),
        ]
        answered = ("answered", reporter, work.answer, {"text": ""})
        by_status = {
            Status.NEW: [("accepted", manager, work.accept, {}), *on_it],
            Status.REOPENED: [("accepted", manager, work.accept, {}), *on_it],
            Status.IN_PROGRESS: on_it,
            Status.ESCALATED: [("escalation_accepted", works, escalate.accept_escalation, {})],
            Status.WAITING_REPORTER: [answered],
            Status.WAITING_EXTERNAL: [("resumed", works, work.resume, {})],
            Status.RESOLVED: solved,
            Status.CLOSED: [answered] if ticket.closed_while_waiting else [],
        }
        return [*said, *by_status[ticket.status]] if ticket.status in OPEN or by_status[ticket.status] else said

    def _try(self, verb, by, at, number, command, /, *, words: str = "", **facts):
        """Note that it is tried, try it, note how it went; return what the command returned if it was done."""
        entry = Entry(verb, by.pk, at, words or facts.get("text", ""), number)
        self.entries.append(entry)
        if words:
            facts["description"] = words
            self._noted_at[words] = timezone.now()
        try:
            done = command(**facts)
        except REFUSED as refusal:
            entry.outcome, done = Outcome.REFUSED, None
            self._count(verb, f"refused: {type(refusal).__name__}")
            return None
        except Error as trouble:
            if isinstance(trouble.__cause__, OF_OURS):
                self.failures.append(f"{verb} {number}: {type(trouble.__cause__).__name__}: {trouble}")
            self._count(verb, entry.outcome)
            connection.close()
            return None
        entry.number = number or done.number
        entry.outcome = Outcome.DONE
        self._count(verb, entry.outcome)
        return done

    def _broken(self, trouble: Exception) -> None:
        if not isinstance(trouble, Error):
            self.failures.append(f"somebody met {type(trouble).__name__}: {trouble}")
        connection.close()

    def _count(self, verb: str, outcome: str) -> None:
        with self._note:
            self.outcomes.setdefault(verb, Counter())[outcome] += 1

    def _words(self) -> str:
        with self._note:
            return f"Störung {self.seed}-{next(self._number)}"
