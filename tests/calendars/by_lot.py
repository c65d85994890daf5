"""Calendars drawn by lot, and what somebody with the page of the year in hand says about a day.

The public holidays are written out here: whoever judges does not ask the package that is judged.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

WEEKEND, MIDNIGHT = (5, 6), 24 * 60
NRW = {
    date(2026, 4, 3): "Karfreitag",
    date(2026, 4, 6): "Ostermontag",
    date(2026, 5, 1): "Erster Mai",
    date(2026, 5, 14): "Christi Himmelfahrt",
    date(2026, 5, 25): "Pfingstmontag",
    date(2026, 6, 4): "Fronleichnam",
    date(2026, 10, 3): "Tag der Deutschen Einheit",
    date(2026, 11, 1): "Allerheiligen",
    date(2026, 12, 25): "Erster Weihnachtstag",
    date(2026, 12, 26): "Zweiter Weihnachtstag",
    date(2027, 1, 1): "Neujahr",
}

Periods = tuple[tuple[int, int], ...]  # minutes of the day; 1440 is its end


@dataclass
class Year:
    """The facts of a calendar, all of them rows of a settings page."""

    week: dict[int, Periods]
    rule: str = "open"
    own_week: dict[int, Periods] = field(default_factory=dict)
    closed: dict[date, str] = field(default_factory=dict)
    holidays: dict[date, str] = field(default_factory=dict)
    movable: dict[date, str] = field(default_factory=dict)

    def periods_on(self, day: date) -> Periods:
        """Return when it is open on this day."""
        if day in self.closed or day in NRW:
            return ()
        if self._is_school_free(day):
            return () if self.rule == "closed" else self.own_week.get(day.weekday(), ())
        return self.week.get(day.weekday(), ())

    def why(self, day: date) -> tuple[str, str]:
        """Return why nothing is open on this day, and what that is called."""
        if day in self.closed:
            return "closed_day", self.closed[day]
        if day in NRW:
            return "public_holiday", NRW[day]
        if self._is_school_free(day) and (self.rule == "closed" or day.weekday() not in WEEKEND):
            return "school_free", self.holidays.get(day) or self.movable[day]
        return ("weekend" if day.weekday() in WEEKEND else "outside_hours"), ""

    def _is_school_free(self, day):
        return self.rule != "open" and (day in self.holidays or day in self.movable)


def draw_year(lot: random.Random, first: date, days: int) -> Year:
    """Draw a calendar whose special days lie in a window."""

    def some(most):
        return [first + timedelta(days=lot.randrange(days)) for _ in range(lot.randint(0, most))]

    holidays = {}
    for number, begins in enumerate(some(2)):
        holidays |= {begins + timedelta(days=n): f"Ferien {number}" for n in range(lot.randint(3, 16))}
    return Year(
        week=_week(lot),
        rule=lot.choice(["open", "closed", "own_hours"]),
        own_week=_week(lot),
        closed={day: f"Ausflug {lot.randrange(3)}" for day in some(4)},
        holidays=holidays,
        movable=dict.fromkeys(some(3), "Brückentag"),
    )


def _week(lot) -> dict[int, Periods]:
    kind = lot.randrange(8)
    if kind == 0:
        return dict.fromkeys(range(7), ((0, MIDNIGHT),))
    if kind == 1:
        return dict.fromkeys(range(7), ((0, 6 * 60), (22 * 60, MIDNIGHT)))
    if kind in (2, 3, 4):
        workday = lot.choice([((450, 960),), ((480, 720), (780, 990)), ((450, 570), (585, 705), (720, 960))])
        return {**dict.fromkeys(range(5), workday), **({5: ((540, 720),)} if lot.random() < 0.2 else {})}
    weekdays = lot.sample(range(7), lot.randint(2, 7))
    return {weekday: _periods(lot) for weekday in weekdays}


def _periods(lot) -> Periods:
    """Draw one to three periods; every other day with one to the end of the day, some around the clock change."""
    edges = sorted(lot.sample(range(MIDNIGHT) if lot.random() < 0.7 else range(60, 240), 2 * lot.randint(1, 3)))
    if lot.random() < 0.5:
        edges[-1] = MIDNIGHT
    return tuple(zip(edges[::2], edges[1::2], strict=True))
