"""`manage.py rebuild_figures`: counts the figures from nothing."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.keeping import rebuild_school, rebuild_year, years_with_figures
from reports.management.choosing import school_numbered, year_named


class Command(BaseCommand):
    help = "Counts all figures anew out of the reports. Safe to run at any time, while people work too."

    def add_arguments(self, parser):
        parser.add_argument("--school", type=school_numbered, metavar="NUMBER", help="only those of this school")
        parser.add_argument("--year", type=year_named, metavar="YEAR", help="only a school year, such as 2025-2026")

    def handle(self, *, school, year, **options):
        years = years_with_figures() if year is None else [year]
        for each in years:
            if school is None:
                rebuild_year(year=each, at=timezone.now())
            else:
                rebuild_school(school=school, year=each, at=timezone.now())
        self.stdout.write(f"Counted anew: {', '.join(each.name for each in years) or 'nothing, there are no reports'}")
