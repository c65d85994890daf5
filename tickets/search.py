"""Which reports a list, a count or an export is about: the viewer's scope, narrowed by what the address asks."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from schools.models import School
from schools.viewer import Viewer
from tickets.lifecycle import Status
from tickets.models import Ticket

LONGEST_QUERY = 200


@dataclass(frozen=True)
class Search:
    """A search of one viewer. `words` are looked for, `status` is a state or "open", `number` a school's."""

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
    def tickets(self) -> QuerySet[Ticket]:
        """The reports found; none for a school the viewer does not see."""
        rows = Ticket.objects.visible_to(self.viewer)
        if self.words:
            rows = rows.searched(self.words)
        if self.status == "open":
            rows = rows.open()
        elif self.status in Status.values:
            rows = rows.filter(status=self.status)
        if self.number:
            rows = rows.filter(school=self.school) if self.school else rows.none()
        return rows
