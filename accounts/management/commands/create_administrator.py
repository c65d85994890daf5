"""The first person of a city: nobody is there yet who could invite them."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import commands
from accounts.links import link_for
from accounts.models import AccessMail, User
from accounts.models.roles import Role
from accounts.permissions import is_administrator
from foundation.berlin import berlin_day


class Command(BaseCommand):
    help = "Gives a person the administrator role, adds them if need be, and prints a link to choose a password."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--language", default="de", choices=["de", "en"])
        parser.add_argument("--mail", action="store_true", help="send the link by mail as well")

    def handle(self, *, email, first_name, last_name, language, mail, **options):
        at = timezone.now()
        try:
            with transaction.atomic():
                person = self._person(email, first_name, last_name, language, at)
                if not is_administrator(person, at=at):
                    commands.grant_role(
                        person=person, role=Role.ADMINISTRATOR, starts_on=berlin_day(at), by=None, at=at
                    )
                if mail:
                    commands.invite(person=person, by=None, at=at)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        self.stdout.write(f"{person.name} <{person.email}> administers Campusruf.")
        self.stdout.write("Choose a password here, within 7 days:")
        self.stdout.write(link_for(person, AccessMail.Kind.INVITATION, at=at))

    def _person(self, email, first_name, last_name, language, at) -> User:
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is not None:
            if not person.is_active:
                raise CommandError("This account is closed. Open it again in the settings first.")
            return person
        if not first_name or not last_name:
            raise CommandError("Nobody has this address yet: give --first-name and --last-name.")
        return commands.create_person(
            email=email, first_name=first_name, last_name=last_name, language=language, by=None, at=at
        )
