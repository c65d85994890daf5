"""The clock of a promise: how much of it is used up, and when it is due. Pure.

A clock is worked out anew from the ticket's history each time, never wound forward. So a change of priority,
policy or calendar keeps every minute already used, and no step restarts a clock. Such a change may bring a
due time that has already passed; that is the truth and is not softened: the promise is then broken at once.
Pauses and work only ever leave a due time where it is or push it back.

The ledger tells the same walk line by line: the lines it counts add up to what is used.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from calendars.business_time import BusinessHours, utc
from tickets.lifecycle import ENDED, Status

SERVICE_DAY = timedelta(hours=8, minutes=30)  # "1 day" in a policy

Pause = tuple[datetime, datetime | None]  # from, until; None: still paused


class Reason(TextChoices):
    """Why time counted, or did not: a pause, or what keeps the calendar closed (as `ClosedBy` says it)."""

    COUNTED = "counted", _("Counts")
    PAUSED = "paused", _("The clock paused")
    WEEKEND = "weekend", _("Weekend")
    PUBLIC_HOLIDAY = "public_holiday", _("Public holiday")
    SCHOOL_FREE = "school_free", _("School-free")
    CLOSED_DAY = "closed_day", _("Closed on this day")
    OUTSIDE_HOURS = "outside_hours", _("Outside the service times")


@dataclass(frozen=True)
class LedgerLine:
    """One stretch of time and what the clock made of it.

    `name` is what the reason is called: of a holiday or a closed day its name, of a pause the `Status` it
    paused in (empty where the clock does not know it), else empty.
    """

    begins: datetime
    ends: datetime
    counted: timedelta
    reason: Reason
    name: str = ""

    @property
    def label(self) -> str:
        """Return what people read: the name of the day, the state it paused in, or else the reason."""
        if self.reason == Reason.PAUSED and self.name:
            return str(Status(self.name).label)
        return self.name or str(self.reason.label)


@dataclass(frozen=True)
class SlaClock:
    """A clock that has run by `hours` since `started_at` but for its pauses, which are in order and apart.

    `paused_by` says from when on it paused in which state; within one pause the state may change.
    """

    hours: BusinessHours
    started_at: datetime
    pauses: tuple[Pause, ...] = ()
    paused_by: tuple[tuple[datetime, Status], ...] = ()

    def __post_init__(self):
        free_from = self.started_at
        for number, (begins, ends) in enumerate(self.pauses, start=1):
            is_last = number == len(self.pauses)
            if begins < free_from or (ends is None and not is_last) or (ends is not None and ends < begins):
                raise ValueError("pauses come in order, after the start and one after the other")
            free_from = ends

    @classmethod
    def from_history(
        cls,
        hours: BusinessHours,
        started_at: datetime,
        changes: Iterable[tuple[datetime, Status | str]],
        paused_in: Collection[Status | str],
        stopped_in: Collection[Status | str] = ENDED,
    ) -> "SlaClock":
        """Return the clock by the ticket's changes of state, oldest first.

        It pauses in the states a policy names (`paused_in`) and stands still while nobody works on the
        ticket: what lies between a solution and its reopening is a pause. Changes before the start count, the
        last one says in which state the clock started. What was written second did not happen first.
        """
        still = {*paused_in, *stopped_in}
        pauses, paused_by, paused_since = [], [], None
        latest = started_at
        for at, status in changes:
            at = latest = max(at, latest)
            if status in still:
                paused_by.append((at, Status(status)))
                if paused_since is None:
                    paused_since = at
            elif paused_since is not None:
                if paused_since != at:
                    pauses.append((paused_since, at))
                paused_since = None
        if paused_since is not None:
            pauses.append((paused_since, None))
        return cls(hours, started_at, tuple(pauses), tuple(paused_by))

    def to_the_second(self) -> "SlaClock":
        """Return the clock with every instant cut to its second, so that lines shown in seconds add up exactly."""
        return replace(
            self,
            started_at=whole_second(self.started_at),
            pauses=tuple((whole_second(begins), ends and whole_second(ends)) for begins, ends in self.pauses),
            paused_by=tuple((whole_second(at), status) for at, status in self.paused_by),
        )

    @property
    def is_paused(self) -> bool:
        """Return whether the clock stands still after the last change of state."""
        return bool(self.pauses) and self.pauses[-1][1] is None

    def used(self, at: datetime) -> timedelta:
        """Return the business time that has run until `at`."""
        total = timedelta(0)
        for begins, ends in self._runs():
            if begins >= at:
                break
            total += self.hours.between(begins, at if ends is None else min(ends, at))
        return total

    def remaining(self, at: datetime, target: timedelta) -> timedelta:
        """Return how much of `target` is left at `at`; negative by what has run since it was used up."""
        return target - self.used(at)

    def due_at(self, target: timedelta) -> datetime | None:
        """Return the instant at which `target` is used up; None while a pause keeps it from coming.

        Raises NeverOpens when the hours never open again.
        """
        left = target
        for begins, ends in self._runs():
            if ends is None:
                return self.hours.add(begins, left)
            used = self.hours.between(begins, ends)
            if left <= used:
                return self.hours.add(begins, left)
            left -= used
        return None

    def percent_at(self, fraction: float, target: timedelta) -> datetime | None:
        """Return when a fraction of the target (0.5 for half) is used up, in the manner of `due_at`."""
        return self.due_at(target * fraction)

    def ledger(self, until: datetime) -> list[LedgerLine]:
        """Return what became of the time from the start until `until`, line by line, in UTC.

        The lines follow each other without a gap, and what they count adds up to `used(until)`. Closed time
        that belongs together is one line, a pause is one line whether open or not; empty before the start.
        """
        lines: list[LedgerLine] = []
        for line in self._told(until):
            last = lines[-1] if lines else None
            if last is not None and (last.reason, last.name) == (line.reason, line.name):
                lines[-1] = LedgerLine(last.begins, line.ends, last.counted + line.counted, line.reason, line.name)
            else:
                lines.append(line)
        return lines

    def _told(self, until) -> Iterator[LedgerLine]:
        """Yield the time until `until` in pieces: open, closed, paused."""
        nothing = timedelta(0)
        begins, until = utc(self.started_at), utc(until)
        for paused_at, resumed_at in (*self.pauses, (until, until)):
            paused_at = min(utc(paused_at), until)
            for start, end, closure in self.hours.stretches(begins, paused_at):
                if closure is None:
                    yield LedgerLine(start, end, end - start, Reason.COUNTED)
                else:
                    yield LedgerLine(start, end, nothing, Reason(closure.by), closure.name)
            begins = until if resumed_at is None else min(utc(resumed_at), until)
            for start, end, status in self._states(paused_at, begins):
                yield LedgerLine(start, end, nothing, Reason.PAUSED, status)

    def _states(self, paused_at, resumed_at) -> Iterator[tuple[datetime, datetime, str]]:
        """Yield one pause by the states it was in."""
        status = ""
        for at, then in self.paused_by:
            at = utc(at)
            if paused_at < at < resumed_at and then != status:
                yield paused_at, at, status
                paused_at = at
            if at <= paused_at:
                status = then
        if paused_at < resumed_at:
            yield paused_at, resumed_at, status

    def _runs(self):
        """Yield the stretches between the pauses as (from, until); the last has no end unless paused."""
        begins = self.started_at
        for paused_at, resumed_at in self.pauses:
            if begins < paused_at:
                yield begins, paused_at
            begins = resumed_at
        if begins is not None:
            yield begins, None


def whole_second(at: datetime) -> datetime:
    """Return the instant cut to its second, as people read it."""
    return at.replace(microsecond=0)
