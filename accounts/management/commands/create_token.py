"""A key for the API from the command line."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import commands
from accounts.models import User
from foundation.berlin import berlin_day, end_of_day


class Command(BaseCommand):
    help = "Prints a personal API key of a person. It is shown this once."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", default="command line", help="what the key is for")
        parser.add_argument("--days", type=int, default=365, help="how long it is valid")

    def handle(self, *, email, name, days, **options):
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody has the address {email}.")
        if not 1 <= days <= 3650:
            raise CommandError("--days is a number from 1 to 3650.")
        at = timezone.now()
        try:
            _key, secret = commands.create_token(
                person=person,
                name=name,
                by=None,
                at=at,
                expires_at=end_of_day(berlin_day(at) + timedelta(days=days)),
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        self.stdout.write(secret)
