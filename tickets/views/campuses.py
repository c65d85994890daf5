"""What the coordination sees of the whole city: campuses, the map of schools, and who is responsible."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schools.steering.access import require_steerer
from schools.steering.overview import Overview
from tickets.oversight import Oversight, open_by_school
from tickets.school_map import SchoolMap


@login_required
@require_safe
def campuses(request):
    """Show the campuses, who is on duty, and what is uncovered; 403 for who does not steer."""
    require_steerer(request.viewer)
    counted = request.viewer.is_coordinator
    overview = Overview(request.viewer, open_reports=open_by_school(request.viewer) if counted else {})
    context = {"overview": overview, "counted": counted, "area": "overview"}
    return render(request, "campuses/campuses.html", context)


@login_required
@require_safe
def school_map(request):
    """Draw the schools where they lie, and list them by district."""
    require_steerer(request.viewer)
    shown = SchoolMap(
        request.viewer,
        campus=request.GET.get("campus", ""),
        district=request.GET.get("district", ""),
    )
    return render(request, "campuses/map.html", {"map": shown, "area": "map"})


@login_required
@require_safe
def responsibility(request):
    """Prove that every open report lies with somebody; for the coordination only, which may see that much of each."""
    if not request.viewer.is_coordinator:
        raise PermissionDenied
    names = ("campus", "school", "kind", "after")
    shown = Oversight(request.viewer, **{name: request.GET.get(name, "")[:600].replace("\x00", "") for name in names})
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "shown": shown,
        "query": query.urlencode(),
        "is_first_page": "after" not in request.GET,
        "area": "responsibility",
    }
    return render(request, "campuses/responsibility.html", context)
