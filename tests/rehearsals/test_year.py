"""A short form of `year`: nobody is reminded outside their hours in a year of school life."""

import random

from tests.rehearsals.school_year import live
from tests.rehearsals.town import Town


def test_a_year_of_school_life_reminds_nobody_outside_their_hours_and_nobody_twice(db):
    report = live(Town(random.Random(6)), tickets=25)
    assert not report.violations, report.told()
    assert report.facts["reminders told"] > 50
    assert {"reminded", "told", "escalated", "closed"} <= set(report.acts["by itself"])
