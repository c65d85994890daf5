"""`manage.py import_figures FILE`: figures that others have printed, to be shown beside ours."""

from reports.annual.importing import import_figures
from schools.importing.command import ImportCommand


class Command(ImportCommand):
    help = (
        "Read figures of the annual report, or of another source, from a file. They are shown with source and date "
        "beside those counted here. Says what became of each row. Running twice changes nothing."
    )

    def take(self, file, report, *, dry_run, **options):
        import_figures(file, report, dry_run=dry_run)
