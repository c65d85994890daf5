"""The page of a school. It lies on this floor because it lists the school's reports."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schools.portrait import Portrait
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
        "more": len(rows) > ROWS,
        "may_report": reportable_schools(request.viewer).filter(pk=portrait.school.pk).exists(),
    }
    return render(request, "schools/school.html", context)
