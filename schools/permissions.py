"""Who may keep the facts of a school right, and who may read how to get in."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from .models import School
from .viewer import Viewer


def looks_after(viewer: Viewer, school: School) -> bool:
    """Return whether the viewer manages the campus of `school` or covers it, on duty today or not."""
    return school.pk in viewer.covered_schools or school.campus_id in viewer.campuses


def keeps(viewer: Viewer, school: School) -> bool:
    """Return whether the viewer keeps rooms and contacts of `school` right: its IT contact and the first level."""
    return viewer.is_helpdesk or school.pk in viewer.contact_at or viewer.has_on_duty(school)


def require_keeper(viewer: Viewer, school: School) -> None:
    if not keeps(viewer, school):
        raise PermissionDenied(_("Rooms and contacts are kept by the IT contact of the school."))


def sees_access(viewer: Viewer, school: School) -> bool:
    """Return whether the viewer reads the technical profile: where keys lie is for those who come to help."""
    return bool(
        looks_after(viewer, school)
        or school.pk in viewer.contact_at
        or viewer.teams
        or viewer.is_helpdesk
        or viewer.is_coordinator
        or viewer.is_administrator
    )


def reads_figures(viewer: Viewer, school: School) -> bool:
    """Return whether the viewer reads the figures of `school`: its head, the city, and the coordination.

    Not those who work on reports: a campus has one manager, and figures shall not measure persons. Not the
    administration either, which reads no reports.
    """
    return school.pk in viewer.heads or reads_city_figures(viewer)


def reads_city_figures(viewer: Viewer) -> bool:
    """Return whether the viewer reads the figures of all schools together: the city, and the coordination."""
    return viewer.is_city_reader or viewer.is_coordinator


def require_city_figures(viewer: Viewer) -> None:
    if not reads_city_figures(viewer):
        raise PermissionDenied(_("The figures of the city are read by the city and the coordination."))
