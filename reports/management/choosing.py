"""What the commands of the shell are told: a school, a school year."""

from argparse import ArgumentTypeError

from reports.periods import YEAR, Period
from schools.models import School


def school_numbered(number: str) -> School:
    school = School.objects.filter(number=number).first()
    if school is None:
        raise ArgumentTypeError(f"there is no school with the number {number}")
    return school


def year_named(name: str) -> Period:
    period = Period.named(name)
    if period is None or period.months != YEAR:
        raise ArgumentTypeError("a school year such as 2025-2026")
    return period
