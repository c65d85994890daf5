"""Counts figures out of the reports and writes them down: one statement, whatever the number of reports.

`arithmetic.figures_of` counts the same in another way; `verify_figures` and the tests compare the two.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from foundation.berlin import start_of_day
from reports.arithmetic import ANSWERS_AT_ONCE, MOST, STEPS, USUAL
from reports.models import OF_THE_CITY, PeriodFigures, Scope
from reports.periods import HALF, MONTH, YEAR, Period
from tickets.lifecycle import OPEN
from tickets.models import Rating
from tickets.models.ticket_queries import UNCOUNTED

#: What each scope goes by; what belongs to no part of it has the key "".
KEYS = {
    Scope.SCHOOL: "school_id::text",
    Scope.CAMPUS: "coalesce(campus_id::text, '')",
    Scope.FORM: "form",
    Scope.DISTRICT: "district",
    Scope.CATEGORY: "category_id::text",
    Scope.CITY: "''",
}
#: The answers of each school that are told: in the order they came, those that make whole steps.
ANSWERS = """
answer AS MATERIALIZED (
    SELECT ticket_id, is_satisfied
    FROM (
        SELECT
            rating.ticket_id, rating.value = %(good)s AS is_satisfied,
            row_number() OVER (PARTITION BY ticket.school_id ORDER BY rating.at, rating.ticket_id) AS place,
            count(*) OVER (PARTITION BY ticket.school_id) AS number
        FROM tickets_rating rating JOIN tickets_ticket ticket ON ticket.id = rating.ticket_id
        WHERE {counts}
    ) AS given
    WHERE place <= number - number %% %(answers)s
),
"""
#: Which reports count: of a school year, and of one school where it is asked for.
COUNTS = """
    NOT ticket.confidential AND ticket.status <> ALL(%(uncounted)s)
        AND ticket.created_at >= %(begins)s AND ticket.created_at < %(ends)s {of_school}
"""
#: One row for each report of a school year that counts. Months and halves are those of the clock on the wall.
FACTS = """
facts AS MATERIALIZED (
    SELECT
        %(year)s::date AS year,
        CASE WHEN month < %(second_half)s THEN %(year)s::date ELSE %(second_half)s::date END AS half,
        month,
        ticket.school_id, ticket.campus_id, school.form, school.district, ticket.category_id, ticket.room_id,
        ticket.resolved_at IS NOT NULL AS is_solved,
        ticket.status = ANY(%(open)s) AS is_open,
        ticket.first_escalated_at IS NULL AS at_first_level,
        response.used AS responded_in,
        CASE WHEN ticket.resolved_at IS NOT NULL THEN solution.used END AS solved_in,
        CASE
            WHEN solution.ended_at IS NOT NULL THEN NULL
            WHEN solution.met_at IS NOT NULL THEN solution.missed_at IS NULL
            WHEN solution.missed_at IS NOT NULL THEN false
        END AS is_kept,
        answer.is_satisfied
    FROM tickets_ticket ticket
    CROSS JOIN LATERAL (
        SELECT date_trunc('month', ticket.created_at AT TIME ZONE 'Europe/Berlin')::date AS month
    ) AS reported
    JOIN schools_school school ON school.id = ticket.school_id
    LEFT JOIN tickets_deadline response ON response.ticket_id = ticket.id AND response.kind = 'first_response'
    LEFT JOIN tickets_deadline solution ON solution.ticket_id = ticket.id AND solution.kind = 'resolution'
    LEFT JOIN answer ON answer.ticket_id = ticket.id
    WHERE {counts}
),
"""
#: A group without a month is one of a half, and without a half one of the year.
PERIOD = f"""
    coalesce(month, half, %(year)s) AS first,
    CASE WHEN month IS NOT NULL THEN {MONTH} WHEN half IS NOT NULL THEN {HALF} ELSE {YEAR} END AS months"""
#: Kinds or rooms of each school, by their names, as `models.Group` reads them.
GROUPS = """
{groups} AS MATERIALIZED (
    SELECT school_id::text AS key, {period}, jsonb_object_agg(name, told) AS {groups}
    FROM (
        SELECT school_id, half, month, coalesce({column}::text, '') AS name, jsonb_build_array(
            count(*),
            count(solved_in),
            extract(epoch FROM percentile_cont(%(usual)s) WITHIN GROUP (ORDER BY solved_in))
        ) AS told
        FROM facts
        GROUP BY GROUPING SETS (
            (school_id, {column}), (school_id, {column}, half), (school_id, {column}, half, month)
        )
    ) AS each
    GROUP BY school_id, half, month
),
"""
#: What each period comes to.
COUNTED = """
counted AS MATERIALIZED (
    SELECT
        scope, key, {period},
        count(*) AS reported,
        count(*) FILTER (WHERE is_solved) AS solved,
        count(*) FILTER (WHERE is_open) AS open,
        count(responded_in) AS responded_number,
        percentile_cont(%(told)s) WITHIN GROUP (ORDER BY responded_in) AS response,
        count(solved_in) AS solved_number,
        percentile_cont(%(told)s) WITHIN GROUP (ORDER BY solved_in) AS solution,
        ARRAY[{within}] AS solved_within,
        count(*) FILTER (WHERE is_solved AND at_first_level) AS first_level_part,
        count(*) FILTER (WHERE is_kept) AS kept_part,
        count(is_kept) AS kept_number,
        count(*) FILTER (WHERE is_satisfied) AS satisfied_part,
        count(is_satisfied) AS answered_number
    FROM facts
    CROSS JOIN LATERAL (VALUES {scopes}) AS part (scope, key)
    GROUP BY GROUPING SETS ((scope, key), (scope, key, half), (scope, key, half, month))
)
"""
WRITE = """
INSERT INTO reports_periodfigures (
    scope, key, first, months, reported, solved, open, responded_number, responded_usual, responded_most,
    solved_number, solved_usual, solved_most, solved_within, first_level_part, kept_part, kept_number,
    satisfied_part, answered_number, kinds, rooms, as_of
)
SELECT
    scope, key, first, months, reported, solved, open, responded_number, response[1], response[2],
    solved_number, solution[1], solution[2], solved_within, first_level_part, kept_part, kept_number,
    satisfied_part, answered_number, {groups}, %(as_of)s
FROM counted
"""
WITH_GROUPS = "JOIN {groups} USING (key, first, months) "
COLUMNS = {"kinds": "category_id", "rooms": "room_id"}


def build_schools(year: Period, *, as_of: datetime, school: int | None = None) -> None:
    """Count a school year of all schools, or of one, anew in place of what was there. Runs in a transaction."""
    rows = PeriodFigures.objects.filter(scope=Scope.SCHOOL).in_years([year])
    if school is not None:
        rows = rows.filter(key=str(school))
    rows.delete()
    groups = "".join(GROUPS.format(groups=name, column=column, period=PERIOD) for name, column in COLUMNS.items())
    joined = "".join(WITH_GROUPS.format(groups=name) for name in COLUMNS)
    _write(year, [Scope.SCHOOL], as_of, school=school, groups=groups, told=", ".join(COLUMNS), joined=joined)


def build_city(year: Period, *, as_of: datetime) -> None:
    """Count a school year of all scopes of the city anew in place of what was there. Runs in a transaction."""
    PeriodFigures.objects.filter(scope__in=OF_THE_CITY).in_years([year]).delete()
    _write(year, OF_THE_CITY, as_of)


def _write(
    year: Period,
    scopes: Collection[Scope],
    as_of: datetime,
    *,
    school: int | None = None,
    groups: str = "",
    told: str = "'{}', '{}'",
    joined: str = "",
) -> None:
    values = ", ".join(f"('{scope}', {KEYS[scope]})" for scope in scopes)
    within = ", ".join(f"count(*) FILTER (WHERE solved_in <= %(step{n})s)" for n in range(len(STEPS)))
    counts = COUNTS.format(of_school="" if school is None else "AND ticket.school_id = %(school)s")
    statement = "".join(
        (
            "WITH ",
            ANSWERS.format(counts=counts),
            FACTS.format(counts=counts),
            groups,
            COUNTED.format(within=within, scopes=values, period=PERIOD),
            WRITE.format(groups=told),
            joined,
        )
    )
    facts = {
        "year": year.first,
        "second_half": year.parts[1].first,
        "begins": start_of_day(year.first),
        "ends": start_of_day(year.ends),
        "open": sorted(OPEN),
        "uncounted": sorted(UNCOUNTED),
        "school": school,
        "good": Rating.Value.GOOD.value,
        "answers": ANSWERS_AT_ONCE,
        "usual": USUAL / 100,
        "told": [USUAL / 100, MOST / 100],
        "as_of": as_of,
        **{f"step{n}": step for n, step in enumerate(STEPS)},
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
