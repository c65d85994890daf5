"""Rounds in which two people do something to the same tickets at the same moment, each on a real connection.

After every round nothing is lost: what was accepted stands in a history, a ticket has one owner, merged tickets lead
to one that is not, versions have no gap, the clocks are what the history says, and everybody else was told (409, 412,
404), never by a deadlock.
"""

import random
from unittest import mock

from tests.city import City
from tests.rehearsals import races_of_merging, races_of_owners, races_of_words
from tests.rehearsals.invariants import all_broken, owed_twice
from tests.rehearsals.report import Report
from tests.rehearsals.together import TEN, Stage, crew

ACTS = {**races_of_merging.ACTS, **races_of_owners.ACTS, **races_of_words.ACTS}


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
