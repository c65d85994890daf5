"""How long after its due time a step was there for others to see."""

from datetime import datetime, timedelta

from tickets.models import StepTaken

LOOK_BACK = 1000  # rows; a transaction may commit after one that began later


class Lags:
    """Looks again and again for steps that were taken; what was due before `opened_at` counts from then."""

    def __init__(self, opened_at: datetime):
        self.opened_at = opened_at
        self.found: list[timedelta] = []
        self._known: set[int] = set()
        self._last = 0

    def look(self, now: datetime) -> None:
        rows = StepTaken.objects.filter(pk__gt=self._last - LOOK_BACK).values_list(
            "pk", "due_at", "deadline__started_at"
        )
        for pk, due_at, started_at in rows:
            if pk in self._known:
                continue
            self._known.add(pk)
            self._last = max(self._last, pk)
            if started_at > self.opened_at - timedelta(hours=1):  # else it was brought in long after it was due
                self.found.append(now - max(due_at, started_at, self.opened_at))

    def at(self, share: float) -> int:
        """Return the lag in whole seconds that this share of the steps did not exceed."""
        ordered = sorted(self.found)
        return round(ordered[min(int(share * len(ordered)), len(ordered) - 1)].total_seconds()) if ordered else 0
