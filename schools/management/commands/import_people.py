"""`manage.py import_people FILE`: people with their roles out of a CSV file."""

from django.utils import timezone

from schools.importing.command import ImportCommand
from schools.importing.people import import_people


class Command(ImportCommand):
    help = (
        "Read people and their roles from a CSV file with the columns email, first_name, last_name, phone, role, "
        "scope, from, until; one role a row. Says what became of each row. Running twice changes nothing; people "
        "and roles that are not in the file stay as they are. See docs/imports.md."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--invite", action="store_true", help="send everybody who is new a link to choose a password"
        )

    def take(self, file, report, *, dry_run, invite, **options):
        import_people(file, report, at=timezone.now(), dry_run=dry_run, send_invitations=invite)
