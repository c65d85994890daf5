"""What the page of figures reads: rows that were counted, found by their indexes, however many reports there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.discretion import levels
from reports.keeping import rebuild_year
from reports.models import PeriodFigures
from reports.periods import Period
from reports.statistics import Statistics
from schools.models import School
from tests.city import DAY, MONDAY

pytestmark = pytest.mark.django_db
#: Five years of all schools: 75 rows a school.
ROWS = """
    INSERT INTO reports_periodfigures (
        scope, key, first, months, reported, solved, open,
        responded_number, responded_usual, responded_most, solved_number, solved_usual, solved_most, solved_within,
        first_level_part, kept_part, kept_number, kinds, rooms, as_of
    )
    SELECT 'school', school.id::text, first, months, 9, 9, 0,
        9, '1 h', '2 h', 9, '1 h', '2 h', '{9,9,9}', 9, 9, 9,
        '{"1": [9, 9, 60]}', '{}', now()
    FROM schools_school school, generate_series(0, 4) AS year, (
        SELECT 12, 0 UNION ALL SELECT 6, 0 UNION ALL SELECT 6, 6 UNION ALL SELECT 1, generate_series(0, 11)
    ) AS part (months, later), LATERAL (
        SELECT ('2021-08-01'::date + make_interval(years => year, months => later))::date AS first
    ) AS begins
"""
MARKS = """
    INSERT INTO reports_stalemonth (school_id, month)
    SELECT id, '2026-03-01' FROM schools_school, generate_series(1, 20)
"""


@pytest.fixture
def many(city):
    """As many schools as the city has, and marks of changes of all of them."""
    School.objects.bulk_create(
        School(number=f"{300000 + n}", name=f"Beispiel {n}", form="gymnasium" if n % 8 == 0 else "grundschule")
        for n in range(150)
    )
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        cursor.execute(MARKS)
        cursor.execute("ANALYZE reports_periodfigures, reports_stalemonth, schools_school")


@pytest.fixture(params=["2025-2026", "2026-03"])
def period(request):
    return Period.named(request.param)


@pytest.fixture
def asked(city, many, period):
    """Every statement that the whole page takes, with what it is about to read."""
    head = city.viewer(city.head)
    with CaptureQueriesContext(connection) as captured:
        found = Statistics(head, city.brecht, period.name)
        assert found.told.figures.reported == found.before.figures.reported == 9
        assert found.comparison and found.kinds and found.rooms == [] and found.by_month and found.chart
        assert found.others.kept == 1 and found.earlier and found.as_of
    return [query["sql"] for query in captured.captured_queries]


def test_the_page_reads_no_report_and_no_clock(asked):
    assert len(asked) == 4  # its own rows and the others', names, marks
    assert not [sql for sql in asked if "tickets_ticket" in sql or "tickets_deadline" in sql]


def test_what_it_reads_is_found_by_indexes(asked, period):
    scans = [node for sql in asked for node in nodes_of(sql)]
    on = {"reports_periodfigures", "reports_stalemonth"}
    ours = [node for node in scans if node.get("Relation Name") in on]
    assert ours and not [node for node in ours if node["Node Type"] == "Seq Scan"]
    # Of each school at most this period and those that decide what may be told in it; of 11,500 rows.
    deciding = sum(len(level) for level in levels(period))
    assert max(node["Actual Rows"] for node in ours) <= School.objects.count() * deciding
    names = {node.get("Index Name") for node in scans}
    assert "marks_of_a_school_by_age" in names
    assert names & {"figures_are_there_once", "figures_of_all_in_a_period"}


def test_all_schools_are_counted_in_one_go_and_not_one_by_one(city, many):
    for school in School.objects.all():
        city.report(school=school, room=None, place="Aula", by=city.helpdesk)
    PeriodFigures.objects.all().delete()
    with CaptureQueriesContext(connection) as captured:
        rebuild_year(year=Period.year_of(DAY), at=MONDAY)
    counting = [query["sql"] for query in captured if "INSERT INTO reports_periodfigures" in query["sql"]]
    assert len(counting) == 2  # schools, city
    PeriodFigures.objects.all().delete()
    for sql in counting:
        gathers = [node for node in nodes_of(sql) if node["Node Type"] in ("Aggregate", "Sort", "Hash")]
        # Never where there is nothing to gather: nobody has answered here.
        assert gathers and all(node["Actual Loops"] <= 1 for node in gathers)


def nodes_of(sql):
    """Run a statement and return every node of its plan, with what it did."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        [(plan,)] = cursor.fetchall()
    todo, found = [plan[0]["Plan"]], []
    while todo:
        node = todo.pop()
        todo += node.get("Plans", [])
        found.append(node)
    return found
