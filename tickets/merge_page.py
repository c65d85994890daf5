"""With which report another one may be merged: the likely ones first, and both side by side before it happens."""

import re
from functools import cached_property

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When

from schools.viewer import Viewer
from tickets.known_faults import rooms_of, with_voices
from tickets.models import Ticket
from tickets.similar import MOST_WORDS, SHORTEST

MOST = 8


class MergePage:
    """The open reports of the same school, in the viewer's full sight, into which `ticket` may go.

    `words` looks among them by number or words; `into` is the number of the one that was chosen.
    """

    def __init__(self, ticket: Ticket, viewer: Viewer, *, words: str = "", into: str = ""):
        self.ticket = ticket
        self.viewer = viewer
        self.words = words
        self.into = into

    @property
    def scope(self) -> QuerySet[Ticket]:
        """What the ticket could be merged into: as confidential as it is, and then of the same person only."""
        others = Ticket.objects.visible_to(self.viewer).open().filter(school=self.ticket.school_id)
        others = others.exclude(pk=self.ticket.pk)
        if not self.ticket.confidential:
            return others.filter(confidential=False)
        return others.filter(confidential=True, reporter__isnull=False, reporter=self.ticket.reporter_id)

    @cached_property
    def candidates(self) -> list[Ticket]:
        """What was looked for, else the likely ones: of the same room and category, with the same words, then new."""
        rows = self.scope.searched(self.words) if self.words else self.scope
        rows = with_voices(rows.as_queue_rows(), self.viewer).annotate(likely=self._likely())
        return [_with_rooms(row) for row in rows.order_by("-likely", "-pk")[:MOST]]

    @cached_property
    def chosen(self) -> Ticket | None:
        """The report that was chosen, with all that is shown of it; None where it is none of these."""
        if not self.into:
            return None
        rows = with_voices(self.scope.numbered(self.into).with_names().with_due_times(), self.viewer)
        row = rows.first()
        return _with_rooms(row) if row else None

    @property
    def rooms(self) -> tuple[str, ...]:
        """Where the ticket itself is known to be; it was read with its voices."""
        return rooms_of(self.ticket)

    @property
    def waiting(self) -> int:
        """How many wait for the ticket: who reported it, and who is affected too."""
        return self.ticket.affected + 1

    @cached_property
    def due_at(self):
        """The earlier of the two promises, which the target goes on with; None while neither clock runs."""
        promises = [row.resolution_due_at for row in (self.ticket, self.chosen) if row.resolution_due_at]
        return min(promises, default=None)

    def _likely(self):
        ticket = self.ticket
        likely = _weight(Q(category=ticket.category_id), 2)
        if ticket.room_id:
            likely += _weight(Q(room=ticket.room_id), 2)
        words = re.findall(r"\w+", f"{ticket.title} {ticket.description}".lower())
        words = list(dict.fromkeys(word for word in words if len(word) >= SHORTEST))[:MOST_WORDS]
        if words:
            query = SearchQuery(" | ".join(f"'{word}'" for word in words), search_type="raw", config="german")
            likely += SearchRank(F("words"), query, normalization=32)
        return likely


def _weight(condition: Q, weight: float) -> Case:
    return Case(When(condition, then=Value(float(weight))), default=Value(0.0), output_field=FloatField())


def _with_rooms(row: Ticket) -> Ticket:
    row.rooms = rooms_of(row)
    return row
