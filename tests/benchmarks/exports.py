"""What it takes to take along a list of very many reports: time, statements, and memory, which must not grow.

bin/python -m tests.benchmarks.exports --tickets 10000 1000000
"""

import argparse
import resource
import time
from pathlib import Path

from tests.rehearsals.theatre import stage


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, nargs="+", default=[1_000, 10_000, 1_000_000])
    wishes = parser.parse_args()
    with stage():
        measure(sorted(wishes.tickets))


def measure(numbers: list[int]) -> None:
    """Take along the list of the helpdesk with so many reports, one after the other."""
    from tests.city import City, berlin

    now = berlin(2026, 3, 2, 9)
    city = City()
    city.report(at=now, description="Der Beamer in der Aula bleibt dunkel, und der Ton ist auch weg")
    _take_along(city.helpdesk, now)  # what is loaded once is loaded
    _say("| rows | first line | all of it | rows a processor second | statements | megabytes sent | memory more |")
    _say("| --- | --- | --- | --- | --- | --- | --- |")
    for number in numbers:
        _multiply(number)
        _say(f"| {_take_along(city.helpdesk, now)} |")


def _multiply(number: int) -> None:
    """Let there be so many reports, each as the first one but for its number and its words."""
    from django.db import connection

    from tickets.models import Ticket

    told = {"serial", "number", "words", "id", "title"}
    columns = ", ".join(field.column for field in Ticket._meta.concrete_fields if field.column not in told)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO tickets_ticket (title, {columns}) SELECT title || ' ' || n, {columns} "
            "FROM (SELECT * FROM tickets_ticket ORDER BY id LIMIT 1) first, generate_series(1, %s) n",
            [number - Ticket.objects.count()],
        )
        cursor.execute("VACUUM ANALYZE tickets_ticket")


def _take_along(person, at) -> str:
    from django.db import connection

    from accounts.commands import export
    from schools.duties import viewer_of
    from tickets.search import Search
    from tickets.tables import table_of_search

    statements = 0

    def counted(execute, *asked):
        nonlocal statements
        statements += 1
        return execute(*asked)

    before, most, first, sent = _memory(), 0, None, 0
    began, worked = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(counted):
        table = table_of_search(Search(viewer_of(person, at)))
        for lines in export(table=table, by=person, at=at):
            first = first or time.perf_counter() - began
            sent += len(lines.encode())
            most = max(most, _memory())
    took = time.perf_counter() - began
    more = (most - before) / 1e6
    rate = table.count / (time.process_time() - worked)
    return (
        f"{table.count:,} | {first:.2f} s | {took:.1f} s | {rate:,.0f} | {statements} | "
        f"{sent / 1e6:.1f} | {more:.1f} MB"
    )


def _memory() -> int:
    """Return how many bytes of memory this process has now, those of the database's client included."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
