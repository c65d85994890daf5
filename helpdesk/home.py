"""Where a person begins: the page of the first role they hold."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from schools.models import School
from schools.viewer import Role, Viewer

PAGES = {
    Role.CAMPUS_MANAGER: "queue",
    Role.HELPDESK: "queue",
    Role.SECOND_LEVEL: "triage",
    Role.COORDINATOR: "campuses",
    Role.HEAD: "overview",
    Role.CONTACT: "school",
    Role.TEACHER: "report",
    Role.CITY_READER: "city",
    Role.ADMINISTRATOR: "settings:index",
}


def start_page(role: Role, viewer: Viewer) -> str:
    """Return the address of the page a role begins with."""
    name = PAGES[role]
    if name != "school":
        return reverse(name)
    schools = viewer.contact_at
    first = School.objects.filter(pk__in=schools).alphabetical().first() if len(schools) == 1 else None
    return first.get_absolute_url() if first else reverse("schools")


@login_required
@require_safe
def start(request, role):
    """Lead to the start page of one role; 404 for a role that is not held."""
    if role not in request.viewer.roles:
        raise Http404
    return redirect(start_page(Role(role), request.viewer))


@login_required
@require_safe
def home(request):
    """Lead to the start page of the first role held; a person without roles finds their own reports."""
    roles = request.viewer.roles
    return redirect(start_page(roles[0], request.viewer) if roles else "tickets")
