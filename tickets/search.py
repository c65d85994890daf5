"""Which reports a list, a count or an export is about: the viewer's scope, narrowed by what the address asks."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from django.db.models import QuerySet

from schools.models import School
from schools.viewer import Viewer
from tickets.lifecycle import Status
from tickets.models import Ticket

LONGEST_QUERY = 200
OPEN = "open"


@dataclass(frozen=True)
class Search:
    """A search of one viewer. `words` are looked for, `status` is a state or "open", `number` a school's."""

    ORDER: ClassVar = ["-id"]  # newest first

    viewer: Viewer
    words: str = ""
    status: str = ""
    number: str = ""

    @classmethod
    def asked(cls, viewer: Viewer, parameters) -> "Search":
        """Return the search that the parameters of an address or a form ask for."""
        return cls(
            viewer,
            words=parameters.get("q", "")[:LONGEST_QUERY].replace("\x00", "").strip(),
            status=parameters.get("status", ""),
            number=parameters.get("school", "")[:6].replace("\x00", ""),
        )

    @cached_property
    def school(self) -> School | None:
        """The school it is narrowed to, when the viewer sees it."""
        return School.objects.visible_to(self.viewer).filter(number=self.number).first() if self.number else None

    @property
    def asked_for(self) -> dict[str, str]:
        """The parameters that lead back to this search."""
        asked = {"q": self.words, "status": self.status, "school": self.number}
        return {name: value for name, value in asked.items() if value}

    @property
    def tickets(self) -> QuerySet[Ticket]:
        """The reports found; none for a school the viewer does not see, and an unknown state narrows nothing."""
        rows = Ticket.objects.visible_to(self.viewer)
        if self.number:
            rows = rows.filter(school=self.school) if self.school else rows.none()
        if self.status == OPEN:
            rows = rows.open()
        elif self.status in Status.values:
            rows = rows.filter(status=self.status)
        return rows.searched(self.words) if self.words else rows
