"""`manage.py seed_city`: fills the demo city, or a database of any size for measuring."""

import argparse

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.seed.city import DEVICES, TICKETS, Wishes, seed_city

MOST_YEARS = 10


class Command(BaseCommand):
    help = (
        "Fill the demo city: the real schools, invented people, some weeks of life. What is there already stays; "
        "only what is missing is added. Needs DEMO=1, because everybody gets the password demo."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--tickets", type=_count, default=TICKETS, help=f"so many reports shall there be ({TICKETS})"
        )
        parser.add_argument(
            "--devices", type=_count, default=DEVICES, help=f"so many devices shall there be ({DEVICES})"
        )
        parser.add_argument(
            "--years", type=_years, default=3, help="over so many years a large number of reports is spread (3)"
        )
        parser.add_argument("--seed", type=int, default=1, help="another number draws another city (1)")

    def handle(self, *, tickets, devices, years, seed, **options):
        if not settings.DEMO:
            raise CommandError(
                _("The demo city is only for the demo: it gives everybody a known password. Set DEMO=1.")
            )
        wishes = Wishes(tickets=tickets, devices=devices, years=years, seed=seed)
        seed_city(wishes, now=timezone.now().replace(microsecond=0), tell=self.stdout.write)


def _count(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 20_000_000:
        raise argparse.ArgumentTypeError("a number from 0 to 20,000,000")
    return value


def _years(text: str) -> int:
    value = int(text)
    if not 1 <= value <= MOST_YEARS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_YEARS}")
    return value
