"""A short form of `walks`: tickets by lot through steps; somebody is always responsible, and all figures are right."""

import random

from reports.keeping import keep_figures
from reports.verifying import verify
from tests.city import MONDAY
from tests.rehearsals.town import Town
from tests.rehearsals.trying import STEPS
from tests.rehearsals.walking import walk


def test_tickets_that_walk_by_lot_lose_nobody_who_is_responsible(db):
    report = walk(Town(random.Random(7)), tickets=75)
    assert not report.violations, report.told()
    assert set(STEPS) <= set(report.acts)
    keep_figures(at=MONDAY)
    verdict = verify()
    assert verdict.compared > 30 and not verdict.different and not verdict.pending
