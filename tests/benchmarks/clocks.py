"""How long business time takes on one core, with a calendar that is warm.

bin/python -m tests.benchmarks.clocks --recomputations 1000000
"""

import argparse
import time as clock_of_the_machine
from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from calendars.business_time import BusinessHours
from foundation.berlin import BERLIN
from tickets.sla import SERVICE_DAY, SlaClock

WEEK = dict.fromkeys(range(5), ((time(7, 30), time(16)),))
CLOSED = {date(2026, 10, 3): (), date(2026, 11, 1): (), date(2026, 11, 9): ()}
TEN_DAYS = 10 * SERVICE_DAY
FIRST = datetime(2026, 9, 1, tzinfo=UTC)
STARTS = [FIRST + timedelta(minutes=97 * n) for n in range(1000)]  # through two months, at any hour
PAUSED_IN = frozenset({"waiting_reporter"})


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.clocks", description=__doc__.splitlines()[0])
    parser.add_argument("--recomputations", type=int, default=1_000_000)
    wishes = parser.parse_args()
    hours = BusinessHours(WEEK, BERLIN, CLOSED)
    histories = [(start, _history(start)) for start in STARTS]
    for start, changes in histories:
        _recompute(hours, start, changes)  # warms the calendar
    times = [_timed(hours.add, start, TEN_DAYS) for _ in range(20) for start in STARTS]
    print(f"add, 10 service days ahead: {median(times) * 1e6:.1f} µs median, {_most(times) * 1e6:.1f} µs at 99 %")
    times = [_timed(hours.subtract, start, TEN_DAYS) for _ in range(20) for start in STARTS]
    print(f"subtract, 10 service days back: {median(times) * 1e6:.1f} µs median, {_most(times) * 1e6:.1f} µs at 99 %")
    times = [_timed(_told, hours, start, changes) for start, changes in histories]
    print(f"ledger of such a clock to its due time: {median(times) * 1e6:.0f} µs median")
    began, busy = clock_of_the_machine.perf_counter(), clock_of_the_machine.process_time()
    for number in range(wishes.recomputations):
        _recompute(hours, *histories[number % len(histories)])
    took, busy = clock_of_the_machine.perf_counter() - began, clock_of_the_machine.process_time() - busy
    print(f"{wishes.recomputations} recomputations (history with 2 pauses, due, 50 and 80 %): {took:.0f} s, ", end="")
    print(f"{busy:.0f} s of it on the processor")


def _history(start):
    """Return a report that waited twice, once over a night and once over a weekend."""
    steps = [(0, "new"), (3, "in_progress"), (20, "waiting_reporter"), (44, "in_progress"), (100, "waiting_reporter")]
    return [(start + timedelta(hours=n), status) for n, status in [*steps, (170, "in_progress")]]


def _recompute(hours, start, changes):
    clock = SlaClock.from_history(hours, start, changes, PAUSED_IN)
    return clock.due_at(TEN_DAYS), clock.percent_at(0.5, TEN_DAYS), clock.percent_at(0.8, TEN_DAYS)


def _told(hours, start, changes):
    clock = SlaClock.from_history(hours, start, changes, PAUSED_IN)
    return clock.ledger(clock.due_at(TEN_DAYS))


def _timed(action, *facts) -> float:
    began = clock_of_the_machine.perf_counter()
    action(*facts)
    return clock_of_the_machine.perf_counter() - began


def _most(times) -> float:
    return sorted(times)[len(times) * 99 // 100]


if __name__ == "__main__":
    main()
