"""`manage.py import_school_holidays [FILE]`: the school holidays of NRW out of a CSV file."""

import csv
import io
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from calendars.commands import note_changed_holidays
from calendars.models import SchoolHoliday

OURS = Path(__file__).resolve().parents[2] / "data" / "school_holidays_nrw.csv"
COLUMNS = {"name", "start", "end", "source"}


class Command(BaseCommand):
    help = (
        "Read school holidays from a CSV file with the columns name, start, end (the last day) and source. "
        "Without FILE the one that comes with the product is read. Running twice changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=OURS, metavar="FILE")

    def handle(self, *, file, **options):
        at = timezone.now()
        counts = dict.fromkeys(("new", "changed", "unchanged", "refused"), 0)
        seen = {}
        for line, row in read(file):
            result, reason = self.take(row, seen, line)
            counts[result] += 1
            if result != "unchanged" or options["verbosity"] > 1:
                self.stdout.write(f"line {line}: {row.get('name') or 'no name'}: {result}{reason}")
        if counts["new"] or counts["changed"]:
            note_changed_holidays(at=at)
        self.stdout.write(", ".join(f"{number} {result}" for result, number in counts.items()))

    def take(self, row, seen, line):
        """Store one row. Return what became of it and the reason for a refusal."""
        name = (row.get("name") or "").strip()
        if name in seen:
            return "refused", f", the name already stands in line {seen[name]}"
        seen[name] = line
        try:
            wanted = {
                "starts_on": date.fromisoformat((row.get("start") or "").strip()),
                "ends_on": date.fromisoformat((row.get("end") or "").strip()),
                "source": (row.get("source") or "").strip(),
            }
        except ValueError as error:
            return "refused", f", {error}; dates look like 2026-07-20"
        return self.store(name, wanted)

    @transaction.atomic
    def store(self, name, wanted):
        """Create or change the holidays of this name."""
        holiday = SchoolHoliday.objects.filter(name=name).first() or SchoolHoliday(name=name)
        if holiday.pk and all(getattr(holiday, field) == value for field, value in wanted.items()):
            return "unchanged", ""
        result = "changed" if holiday.pk else "new"
        for field, value in wanted.items():
            setattr(holiday, field, value)
        try:
            holiday.full_clean()
        except ValidationError as error:
            return "refused", ", " + " ".join(error.messages)
        holiday.save()
        return result, ""


def read(file):
    """Yield line number and row of each row; raise CommandError where the file as a whole is no good."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    if "\0" in text:
        raise CommandError(f"{file} is not a text file.")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = COLUMNS - set(reader.fieldnames or ())
    if missing:
        raise CommandError(f"{file} has no column {', '.join(sorted(missing))}.")
    for row in reader:
        yield reader.line_num, row
