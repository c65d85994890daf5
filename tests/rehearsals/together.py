"""Several people at the same moment: threads with a connection each, and what rounds of them have in common."""

import json
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.test import Client

from schools.models import SchoolMembership
from teams.models import Team, TeamMembership
from tests.city import SINCE, City, berlin
from tickets.commands.base import StaleTicket
from tickets.lifecycle import StepNotAllowed
from tickets.models import Ticket
from tickets.permissions import StepForbidden

TEN = berlin(2026, 3, 2, 10)
REFUSALS = (StepNotAllowed, StepForbidden, StaleTicket, Ticket.DoesNotExist)
MOST_AT_ONCE = 3
PATIENCE = 20  # seconds


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
