"""Which reports a list, a count or an export is about: the viewer's scope, narrowed by what the address asks."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from schools.models import School
from schools.viewer import Viewer
from tickets.lifecycle import Status
from tickets.models import Ticket

LONGEST_QUERY = 200


class TicketFilter(FilterSet):
    """What may narrow a list of reports; anything else in an address is not a filter."""

    OPEN = "open"

    q = CharFilter(method="searched")
    status = ChoiceFilter(choices=[(OPEN, OPEN), *Status.choices], method="in_state")

    class Meta:
        model = Ticket
        fields = ()

    def searched(self, rows, name, words):
        return rows.searched(words)

    def in_state(self, rows, name, status):
        return rows.open() if status == self.OPEN else rows.filter(status=status)


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
        if self.number and self.school is None:
            return Ticket.objects.visible_to(self.viewer).none()
        asked = {"q": self.words, "status": self.status}
        return TicketFilter(asked, queryset=Ticket.objects.listed_for(self.viewer, self.school)).qs
