"""One campus: who looks after it today, before and later, and its schools."""

from dataclasses import dataclass
from functools import cached_property

from campuses.models import Campus, CampusAssignment
from schools.viewer import Viewer

from .overview import Overview


@dataclass(frozen=True)
class TermLine:
    """One period of one manager, as the history of the campus lists it."""

    term: CampusAssignment
    is_now: bool
    is_later: bool


class CampusPage:
    """A campus by its short name; raises Campus.DoesNotExist. Four statements."""

    def __init__(self, viewer: Viewer, slug: str):
        self.viewer = viewer
        self.overview = Overview(viewer)
        self.line = next((line for line in self.overview.campuses if line.campus.slug == slug), None)
        if self.line is None:
            raise Campus.DoesNotExist

    @property
    def campus(self) -> Campus:
        return self.line.campus

    @cached_property
    def terms(self) -> list[TermLine]:
        """Everybody who ever looked after the campus, the latest first."""
        day = self.viewer.day
        rows = self.campus.assignments.select_related("person").order_by("-starts_on")
        return [TermLine(row, row.holds_on(day), row.starts_on > day) for row in rows]

    @property
    def has_nobody_later(self) -> bool:
        """Whether the assignment of today ends and nobody follows."""
        last = self.terms[0].term if self.terms else None
        return last is not None and last.ends_on is not None and last.ends_on >= self.viewer.day
