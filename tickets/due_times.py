"""Which due times the page of a ticket shows: those that run now, and how the promise of a solution ended."""

from datetime import datetime

from tickets.ladder import Clock
from tickets.models import Deadline, Ticket

INSTANTS = ("started_at", "due_at", "paused_at", "missed_at", "met_at", "ended_at")


def due_times_of(ticket: Ticket, *, works: bool) -> list[Deadline]:
    """Return the clocks to show of a ticket that came `with_clocks`, without reading anything more.

    How fast the second level responds is only for readers who work on it.
    """
    latest = {facts["kind"]: _read(facts) for facts in getattr(ticket, "clock_facts", ())}
    shown = [latest[kind] for kind in Clock.values if kind in latest]
    return [row for row in shown if _is_shown(row) and (works or row.kind != Clock.SECOND_RESPONSE)]


def _is_shown(row: Deadline) -> bool:
    return row.is_running or (row.kind == Clock.RESOLUTION and row.met_at is not None)


def _read(facts: dict) -> Deadline:
    instants = {name: facts[name] and datetime.fromisoformat(facts[name]) for name in INSTANTS}
    return Deadline(kind=Clock(facts["kind"]), **instants)
