"""How the work that happens by itself stands: what the health check, the operators' page and the metrics tell.

A handful of statements, each over partial indexes or small tables: they cost what is due, not what exists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import CharField, Count, F, Min, Q, QuerySet, Value

from accounts.models import AccessMail
from calendars.models import Recomputation
from notifications.models import Mail, OutboxMessage
from pulse.models import Heartbeat
from reports.models import StaleMonth
from tickets.models import Deadline

OVERDUE = timedelta(seconds=60)  # three sweeps
SILENT = timedelta(minutes=2)  # six ticks
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Heap:
    """What lies somewhere: how many, how many of them for too long, and since when the oldest has been due."""

    number: int = 0
    late: int = 0
    oldest: datetime | None = None


#: Each heap by its name: its rows, the column that says since when, what is late.
Rows = tuple[QuerySet, str, Q]
HEAPS: dict[str, Callable[[datetime], Rows]] = {
    "clocks": lambda at: (Deadline.objects.due(at), "next_at", Q(next_at__lt=at - OVERDUE)),
    "clocks parked": lambda at: (Deadline.objects.parked(), "parked_at", Q()),
    "messages": lambda at: (OutboxMessage.objects.owed(), "due_at", Q(due_at__lt=at - LATE)),
    "mails": lambda at: (Mail.objects.to_send(), "due_at", Q(due_at__lt=at - LATE)),
    "mails parked": lambda at: (Mail.objects.parked(), "parked_at", Q()),
    "access mails": lambda at: (AccessMail.objects.due(at=at), "requested_at", Q(requested_at__lt=at - LATE)),
    "access mails parked": lambda at: (AccessMail.objects.parked(), "requested_at", Q()),
    "recomputations": lambda at: (Recomputation.objects.unfinished(), "requested_at", Q(requested_at__lt=at - LATE)),
    "figures": lambda at: (StaleMonth.objects.due(at), "marked_at", Q(marked_at__lt=at - LATE)),
}
PARKED = ("clocks parked", "mails parked", "access mails parked")


class Condition:
    """The state of everything that works by itself, at one instant."""

    def __init__(self, at: datetime):
        self.at = at

    @cached_property
    def heaps(self) -> dict[str, Heap]:
        """What is due, owed and parked; one statement."""
        told = [_measured(name, *rows(self.at)) for name, rows in HEAPS.items()]
        found = {name: Heap(*figures) for name, *figures in told[0].union(*told[1:], all=True)}
        return {name: found.get(name, Heap()) for name in HEAPS}

    @cached_property
    def signs(self) -> dict[str, Heartbeat]:
        """The signs of life by name; one statement."""
        return {row.name: row for row in Heartbeat.objects.order_by("name")}

    @property
    def workers(self) -> list[Heartbeat]:
        """Who has taken a tick within the last day, the liveliest first."""
        rows = [row for name, row in self.signs.items() if name.startswith(Heartbeat.WORKER)]
        return sorted(rows, key=lambda row: row.at, reverse=True)

    @property
    def beat(self) -> Heartbeat | None:
        return self.signs.get(Heartbeat.BEAT)

    @property
    def parked(self) -> int:
        return sum(self.heaps[name].number for name in PARKED)

    @property
    def owed_since(self) -> datetime | None:
        """Since when the oldest message or mail that is due has been due; None where nothing is."""
        times = [heap.oldest for heap in (self.heaps["messages"], self.heaps["mails"]) if heap.oldest]
        return min((time for time in times if time <= self.at), default=None)

    @property
    def owed_for(self) -> timedelta:
        return self.at - self.owed_since if self.owed_since else timedelta()

    @property
    def mail_is_late(self) -> bool:
        return self.heaps["messages"].late + self.heaps["mails"].late > 0

    @property
    def recomputation_stands_still(self) -> bool:
        """Whether something has had to be worked out for long and nothing of it was lately."""
        return self.heaps["recomputations"].late > 0 and self.is_silent(Heartbeat.RECOMPUTATION, LATE)

    @property
    def figures_stand_still(self) -> bool:
        """Whether changes have waited for long to be counted and nobody counts them, or cannot."""
        sign = self.signs.get(Heartbeat.FIGURES)
        fails = sign is not None and sign.facts.get("failed", 0) > 0
        return self.heaps["figures"].late > 0 and (fails or self.is_silent(Heartbeat.FIGURES, LATE))

    def age(self, name: str) -> timedelta | None:
        """Return how long ago the last sign of life was, None if there never was one."""
        sign = self.signs.get(name)
        return max(self.at - sign.at, timedelta()) if sign else None

    def is_silent(self, name: str, patience: timedelta = SILENT) -> bool:
        age = self.age(name)
        return age is None or age > patience


def _measured(name: str, rows: QuerySet, since: str, late: Q) -> QuerySet:
    told = Count("pk", filter=late) if late else Count("pk", filter=Q(pk=None))
    rows = rows.order_by().values(heap=Value(name, output_field=CharField()))
    return rows.annotate(number=Count("pk"), late=told, oldest=Min(F(since))).values_list(
        "heap", "number", "late", "oldest"
    )
