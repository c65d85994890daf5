"""The page of a school. It lies on this floor because it lists the school's reports."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schools.models import School
from schools.permissions import looks_after, reads_figures
from schools.portrait import Portrait
from schools.viewer import Viewer
from tickets.models import Ticket
from tickets.report_page import reportable_schools

ROWS = 10


@login_required
@require_safe
def school(request, number):
    """Show a school to those who see it, with the open reports they may see."""
    portrait = Portrait(request.viewer, number)
    tickets = Ticket.objects.visible_to(request.viewer).open().filter(school=portrait.school)
    rows = list(tickets.with_names().order_by("due_at", "pk")[: ROWS + 1])
    context = {
        "portrait": portrait,
        "school": portrait.school,
        "tickets": rows[:ROWS],
        "reads": reads_reports(request.viewer, portrait.school),
        "reads_figures": reads_figures(request.viewer, portrait.school),
        "more": len(rows) > ROWS,
        "may_report": reportable_schools(request.viewer).filter(pk=portrait.school.pk).exists(),
    }
    return render(request, "schools/school.html", context)


def reads_reports(viewer: Viewer, school: School) -> str:
    """Return which reports of `school` the list can hold: "all", "some", one's "own", or "" for none.

    Only the heading depends on it; the rows come from the scope. Nobody shall take an empty list for a calm school.
    """
    if viewer.is_helpdesk or looks_after(viewer, school) or school.pk in viewer.contact_at | viewer.heads:
        return "all"
    if viewer.teams or viewer.is_coordinator:
        return "some"
    return "own" if school.pk in viewer.teaches_at else ""
