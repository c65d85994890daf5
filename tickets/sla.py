"""The clock of a promise: how much of it is used up, and when it is due. Pure.

A clock is worked out anew from the ticket's history each time, never wound forward. So a change of priority,
policy or calendar keeps every minute already used, and no step restarts a clock. Such a change may bring a
due time that has already passed; that is the truth and is not softened: the promise is then broken at once.
Pauses and work only ever leave a due time where it is or push it back.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from calendars.business_time import BusinessHours
from tickets.lifecycle import ENDED, Status

SERVICE_DAY = timedelta(hours=8, minutes=30)  # "1 day" in a policy

Pause = tuple[datetime, datetime | None]  # from, until; None: still paused


@dataclass(frozen=True)
class SlaClock:
    """A clock that has run by `hours` since `started_at` but for its pauses, which are in order and apart."""

    hours: BusinessHours
    started_at: datetime
    pauses: tuple[Pause, ...] = ()

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
        last one says in which state the clock started.
        """
        still = {*paused_in, *stopped_in}
        pauses, paused_since = [], None
        for at, status in changes:
            at = max(at, started_at)
            if status in still and paused_since is None:
                paused_since = at
            elif status not in still and paused_since is not None:
                pauses.append((paused_since, at))
                paused_since = None
        if paused_since is not None:
            pauses.append((paused_since, None))
        return cls(hours, started_at, tuple(pause for pause in pauses if pause[0] != pause[1]))

    @property
    def is_paused(self) -> bool:
        """Return whether the clock stands still after the last change of state."""
        return bool(self.pauses) and self.pauses[-1][1] is None

    def used(self, at: datetime) -> timedelta:
        """Return the business time that has run until `at`."""
        runs = ((begins, at if ends is None else min(ends, at)) for begins, ends in self._runs())
        return sum((self.hours.between(*run) for run in runs), timedelta(0))

    def due_at(self, target: timedelta) -> datetime | None:
        """Return the instant at which `target` is used up; None while a pause keeps it from coming.

        Raises ValueError when the hours never open again.
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

    def _runs(self):
        """Yield the stretches between the pauses as (from, until); the last has no end unless paused."""
        begins = self.started_at
        for paused_at, resumed_at in self.pauses:
            if begins < paused_at:
                yield begins, paused_at
            begins = resumed_at
        if begins is not None:
            yield begins, None
