"""Who sees the pages of campuses: coordination and administration."""

from django.core.exceptions import PermissionDenied

from schools.viewer import Viewer


def steers(viewer: Viewer) -> bool:
    return viewer.is_coordinator or viewer.is_administrator


def require_steerer(viewer: Viewer) -> None:
    """Raise PermissionDenied: the campuses are no secret, deciding about them is not everybody's."""
    if not steers(viewer):
        raise PermissionDenied
