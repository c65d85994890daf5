"""What the coordination sees of the whole city: campuses, the map of schools, and who is responsible."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.views.exports import table_answer
from schools.steering.access import require_steerer
from schools.steering.overview import Overview
from schools.steering.tables import table_of_campuses
from tickets.oversight import Oversight, open_by_school
from tickets.school_map import SchoolMap
from tickets.tables import table_of_districts, table_of_oversight


@login_required
@require_safe
def campuses(request):
    """Show the campuses, who is on duty, and what is uncovered; 403 for who does not steer."""
    context = {"overview": _overview(request), "counted": request.viewer.is_coordinator, "area": "overview"}
    return render(request, "campuses/campuses.html", context)


@login_required
@require_POST
def export(request):
    """Hand out the campuses as CSV."""
    return table_answer(request, table_of_campuses(_overview(request), counted=request.viewer.is_coordinator))


@login_required
@require_safe
def school_map(request):
    """Draw the schools where they lie, and list them by district."""
    return render(request, "campuses/map.html", {"map": _map(request, request.GET), "area": "map"})


@login_required
@require_POST
def map_export(request):
    """Hand out the schools of the map by district as CSV."""
    return table_answer(request, table_of_districts(_map(request, request.POST)))


@login_required
@require_safe
def responsibility(request):
    """Prove that every open report lies with somebody; for the coordination only, which may see that much of each."""
    shown = _oversight(request, request.GET)
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "shown": shown,
        "query": query.urlencode(),
        "is_first_page": "after" not in request.GET,
        "area": "responsibility",
    }
    return render(request, "campuses/responsibility.html", context)


@login_required
@require_POST
def responsibility_export(request):
    """Hand out all open reports one oversees as CSV: with where they lie, and without a word of theirs."""
    return table_answer(request, table_of_oversight(_oversight(request, request.POST)))


def _overview(request) -> Overview:
    require_steerer(request.viewer)
    counts = open_by_school(request.viewer) if request.viewer.is_coordinator else {}
    return Overview(request.viewer, open_reports=counts)


def _map(request, parameters) -> SchoolMap:
    require_steerer(request.viewer)
    return SchoolMap(request.viewer, campus=parameters.get("campus", ""), district=parameters.get("district", ""))


def _oversight(request, parameters) -> Oversight:
    if not request.viewer.is_coordinator:
        raise PermissionDenied
    names = ("campus", "school", "kind", "after")
    return Oversight(request.viewer, **{name: parameters.get(name, "")[:600].replace("\x00", "") for name in names})
