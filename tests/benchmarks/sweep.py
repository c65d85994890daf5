"""How long one sweep takes to find and to do what is due among very many reports.

bin/python -m tests.benchmarks.sweep --tickets 1000000 --open 50000 --due 1000
"""

import argparse
import json
import time

from tests.rehearsals.theatre import stage

LOOKS = 200  # times the statement that finds what is due is asked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=50_000)
    parser.add_argument("--due", type=int, default=1_000)
    wishes = parser.parse_args()
    with stage():
        measure(wishes)


def measure(wishes) -> None:
    """Fill the city, let so many clocks fall due, and sweep once."""
    from django.db import connection
    from django.utils import timezone

    from helpdesk.seed.city import Wishes, seed_city
    from tickets.commands.sweep import sweep
    from tickets.models import Deadline, StepTaken, Ticket

    now = timezone.now()
    began = time.monotonic()
    seed_city(Wishes(tickets=wishes.tickets, devices=0, years=3), now=now, tell=lambda line: None)
    _say(f"{Ticket.objects.count()} reports written in {time.monotonic() - began:.0f} s")
    began = time.monotonic()
    _open_again(wishes.open, now)
    watched = Deadline.objects.filter(next_at__isnull=False)
    _say(
        f"{Ticket.objects.open().count()} of them open, {watched.count()} clocks with a next step, "
        f"{Deadline.objects.count()} clocks in all ({time.monotonic() - began:.0f} s)"
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE tickets_deadline")
    # The instant at which so many are due, in the middle of a service day.
    at = watched.order_by("next_at").values_list("next_at", flat=True)[wishes.due - 1]
    due = Deadline.objects.due(at)
    _say(f"{due.count()} clocks due at {at:%Y-%m-%d %H:%M} UTC")
    sql, parameters = due.values_list("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql} LIMIT 1", parameters)
        [plan] = cursor.fetchone()[0]
        _say(json.dumps(_short(plan["Plan"])))
        took = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            cursor.execute(f"{sql} LIMIT 1", parameters)
            cursor.fetchall()
            took.append(time.perf_counter() - began)
    _say(f"finding the first: median {sorted(took)[LOOKS // 2] * 1000:.2f} ms of {LOOKS}")
    began = time.monotonic()
    swept = sweep(at=at, limit=wishes.due)
    _say(f"one sweep: {swept} in {time.monotonic() - began:.1f} s, {StepTaken.objects.filter(at=at).count()} steps")


def _open_again(number: int, now) -> None:
    """Let the latest reports be open, as many as wished for: as if nobody had done anything since the morning."""
    from tickets.commands.recompute import HAVE_CLOCKS, work_out
    from tickets.models import Deadline, Ticket, TicketEvent

    missing = number - Ticket.objects.open().count()
    if missing <= 0:
        return
    closed = list(Ticket.objects.filter(status="closed").order_by("-pk").values_list("pk", flat=True)[:missing])
    fresh = {"status": "new", "level": "first", "team": None, "assignee": None, "resolved_at": None, "closed_at": None}
    for first in range(0, len(closed), 1000):
        keys = closed[first : first + 1000]
        Ticket.objects.filter(pk__in=keys).update(**fresh, closed_from="", created_at=now, changed_at=now)
        clocks = Deadline.objects.filter(ticket__in=keys)
        clocks.exclude(kind__in=["first_response", "resolution"]).delete()
        clocks.update(met_at=None, ended_at=None, missed_at=None, started_at=now)
        TicketEvent.objects.bulk_create(
            TicketEvent(ticket_id=pk, verb="reported", at=now, status="new", version=1) for pk in keys
        )
        work_out(Ticket.objects.filter(HAVE_CLOCKS, pk__in=keys).values_list("pk", flat=True), at=now)


def _short(plan: dict) -> dict:
    """Return of a plan what it does and what it touched."""
    told = {name: plan[name] for name in ("Node Type", "Index Name") if name in plan}
    told["pages"] = plan.get("Shared Hit Blocks", 0) + plan.get("Shared Read Blocks", 0)
    if inner := plan.get("Plans"):
        told["of"] = [_short(part) for part in inner]
    return told


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
