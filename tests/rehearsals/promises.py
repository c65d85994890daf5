"""What the reporter was promised: it never starts again and never comes earlier, but by a new urgency or a merge."""

from datetime import timedelta

from calendars.reading import hours_of
from foundation.berlin import BERLIN, berlin_day
from tests.calendars.wall_clock import WallClock
from tickets.deadlines import PROMISES, Kind
from tickets.models import Deadline, Ticket

STILL = {"waiting_reporter", "resolved", "closed", "withdrawn", "merged"}
COUNT_EVERY = 40  # looking at the wall clock every minute takes its time


class Promises:
    """Remembers the promises of each ticket as they were before."""

    def __init__(self):
        self.known: dict[int, dict[str, Deadline]] = {}
        self.seen = 0

    def remember(self, pk: int) -> None:
        self.known[pk] = {row.kind: row for row in Deadline.objects.filter(ticket=pk, kind__in=PROMISES)}

    def forget(self, pk: int) -> None:
        self.known.pop(pk, None)

    def jumped(self, attempt) -> list[str]:
        """Return what should not have happened to the promises in this step, and remember them as they are now."""
        found = []
        for pk in attempt.pks:
            before = self.known.get(pk)
            self.remember(pk)
            if before is None:
                continue
            may_come_earlier = attempt.step == "classify" or (attempt.step == "merge" and pk != attempt.pks[0])
            found += [
                sentence
                for kind, row in self.known[pk].items()
                for sentence in _jumped(before[kind], row, may_come_earlier)
            ]
            self.seen += 1
            if self.seen % COUNT_EVERY == 0:
                found += _counted(pk, self.known[pk].values())
        return found


def _jumped(before: Deadline, now: Deadline, may_come_earlier: bool):
    if now.taken_from_id == before.taken_from_id and now.started_at != before.started_at:
        yield f"{now.kind} started again"
    if not may_come_earlier and before.due_at and now.due_at and now.due_at < before.due_at:
        yield f"{now.kind} jumped from {before.due_at} back to {now.due_at}"
    if now.kind == Kind.FIRST_RESPONSE and before.met_at and now.met_at != before.met_at:
        yield "the first response was given twice"


def _counted(pk: int, rows):
    """Compare a running clock with somebody who looks at the wall every minute."""
    ticket = Ticket.objects.select_related("school").get(pk=pk)
    if not ticket.is_open or ticket.school.movable_days.exists():
        return
    hours = hours_of(ticket.school.calendar_id, since=berlin_day(ticket.created_at) - timedelta(days=2))
    pauses = _pauses(ticket)
    for row in rows:
        running = row.met_at is None and row.ended_at is None
        if not running or row.due_at is None or row.taken_from_id is not None:
            continue
        due = WallClock(hours.periods_on, BERLIN).reached(row.started_at, row.target, pauses)
        if due != row.due_at:
            yield f"{row.kind} is due at {row.due_at}, by the wall clock at {due}"


def _pauses(ticket):
    pauses, since = [], None
    for at, status in ticket.events.order_by("pk").values_list("at", "status"):
        if status in STILL and since is None:
            since = at
        elif status not in STILL and since is not None:
            pauses.append((since, at))
            since = None
    return [*pauses, (since, None)] if since else pauses
