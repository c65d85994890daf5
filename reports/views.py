"""The figures of a school, for its head, the city and the coordination; and the page a head begins with."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.views.exports import table_answer
from foundation.typesetting import TypesettingFailed
from reports.commands import print_statistics
from reports.listing import listing_of_school
from reports.overview import Overview, SchoolUnknown
from reports.period_page import PeriodUnknown
from reports.remarks import Remarks
from reports.statistics import Statistics
from schools.models import School
from schools.permissions import reads_figures

log = logging.getLogger(__name__)


@login_required
@require_safe
def overview(request):
    """Show a school head how the school is served and what is open; 403 for who heads none."""
    if not request.viewer.heads:
        raise PermissionDenied(_("This page is for school heads."))
    try:
        found = Overview(request.viewer, request.GET.get("school", ""))
    except SchoolUnknown:
        raise Http404 from None
    return render(request, "reports/overview.html", {"overview": found, "school": found.school})


@login_required
@require_safe
def statistics(request, number):
    """Show how a school was helped in a period; 404 for those who do not read its figures."""
    found = _statistics(request, number, request.GET.get("period", ""))
    return render(request, "reports/statistics.html", {"statistics": found, "school": found.school})


@login_required
@require_POST
def export(request, number):
    """Hand out the same figures as CSV; that it was done is recorded."""
    return table_answer(request, listing_of_school(_statistics(request, number, request.POST.get("period", ""))))


@login_required
@require_safe
def remarks(request):
    """Show the coordination what people say about the help; 403 for everybody else."""
    return render(request, "reports/remarks.html", {"remarks": Remarks(request.viewer)})


@login_required
@require_POST
def paper(request, number):
    """Hand out the same figures as one page of PDF; that it was done is recorded."""
    found = _statistics(request, number, request.POST.get("period", ""))
    try:
        printed = print_statistics(statistics=found, by=request.user, at=request.at)
    except TypesettingFailed as failure:
        log.error("the figures of a school were not printed: %s", failure)
        messages.warning(request, _("The PDF could not be made just now. The table (CSV) has the same figures."))
        return redirect(f"{reverse('statistics', args=[found.school.number])}?period={found.period.name}")
    answer = HttpResponse(printed, content_type="application/pdf")
    name = f"auswertung-{found.school.number}-{found.period.name}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _statistics(request, number, name) -> Statistics:
    school = School.objects.visible_to(request.viewer).select_related("calendar").filter(number=number).first()
    if school is None or not reads_figures(request.viewer, school):
        raise Http404
    try:
        return Statistics(request.viewer, school, name)
    except PeriodUnknown:
        raise Http404 from None
