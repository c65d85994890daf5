"""Reports that were solved, written as the rows figures are made of: no history, and as many as are needed."""

from datetime import timedelta

from tickets.models import Deadline, Ticket


def solved_row(school, city, at):
    """Write a report that was made and solved at this instant."""
    return Ticket.objects.create(
        series="DO-2026",
        school=school,
        category=city.display,
        title="Der Beamer bleibt dunkel",
        reporter=city.teacher,
        created_by=city.teacher,
        impact="class",
        urgency="hampered",
        priority="normal",
        status="closed",
        created_at=at,
        changed_at=at,
        resolved_at=at,
    )


def bulk(school, city, at, used, number=5, late=0):
    """Write reports that were solved after so much service time each; the first `late` of them too late."""
    for place in range(number):
        ticket = solved_row(school, city, at)
        facts = {"target": timedelta(hours=1), "started_at": at, "due_at": at, "met_at": at, "used": used}
        Deadline.objects.create(ticket=ticket, kind="first_response", **facts)
        Deadline.objects.create(ticket=ticket, kind="resolution", missed_at=at if place < late else None, **facts)
