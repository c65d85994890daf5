"""What a page that asks by itself has seen, and whether anything of it is different now. Cheap where nothing is.

A page carries a stamp. The server works out the stamp as it is now, by one statement over the viewer's scope, and
answers nothing while both are the same. Whatever the sentences of the page depend on goes into the stamp.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Self

from django.db.models import Count, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Extract

from schools.viewer import Viewer
from tickets.models import Ticket, TicketEvent

#: "25 minutes left" is told by the server; after five minutes a page is worded anew even where nothing happened.
REWORDED_EVERY = 300  # seconds
MOST_ROWS = 100


@dataclass(frozen=True)
class Seen:
    """What a page said it shows: its stamp, the keys of its rows in their order, whether there were more of them."""

    stamp: str = ""
    rows: tuple[int, ...] = ()
    more: bool = False

    @classmethod
    def asked(cls, sent: Mapping[str, str]) -> Self:
        """Read what the page sent along; whatever cannot be meant counts as not seen."""
        keys = sent.get("rows", "")[:2000].split(",")[:MOST_ROWS]
        rows = tuple(int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 18)
        return cls(sent.get("stamp", "")[:80], rows, sent.get("more") == "1")

    def is_of(self, viewer: Viewer) -> bool:
        """Whether the page was made for this person; somebody else may have signed in beside it."""
        return not self.stamp or self.stamp.startswith(f"{viewer.person.pk}.")


def measures(due: str = "due_at") -> dict:
    """Return what a stamp is worked out of, as aggregates: it differs as soon as a ticket comes, goes or changes.

    `due` names the column with the due time the rows show. A message moves it without a new version.
    """
    return {
        "number": Count("pk"),
        "newest": Max("pk"),
        "versions": Sum("version"),
        "due": Sum(Extract(F(due), "epoch", output_field=IntegerField())),
    }


def stamp_of(rows: QuerySet[Ticket], viewer: Viewer, *, due: str = "due_at") -> str:
    """Return the stamp of these tickets: another one as soon as one comes, goes, changes or is due otherwise."""
    return stamp(viewer, *rows.order_by().aggregate(**measures(due)).values())


def stamp_of_groups(groups: Sequence[Mapping], viewer: Viewer) -> str:
    """Return the same stamp for tickets whose `measures` a page has read by groups anyway."""
    told = {name: [group[name] for group in groups if group[name] is not None] for name in measures()}
    totals = {name: (max if name == "newest" else sum)(values) if values else None for name, values in told.items()}
    return stamp(viewer, totals["number"] or 0, totals["newest"], totals["versions"], totals["due"])


def with_last_event(rows: QuerySet[Ticket], viewer: Viewer) -> QuerySet[Ticket]:
    """Annotate `last_event`, the key of the newest event the viewer may read."""
    events = TicketEvent.objects.visible_to(viewer).filter(ticket=OuterRef("pk")).order_by("-pk").values("pk")
    return rows.annotate(last_event=Coalesce(Subquery(events[:1]), 0))


def stamp_of_ticket(ticket: Ticket, viewer: Viewer) -> str:
    """Return the stamp of one ticket that came `with_last_event`."""
    return stamp(viewer, ticket.pk, ticket.version, ticket.last_event, ticket.due_at)


def stamp(viewer: Viewer, *parts) -> str:
    """Return a stamp of whatever a page depends on, for this viewer and these minutes."""
    parts = (viewer.day, reworded_at(viewer.at), *parts)
    return f"{viewer.person.pk}.{blake2b(repr(parts).encode(), digest_size=9).hexdigest()}"


def reworded_at(at: datetime) -> int:
    return int(at.timestamp()) // REWORDED_EVERY


def steady(rows: QuerySet[Ticket], page: Sequence[Ticket], seen: Seen) -> tuple[list[Ticket], int]:
    """Return the rows to show now, none of them moved, and how many new ones wait to be shown.

    `rows` are all of the list, `page` is its first page as it would be shown now. What is new stays away until
    somebody asks for it; where nothing is left that could move, it is shown at once.
    """
    found = {row.pk: row for row in page}
    missing = [key for key in seen.rows if key not in found]
    if missing:
        found |= {row.pk: row for row in rows.filter(pk__in=missing)}
    shown = [found[key] for key in seen.rows if key in found]
    if not shown:
        return list(page), 0
    places = [place for place, row in enumerate(page) if row.pk in seen.rows]
    # Behind the last one is what moved up from the next page, where there was one.
    end = max(places, default=0) if seen.more else len(page)
    return shown, sum(1 for row in page[:end] if row.pk not in seen.rows)
