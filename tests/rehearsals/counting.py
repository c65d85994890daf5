"""Business time and clocks against an oracle, on stories drawn by lot.

A case is a report in a calendar with a history of states, and with edits: another urgency, another calendar,
another policy, a clock taken over in a merge. After each edit, and at the end, every figure a person could be shown
is compared with what somebody counts who knows the whole history and looks at the wall once a minute
(`tests.calendars.minutes`). The same seed draws the same cases again.
"""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from calendars.business_time import MIDNIGHT, BusinessHours, NeverOpens
from calendars.models import BusinessCalendar, OpeningHours
from foundation.berlin import BERLIN
from tests.calendars.by_lot import WEEKEND, Year, draw_year
from tests.calendars.minutes import OpenMinutes, Wall, wall
from tests.rehearsals.report import Report
from tickets.sla import Reason, SlaClock

DAYS = 75
WINDOWS = [date(2026, 3, 1), date(2026, 9, 25), date(2026, 12, 1), date(2026, 5, 10)]  # both clock changes, a new year
CASES_A_CALENDAR = 10
ENDED = {"resolved", "closed", "withdrawn", "merged"}
STATES = ["in_progress", "waiting_reporter", "waiting_external", "escalated", "resolved", "reopened", "closed"]
TARGETS = [30, 60, 120, 240, 510, 1020, 1530, 5100]  # minutes: the promises the product comes with
EDITS = ["urgency", "calendar", "policy", "merge"]


@dataclass(frozen=True)
class Place:
    """A calendar by both: the oracle's facts and counted minutes, and the hours that are judged."""

    year: Year
    minutes: OpenMinutes
    hours: BusinessHours


@dataclass(frozen=True)
class Case:
    """What a clock is worked out from at one moment; instants are seconds of the window."""

    place: Place
    started: int
    target: int
    paused_in: frozenset[str]
    changes: tuple[tuple[int, str], ...]
    now: int
    edits: tuple[str, ...] = ()


class Judged:
    """What is judged: the product. A test puts something broken in its place."""

    def hours(self, year: Year) -> BusinessHours:
        rows = [
            OpeningHours(weekday=weekday, opens=_wall_time(opens), closes=_wall_time(closes), applies=applies)
            for applies, week in (("school", year.week), ("school_free", year.own_week))
            for weekday, periods in week.items()
            for opens, closes in periods
        ]
        calendar = BusinessCalendar(pk=1, slug="drawn", name_de="Verlost", school_free_rule=year.rule)
        return calendar.hours(
            opening=rows, closed_days=year.closed, school_free_days={**year.movable, **year.holidays}
        )

    def clock(self, case: Case, view: Wall) -> SlaClock:
        changes = [(view.instant(second), status) for second, status in case.changes]
        return SlaClock.from_history(case.place.hours, view.instant(case.started), changes, case.paused_in)


def _wall_time(minute: int) -> time:
    return MIDNIGHT if minute == 24 * 60 else time(minute // 60, minute % 60)


def rehearse(wishes) -> Report:
    """Run as many cases as the command line wishes."""
    return compare(wishes.cases, wishes.seed)


def compare(cases: int, seed: int, judged: Judged | None = None) -> Report:
    """Compare so many cases and report every figure that differs."""
    judged, report = judged or Judged(), Report(f"Clocks beside the wall clock, {cases} cases")
    for group in range(-(-cases // CASES_A_CALENDAR)):
        lot = random.Random(f"{seed}/{group}")
        first = WINDOWS[group % len(WINDOWS)]
        view = wall(BERLIN, datetime(first.year, first.month, first.day, tzinfo=UTC), DAYS)
        places = [_draw_place(lot, view, first, judged) for _ in range(2)]
        for number in range(group * CASES_A_CALENDAR, min((group + 1) * CASES_A_CALENDAR, cases)):
            for case in _story(lot, places):
                edit = case.edits[-1] if case.edits else "as reported"
                report.facts.update(_awkward(case, view))
                found = list(_differences(case, view, judged, lot, report.facts))
                report.note(edit, "differ" if found else "agree")
                where = f"case {number}, {' then '.join(case.edits) or edit}, from {view.first:%d.%m.%Y}"
                report.violated(where, found)
    return report


def _draw_place(lot, view, first, judged) -> Place:
    year = draw_year(lot, first, DAYS)
    return Place(year, view.open_minutes(year.periods_on), judged.hours(year))


# --- The story ---


def _story(lot, places):
    """Yield the moments of one story: as reported, and after each edit."""
    step = 1 if lot.random() < 0.5 else 60  # half of them to the second
    case = Case(
        place=places[0],
        started=_some(lot, 86_400, 25 * 86_400, step),
        target=lot.choice(TARGETS) * 60,
        paused_in=frozenset({"waiting_reporter"}),
        changes=(),
        now=0,
    )
    case = replace(case, changes=((case.started, "new"),), now=case.started)
    for _ in range(lot.randint(0, 3)):
        case = _lived(lot, case, step)
        yield case
        case = _edited(lot, case, places, step)
    yield _lived(lot, case, step)


def _lived(lot, case, step) -> Case:
    """Return the case some steps later: working, waiting, over weekends, solved and opened again."""
    now, changes = case.now, list(case.changes)
    for _ in range(lot.randint(0, 3)):
        now += _gap(lot, step)
        changes.append((now, lot.choice(STATES)))
    return replace(case, changes=tuple(changes), now=now + _gap(lot, step))


def _edited(lot, case, places, step) -> Case:
    """Return the case after one edit; its history stays, all of it counts by the new rules."""
    edit = lot.choice(EDITS)
    case = replace(case, edits=(*case.edits, edit))
    if edit == "urgency":
        return replace(case, target=lot.choice(TARGETS) * 60)
    if edit == "calendar":
        return replace(case, place=places[1] if case.place is places[0] else places[0])
    if edit == "policy":
        paused_in = lot.choice([(), ("waiting_external",), ("waiting_reporter", "waiting_external")])
        return replace(case, paused_in=frozenset(paused_in))
    if lot.random() < 0.3:  # the clock of the second level: begins later, in whatever state the report was
        return replace(case, started=lot.choice(case.changes)[0])
    return _taken_over(lot, case, step)


def _taken_over(lot, case, step) -> Case:
    """Return the case with the clock of another report, which lived through that one's states until they merged."""
    merged = _some(lot, case.changes[0][0], case.now, step)
    started = merged - _gap(lot, step)
    if not 0 <= started < merged:
        return case
    there = [(started, "new"), *sorted((_some(lot, started, merged - 1, step), lot.choice(STATES)) for _ in range(2))]
    own = [status for at, status in case.changes if at <= merged][-1]
    here = [(merged, own), *(change for change in case.changes if change[0] > merged)]
    return replace(case, started=started, changes=(*there, *here))


def _gap(lot, step) -> int:
    return _some(lot, 0, lot.choice([5_400, 86_400, 5 * 86_400]), step)


def _some(lot, least, most, step) -> int:
    return lot.randint(least // step, most // step) * step


def _awkward(case: Case, view: Wall):
    """Yield what makes this moment a hard one, for the report to show that such were among them."""
    starts, now = (view.instant(second).astimezone(BERLIN) for second in (case.started, case.now))
    if starts.utcoffset() != now.utcoffset():
        yield "over a clock change"
    if not case.place.minutes.is_open[case.started // 60]:
        yield "started while closed"
    for begins, ends, status in _states(case):
        days = {day.weekday() for day in case.place.minutes.days_of(begins, min(ends, case.now))}
        if status in case.paused_in | ENDED and set(WEEKEND) <= days:
            yield "paused over a weekend"
            break
    statuses = [status for _, status in case.changes]
    if any(one in ENDED and then not in ENDED for one, then in pairwise(statuses)):
        yield "opened again"


# --- The judgement ---


def _differences(case: Case, view: Wall, judged: Judged, lot, facts):
    """Yield a sentence for every figure on which the product and the one who counts disagree."""
    minutes, hours = case.place.minutes, case.place.hours
    states = _states(case)
    still = case.paused_in | ENDED
    running = [(begins, ends) for begins, ends, status in states if status not in still]
    # The end of the window is the end of what the oracle has seen.
    now, later = min(case.now, minutes.length - 1), min(case.now + _gap(lot, 1), minutes.length - 1)

    def said(what, product, counted):
        facts["figures compared"] += 1
        if product != counted:
            yield f"{what}: {product} by the clock, {counted} by the wall"

    try:
        clock = judged.clock(case, view)
        for until in {now, later}:
            used = sum(minutes.count(begins, min(ends, until)) for begins, ends in running if begins < until)
            at = view.instant(until)
            yield from said("used", clock.used(at).total_seconds(), used)
            yield from said(
                "remaining", clock.remaining(at, _seconds(case.target)).total_seconds(), case.target - used
            )
        for what, share in (("due", 100), ("half", 50), ("four fifths", 80)):
            target = _seconds(case.target)
            product = clock.due_at(target) if share == 100 else clock.percent_at(share / 100, target)
            counted = minutes.reached(running, case.target * share // 100)
            yield from said(what, *_both(view, product, counted, bool(states) and states[-1][2] not in still))
            facts["beyond the window"] += counted is None and product is not None
            if share == 100 and counted is not None:
                yield from _walked_back(hours, minutes, view, counted, lot.randint(1, case.target), said)
        yield from said("open", hours.is_open(view.instant(now)), bool(minutes.is_open[now // 60]))
        opening = minutes.opens_at(now)
        if opening is not None:
            yield from said("next opening", hours.next_open(view.instant(now)), view.instant(opening))
        yield from _ledger(clock, case, view, states, still, later, said)
    except (NeverOpens, ValueError) as error:
        yield f"refused: {error!r}"


def _both(view, product, counted, runs_on):
    """Return both due times; a running clock that is due beyond the window may be due at any time after it."""
    if counted is None and runs_on and product is not None and view.second(product) >= view.length:
        return None, None
    return product, None if counted is None else view.instant(counted)


def _walked_back(hours, minutes, view, end, seconds, said):
    counted = minutes.left_behind(end, seconds)
    if counted is not None:
        product = hours.subtract(view.instant(end), _seconds(seconds))
        yield from said("so long before", product, view.instant(counted))
        yield from said("from there", hours.between(product, view.instant(end)), _seconds(seconds))


def _ledger(clock, case, view, states, still, until, said):
    """Line by line: no gap, the right minutes, the right reason, and a sum that is what is shown."""
    if until < case.started:
        return
    lines = clock.ledger(view.instant(until))
    begins = [view.second(line.begins) for line in lines]
    ends = [view.second(line.ends) for line in lines]
    yield from said("lines follow each other", [*begins, until], [case.started, *ends])
    counted = sum((line.counted for line in lines), timedelta(0))
    yield from said("sum of the ledger", counted, clock.used(view.instant(until)))
    minutes = case.place.minutes
    for line, start, end in zip(lines, map(int, begins), map(int, ends), strict=True):
        in_it = [(max(a, start), min(b, end), status) for a, b, status in states if a < end and start < b]
        worked = sum(minutes.count(a, b) for a, b, status in in_it if status not in still)
        yield from said("a line", line.counted.total_seconds(), worked)
        yield from said("its reason", (line.reason, line.name), _reason(case, in_it, still, start, end))


def _reason(case, in_it, still, start, end):
    """Return why all of a line counted, or why none of it did; a sentence where it is not one thing."""
    told = {status if status in still else "" for _, _, status in in_it}
    if len(told) > 1:
        return f"several: {told}"
    minutes = case.place.minutes
    if told != {""}:
        return Reason.PAUSED, told.pop()
    is_open = minutes.count(start, end)
    if is_open:
        return (Reason.COUNTED, "") if is_open == end - start else "not all of it is open"
    closed = {case.place.year.why(day) for day in minutes.days_of(start, end) if not minutes.open_days[day]}
    return closed.pop() if len(closed) == 1 else f"several: {closed}" if closed else (Reason.OUTSIDE_HOURS, "")


def _states(case: Case):
    """Return in which state the report was from when to when: from the start of its clock on, as far as one looks."""
    seconds = sorted({case.started, *(at for at, _ in case.changes if at > case.started)})
    until = [*seconds[1:], case.place.minutes.length]
    found = []
    for begins, ends in zip(seconds, until, strict=True):
        status = [status for at, status in case.changes if at <= begins][-1]
        found.append((begins, ends, status))
    return [state for state in found if state[0] < state[1]]


def _seconds(number) -> timedelta:
    return timedelta(seconds=number)
