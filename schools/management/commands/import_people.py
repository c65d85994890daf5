"""`manage.py import_people FILE`: people with their roles out of a CSV file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from schools.importing.files import FileRefused
from schools.importing.people import import_people
from schools.importing.report import Report


class Command(BaseCommand):
    help = (
        "Read people and their roles from a CSV file with the columns email, first_name, last_name, phone, role, "
        "scope, from, until; one role a row. Says what became of each row. Running twice changes nothing; people "
        "and roles that are not in the file stay as they are. See docs/imports.md."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and store nothing")
        parser.add_argument(
            "--invite", action="store_true", help="send everybody who is new a link to choose a password"
        )

    def handle(self, *, file, dry_run, invite, **options):
        report = Report(self.stdout.write, quiet=options["verbosity"] == 0)
        try:
            import_people(file, report, at=timezone.now(), dry_run=dry_run, send_invitations=invite)
        except FileRefused as refusal:
            raise CommandError(_("%(reason)s Nothing was stored.") % {"reason": refusal}) from refusal
