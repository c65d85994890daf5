"""Finding what is due costs what is due, however many clocks there are."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.city import MONDAY
from tickets.commands.sweep import sweep
from tickets.models import Deadline

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(days=30)


def clocks(ticket, number: int, **facts) -> None:
    """Add so many clocks that are done, or as the facts say; each began a second before the last."""
    begun = Deadline.objects.count()
    Deadline.objects.bulk_create(
        Deadline(
            ticket=ticket,
            kind="second_response",
            target=timedelta(hours=1),
            started_at=MONDAY - timedelta(seconds=begun + place),
            **({"met_at": MONDAY} | facts),
        )
        for place in range(1, number + 1)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_deadline")


def looked_at(*, among_few: bool = False) -> tuple[str, int]:
    """Return by which index what is due is found, and how many entries of it that takes.

    `among_few`: where a handful of pages would be read as a whole, the index is asked for.
    """
    sql, parameters = Deadline.objects.due(MONDAY).values_list("pk")[:100].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_seqscan = {'off' if among_few else 'on'}")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", parameters)
        plan = cursor.fetchone()[0][0]["Plan"]
    while "Index Name" not in plan:
        [plan] = plan["Plans"]
    return plan["Index Name"], plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)


def test_what_is_due_is_found_as_fast_among_many_clocks_as_among_few(city):
    ticket = city.report(at=MONDAY - timedelta(days=100))
    Deadline.objects.all().delete()
    clocks(ticket, 20, met_at=None, next_at=MONDAY - timedelta(minutes=1))
    clocks(ticket, 400)
    clocks(ticket, 100, met_at=None, next_at=LATER)
    index, read = looked_at(among_few=True)
    assert index == "clocks_with_a_step_due"
    clocks(ticket, 12_000)
    clocks(ticket, 3_000, met_at=None, next_at=LATER)
    assert looked_at()[0] == index
    assert looked_at()[1] <= read <= 22  # the twenty, and the report's own two that are no longer there


def test_a_sweep_with_nothing_due_is_one_statement(city, django_assert_num_queries):
    for _ in range(5):
        city.report()
    with django_assert_num_queries(1):
        sweep(at=MONDAY)


def test_a_clock_takes_as_many_statements_whatever_else_there_is(city, django_assert_max_num_queries):
    city.report()
    for _ in range(20):
        city.report(school=city.kant, by=city.kant_teacher, at=MONDAY + timedelta(hours=2))
    with django_assert_max_num_queries(20):
        swept = sweep(at=MONDAY + timedelta(hours=4, minutes=15))
    assert swept.taken == 1
