"""A short form of `clocks`, and the proof that it would notice: clocks that are broken on purpose."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from calendars.business_time import BusinessHours
from foundation.berlin import BERLIN
from tests.calendars.by_lot import NRW
from tests.rehearsals.counting import Judged, compare
from tickets.sla import LedgerLine, Reason, SlaClock


def test_two_thousand_stories_agree_with_the_clock_on_the_wall():
    report = compare(2000, seed=7)
    assert not report.violations, report.told()
    assert sum(outcomes["agree"] for outcomes in report.acts.values()) > 4000
    assert set(report.acts) == {"as reported", "urgency", "calendar", "policy", "merge"}


# --- Broken on purpose: each of these was shipped by somebody ---


class BrokenHours(Judged):
    """Judges what `broken` makes of the hours."""

    def hours(self, year):
        hours = super().hours(year)
        return self.broken(dict(enumerate(hours.weekly)), BERLIN, hours.exceptions, hours.reasons)


class _WinterTime(BusinessHours):
    def _instant(self, day, wall):
        return datetime.combine(day, wall, tzinfo=UTC) - timedelta(hours=1)


class TheClockIsNeverChanged(BrokenHours):
    broken = _WinterTime


class _OnTheWall(BusinessHours):
    def add(self, start, duration):
        """Walks as the wall clock shows it: a period is as long as its two times differ."""
        left = duration
        for opens, closes in self.periods_after(start):
            opens, closes = opens.astimezone(BERLIN), closes.astimezone(BERLIN)
            if left <= closes - opens:
                return (opens + left).astimezone(UTC)
            left -= closes - opens
        return super().add(start, duration)


class DurationsAreReadOffTheWall(BrokenHours):
    broken = _OnTheWall


class _WithoutABreak(BusinessHours):
    def periods_on(self, day):
        periods = super().periods_on(day)
        return ((periods[0][0], periods[-1][1]),) if periods else ()


class LunchCounts(BrokenHours):
    broken = _WithoutABreak


class _WithAGap(BusinessHours):
    def _closing(self, day, closes):
        at = super()._closing(day, closes)
        return at - timedelta(minutes=1) if closes == datetime.min.time() else at


class AMinuteIsMissingAtMidnight(BrokenHours):
    broken = _WithAGap


class _BackByTheWall(BusinessHours):
    def subtract(self, end, duration):
        return end - duration


class WalkingBackCountsNights(BrokenHours):
    broken = _BackByTheWall


class HolidaysAreWorkingDays(Judged):
    def hours(self, year):
        hours = super().hours(year)

        def exceptions(day):
            return None if day in NRW else hours.exceptions(day)

        return BusinessHours(dict(enumerate(hours.weekly)), BERLIN, exceptions, hours.reasons)


class MovableDaysAreForgotten(Judged):
    def hours(self, year):
        return super().hours(replace(year, movable={}))


class BrokenClock(Judged):
    """Judges what `broken` makes of the clock."""

    def clock(self, case, view):
        clock = super().clock(case, view)
        return self.broken(clock.hours, clock.started_at, clock.pauses, clock.paused_by)


class _PausesByTheWall(SlaClock):
    def due_at(self, target):
        if self.is_paused:
            return super().due_at(target)
        return self.hours.add(self.started_at, target) + sum((b - a for a, b in self.pauses), timedelta(0))


class AWeekendInAPauseCounts(BrokenClock):
    broken = _PausesByTheWall


class _BareLedger(SlaClock):
    def ledger(self, until):
        return [line for line in super().ledger(until) if line.reason != Reason.OUTSIDE_HOURS]


class TheLedgerLeavesOutTheNights(BrokenClock):
    broken = _BareLedger


class _RoundLedger(SlaClock):
    def ledger(self, until):
        return [_rounded(line) for line in super().ledger(until)]


def _rounded(line: LedgerLine) -> LedgerLine:
    return replace(line, counted=line.counted // timedelta(minutes=15) * timedelta(minutes=15))


class TheLedgerRounds(BrokenClock):
    broken = _RoundLedger


class ANewUrgencyForgetsThePauses(Judged):
    def clock(self, case, view):
        clock = super().clock(case, view)
        return SlaClock(clock.hours, clock.started_at) if "urgency" in case.edits else clock


class ReopeningStartsAgain(Judged):
    def clock(self, case, view):
        reopened = [at for at, status in case.changes if status == "reopened"]
        return super().clock(replace(case, started=max([case.started, *reopened])), view)


class TheOldCalendarGoesOn(Judged):
    """A changed calendar does not recompute: the report keeps the hours it began with."""

    def __init__(self):
        self.first = {}

    def clock(self, case, view):
        if not case.edits:
            self.first[case.changes[0]] = case.place
        return super().clock(replace(case, place=self.first.get(case.changes[0], case.place)), view)


@pytest.mark.parametrize(
    "broken",
    [
        TheClockIsNeverChanged,
        DurationsAreReadOffTheWall,
        LunchCounts,
        AMinuteIsMissingAtMidnight,
        WalkingBackCountsNights,
        HolidaysAreWorkingDays,
        MovableDaysAreForgotten,
        AWeekendInAPauseCounts,
        TheLedgerLeavesOutTheNights,
        TheLedgerRounds,
        ANewUrgencyForgetsThePauses,
        ReopeningStartsAgain,
        TheOldCalendarGoesOn,
    ],
)
def test_what_is_broken_on_purpose_is_found(broken):
    report = compare(200, seed=1, judged=broken())
    assert report.violations
    assert sum(outcomes["differ"] for outcomes in report.acts.values()) > 0
    assert f"violations: {len(report.violations)}" in report.told()
