"""`manage.py verify_figures`: proves the figures against the reports."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from reports.management.choosing import school_numbered
from reports.models import Scope
from reports.verifying import snapshot, verify
from schools.models import School

MOST_SHOWN = 100


class Command(BaseCommand):
    help = (
        "Compares every figure that is kept with one counted out of the reports in another way, at one instant. Safe "
        "while people work; what has changed within the last moments is named and not judged. Exit code 1 if any "
        "differs."
    )

    def add_arguments(self, parser):
        parser.add_argument("--school", type=school_numbered, metavar="NUMBER", help="only those of this school")

    def handle(self, *, school, **options):
        with snapshot():
            verdict = verify(school)
            numbers = {str(key): number for key, number in School.objects.values_list("pk", "number")}

        def name(place):
            scope, key, period = place
            whose = numbers.get(key, f"which is gone ({key})") if scope == Scope.SCHOOL else key
            return " ".join(filter(None, (scope, whose, period.name)))

        if verdict.pending:
            self.stdout.write(f"{len(verdict.pending):,} rows are not judged: changes wait to be counted.")
            self._list(map(name, verdict.pending))
        self._list(
            f"{name(place)}, {what}: {_told(found)} is kept, {_told(ought)} is counted"
            for place, what, ought, found in verdict.different
        )
        if verdict.different:
            raise CommandError(
                f"{len(verdict.different):,} figures differ, of {verdict.compared:,} rows compared. "
                "`manage.py rebuild_figures` counts them anew; how they came about is worth knowing."
            )
        self.stdout.write(f"All figures are right: {verdict.compared:,} rows compared.")

    def _list(self, lines) -> None:
        lines = list(lines)
        for line in lines[:MOST_SHOWN]:
            self.stdout.write(f"  {line}")
        if len(lines) > MOST_SHOWN:
            self.stdout.write(f"  … and {len(lines) - MOST_SHOWN:,} more")


def _told(value) -> str:
    if isinstance(value, tuple):
        return "/".join(map(_told, value))
    return "nothing" if value is None else str(value) if isinstance(value, timedelta | int) else repr(value)
