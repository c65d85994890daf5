"""A school with more to tell than a page has room for: every kind, many rooms, the longest names."""

from datetime import timedelta

from reports.keeping import keep_figures
from schools.models import Room
from tests.city import berlin
from tickets.models import Category, Deadline, Ticket

ROOMS, EACH = 60, 5
LONGEST = (
    "Städtisches Gymnasium für Wirtschaft, Verwaltung und Donaudampfschifffahrt an der Emscher in Dortmund-Kirchlinde"
)
END = berlin(2026, 7, 20, 12)


def crowded(city):
    """Let so many reports come in at the Bert-Brecht-Gymnasium over two years that everything may be told."""
    city.brecht.name, city.brecht.form = LONGEST, "weiterbildungskolleg"
    city.brecht.save()
    names = [f"{number}. Werkstatt für Elektrotechnik und Informatik im Keller" for number in range(1, ROOMS + 1)]
    rooms = Room.objects.bulk_create(Room(school=city.brecht, name=name) for name in names)
    categories = list(Category.objects.in_use())
    for year in (2024, 2025):
        reports = [_report(city, year, number, rooms, categories) for number in range(ROOMS * EACH)]
        reports = Ticket.objects.bulk_create(reports)
        for kind, hours in (("first_response", 1), ("resolution", 1000)):
            Deadline.objects.bulk_create(_met(report, kind, hours) for report in reports if report.resolved_at)
    keep_figures(at=END)


def _report(city, year, number, rooms, categories):
    at = berlin(year, 8, 3, 9) + timedelta(hours=28 * number)
    state = ("closed", "closed", "closed", "in_progress", "closed")[number % 5]
    return Ticket(
        series="DO-2025",
        school=city.brecht,
        room=rooms[number % len(rooms)],
        category=categories[number % len(categories)],
        title="Störung",
        reporter=city.teacher,
        created_by=city.teacher,
        impact="class",
        urgency="hampered",
        priority="normal",
        status=state,
        created_at=at,
        changed_at=at,
        resolved_at=at + timedelta(days=2) if number % 5 < 3 else None,
    )


def _met(report, kind, hours):
    return Deadline(
        ticket=report,
        kind=kind,
        target=timedelta(hours=8),
        started_at=report.created_at,
        due_at=report.created_at + timedelta(days=3),
        met_at=report.resolved_at,
        used=timedelta(hours=hours, minutes=report.serial % 59 + 1),
    )
