"""A short form of `walks`: tickets through steps drawn by lot, and somebody is always responsible."""

import random

from tests.rehearsals.town import Town
from tests.rehearsals.trying import STEPS
from tests.rehearsals.walking import walk


def test_tickets_that_walk_by_lot_lose_nobody_who_is_responsible(db):
    report = walk(Town(random.Random(7)), tickets=75)
    assert not report.violations, report.told()
    assert set(STEPS) <= set(report.acts)
