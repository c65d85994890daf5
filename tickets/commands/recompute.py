"""Works the due times of open reports out anew after somebody changed by what clocks run.

In small steps, each a transaction of its own that also moves the cursor: a killed worker has done a step or it has
not, and working a clock out twice comes to the same.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from django.db import transaction
from django.db.models import Q, QuerySet

from calendars.business_time import BusinessHours
from calendars.models import Recomputation
from calendars.reading import hours_of
from foundation.berlin import berlin_day
from tickets.deadlines import Around, Change, Clocks
from tickets.lifecycle import OPEN, Status
from tickets.models import Deadline, StepTaken, Ticket, TicketEvent
from tickets.policies import Promise, promised

from .base import locked

BATCH = 100  # reports locked together; nobody waits longer than they take
#: What working out anew may change.
WORKED_OUT = ["target", "policy_version", "due_at", "paused_at", "missed_at", "ended_at", "next_at"]
HAVE_CLOCKS = Q(status__in=sorted(OPEN | {Status.RESOLVED}))


@transaction.atomic
def recompute_some(*, at: datetime, batch: int = BATCH) -> bool:
    """Take one step of the oldest unfinished recomputation nobody else is at; return False where there is none."""
    job = Recomputation.objects.unfinished().select_for_update(skip_locked=True).first()
    if job is None:
        return False
    concerned = _concerned(job)
    if job.total is None:
        job.total = concerned.count()
    keys = list(concerned.filter(pk__gt=job.cursor).order_by("pk").values_list("pk", flat=True)[:batch])
    if keys:
        job.moved += work_out(keys, at=at, leaves_past=job.leaves_past)
        job.done += len(keys)
        job.cursor = keys[-1]
    if len(keys) < batch:
        job.finished_at = at
    job.save()
    return True


@transaction.atomic
def work_out(ticket_ids: Iterable[int], *, at: datetime, leaves_past: bool = False) -> int:
    """Work all clocks of these tickets out anew by the rules that hold now; return how many due times changed.

    Clocks that were met or ended stay as they are. With `leaves_past` steps of the ladder that have passed are noted
    and never taken.
    """
    tickets = locked(Ticket.objects.filter(HAVE_CLOCKS), pk__in=list(ticket_ids))
    library = Library([ticket.pk for ticket in tickets])
    new, changed, noted = [], [], []
    moved = 0
    for ticket in tickets:
        rows = library.rows[ticket.pk]
        before = {row.pk: row.due_at for row in rows}
        clocks = Clocks(ticket, rows=rows, around=Shelf(ticket, library))
        clocks.retarget(keeps_taken=True)
        clocks.work_out(at)
        if leaves_past:
            noted += clocks.leave_past(at)
        clocks.tell_ticket()
        new += clocks.new_rows
        different = [row for row in rows if clocks.changes_to(row)]
        changed += different
        moved += sum(row.due_at != before[row.pk] for row in different)
    Deadline.objects.bulk_create(new)
    Deadline.objects.bulk_update(changed, WORKED_OUT)
    StepTaken.objects.bulk_create(noted, ignore_conflicts=True)
    Ticket.objects.bulk_update(tickets, ["due_at", "team_due_at"])
    return moved


@transaction.atomic
def measure_some(*, batch: int = BATCH) -> bool:
    """Write what some promises had used that were met before it was kept; return False where there is none left.

    A report somebody works on now is left for a later time.
    """
    keys = Deadline.objects.unmeasured().values_list("ticket", flat=True)[:batch]
    tickets = locked(Ticket.objects.all(), skip_locked=True, pk__in=list(keys))
    library = Library([ticket.pk for ticket in tickets])
    measured = []
    for ticket in tickets:
        clocks = Clocks(ticket, rows=library.rows[ticket.pk], around=Shelf(ticket, library))
        clocks.measure()
        measured += [row for row in clocks.rows if clocks.changes_to(row)]
    Deadline.objects.bulk_update(measured, ["used"])
    return bool(measured)


def _concerned(job: Recomputation) -> QuerySet[Ticket]:
    tickets = Ticket.objects.filter(HAVE_CLOCKS)
    return tickets if job.school is None else tickets.filter(school=job.school)


class Library:
    """What many tickets share or have alike, each read once: clocks, histories, promises and service hours."""

    def __init__(self, ticket_ids: list[int]):
        self.ticket_ids = ticket_ids
        self.promises: dict[tuple, Promise] = {}
        self.hours: dict[int, BusinessHours] = {}
        self.team_hours: dict[int | None, BusinessHours] = {}

    @cached_property
    def rows(self) -> dict[int, list[Deadline]]:
        found = defaultdict(list)
        rows = Deadline.objects.filter(ticket__in=self.ticket_ids).with_steps().select_related("taken_from")
        for row in rows.order_by("pk"):
            found[row.ticket_id].append(row)
        return found

    @cached_property
    def changes(self) -> dict[int, list[Change]]:
        found = defaultdict(list)
        events = TicketEvent.objects.filter(ticket__in=self.ticket_ids).in_order()
        for ticket_id, at, status in events.values_list("ticket", "at", "status"):
            found[ticket_id].append((at, status))
        return found


class Shelf(Around):
    """What one ticket takes out of the library."""

    def __init__(self, ticket: Ticket, library: Library):
        super().__init__(ticket)
        self.library = library

    @cached_property
    def promise(self) -> Promise:
        key = (berlin_day(self.ticket.created_at), self.ticket.school.support_type, self.ticket.kind)
        known = self.library.promises
        if key not in known:
            known[key] = promised(*key)
        return known[key]

    @cached_property
    def changes(self) -> list[Change]:
        return self.library.changes[self.ticket.pk]

    def hours(self, since: datetime) -> BusinessHours:
        school, known = self.ticket.school, self.library.hours
        if school.pk not in known:
            known[school.pk] = hours_of(school.calendar_id, movable_days=school.movable_days.all())
        return known[school.pk]

    def team_hours(self, since: datetime) -> BusinessHours:
        calendar, known = self.ticket.team.calendar_id, self.library.team_hours
        if calendar not in known:
            known[calendar] = hours_of(calendar)
        return known[calendar]
