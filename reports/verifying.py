"""Compares every figure that is kept with one counted out of the reports in another way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction

from reports.keeping import years_with_figures
from reports.models import Scope, StaleMonth
from reports.periods import Period
from reports.truth import Place, counted, differences, kept
from schools.models import School


@dataclass
class Verdict:
    """What was compared: how many rows, what differs, and which could not be judged because changes wait."""

    compared: int = 0
    different: list[tuple[Place, str, object, object]] = field(default_factory=list)
    pending: list[Place] = field(default_factory=list)


@contextmanager
def snapshot() -> Iterator[None]:
    """Let everything that is read inside be of the same instant, whatever is written meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def verify(school: School | None = None) -> Verdict:
    """Compare all figures, or those of one school; run it in a snapshot while people work."""
    verdict = Verdict()
    for year in years_with_figures():
        ought, found = counted(year, school), kept(year, school)
        waiting = _Waiting(year)
        places = {place: waiting.concerns(place) for place in ought.keys() | found.keys()}
        verdict.pending += sorted(place for place, waits in places.items() if waits)
        verdict.compared += sum(not waits for waits in places.values())
        verdict.different += [row for row in differences(ought, found) if not places[row[0]]]
    return verdict


class _Waiting:
    """The changes of a school year that are not counted yet."""

    def __init__(self, year: Period):
        self.schools = set(map(str, StaleMonth.objects.within(year).values_list("school", flat=True)))

    def concerns(self, place: Place) -> bool:
        scope, key, _period = place
        if scope != Scope.SCHOOL:
            return bool(self.schools)
        # An answer of one month may complete five that lie in others.
        return key in self.schools
