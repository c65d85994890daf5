"""The figures of a school, for its head, the city and the coordination."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from reports.commands import export_statistics
from reports.remarks import Remarks
from reports.statistics import PeriodUnknown, Statistics
from schools.models import School
from schools.permissions import reads_figures


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
    found = _statistics(request, number, request.POST.get("period", ""))
    lines = export_statistics(statistics=found, by=request.user, at=request.at)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"auswertung-{found.school.number}-{found.period.name}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_safe
def remarks(request):
    """Show the coordination what people say about the help; 403 for everybody else."""
    return render(request, "reports/remarks.html", {"remarks": Remarks(request.viewer)})


def _statistics(request, number, name) -> Statistics:
    school = School.objects.visible_to(request.viewer).select_related("calendar").filter(number=number).first()
    if school is None or not reads_figures(request.viewer, school):
        raise Http404
    try:
        return Statistics(request.viewer, school, name)
    except PeriodUnknown:
        raise Http404 from None
