"""One round of the sweep from the command line, as beat starts it."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from tickets.commands.sweep import MOST_AT_ONCE, sweep


class Command(BaseCommand):
    help = "Takes the steps of all clocks that are due: reminders, hand-overs, closing. Safe to run at any time."

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=MOST_AT_ONCE, help="at most so many clocks")

    def handle(self, *, limit, **options):
        swept = sweep(at=timezone.now(), limit=limit)
        self.stdout.write(
            f"{swept.taken} clocks taken, {swept.left} left, {swept.failed} failed, {swept.parked} of them parked"
        )
