"""Whoever writes into the figures by hand is found out: every row that is changed, missing or too many is named."""

from contextlib import contextmanager, nullcontext
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from reports.keeping import keep_figures
from reports.management.commands import verify_figures
from reports.models import StaleMonth
from reports.periods import Period
from reports.truth import kept
from schools.models import Room
from tests.city import berlin
from tests.reports.rows import bulk
from tests.reports.twenty import NOW, twenty_reports
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
YEAR = Period.named("2025-2026")
SCHOOL_YEAR = "scope = 'school' AND months = 12"
INSERT = """
    INSERT INTO reports_periodfigures (scope, key, first, months, reported, solved, open, responded_number,
        solved_number, solved_within, first_level_part, kept_part, kept_number, kinds, rooms, as_of)
    SELECT {scope}, {key}, {first}, {months}, reported, solved, open, responded_number,
        solved_number, solved_within, first_level_part, kept_part, kept_number, kinds, rooms, as_of
    FROM reports_periodfigures WHERE scope = 'school' AND months = 12
"""


@pytest.fixture
def counted_city(city):
    twenty_reports(city)
    keep_figures(at=NOW)
    assert verified() == ""
    return city


@contextmanager
def taken_back():
    """Undo at the end what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > 0


def verified():
    """Return what the command names, nothing where all is right."""
    out = StringIO()
    try:
        # The test is a transaction of its own, and shall be seen from inside.
        with patch.object(verify_figures, "snapshot", nullcontext):
            call_command("verify_figures", stdout=out)
    except CommandError as error:
        assert "figures differ" in str(error)
        return out.getvalue()
    return ""


def surplus(**places):
    ours = {"scope": "scope", "key": "key", "first": "first", "months": "months", **places}
    return INSERT.format(**ours)


WRITTEN = [
    *[
        (
            f"UPDATE reports_periodfigures SET {column} = {column} + 1 WHERE {SCHOOL_YEAR}",
            "school 100001 2025-2026",
        )
        for column in (
            *("reported", "solved", "open", "responded_number", "solved_number"),
            *("first_level_part", "kept_part", "kept_number", "satisfied_part", "answered_number"),
        )
    ],
    *[
        (f"UPDATE reports_periodfigures SET {column} = {value} WHERE {SCHOOL_YEAR}", "school 100001 2025-2026")
        for column, value in (
            ("responded_usual", "'1 s'"),
            ("responded_most", "NULL"),
            ("solved_usual", "solved_usual + '1 ms'"),
            ("solved_most", "NULL"),
            ("solved_within", "'{1,2,3}'"),
            ("solved_within", "'{}'"),
            ("kinds", "'{}'"),
            ("kinds", """'{"999999": [11, 9, 60, 0]}'"""),  # a kind there is not
            ("kinds", """'{"display": [11, 9, 60, 0]}'"""),  # not by its key
            ("kinds", """'{"1": [11]}'"""),
            ("kinds", "'[]'"),
            ("kinds", "'null'"),
            ("rooms", """'{"": [6, 1, 60, 0]}'"""),
            ("rooms", """'{"x": 5}'"""),
        )
    ],
    (
        "UPDATE reports_periodfigures SET solved_within = '{5,5,5}' WHERE scope = 'campus' AND months = 12",
        "campus",
    ),
    (f"DELETE FROM reports_periodfigures WHERE {SCHOOL_YEAR}", "school 100001 2025-2026, reported: nothing"),
    ("DELETE FROM reports_periodfigures WHERE scope = 'city'", "city 2025-2026, reported: nothing"),
    ("DELETE FROM reports_periodfigures", "category"),
    ("UPDATE reports_periodfigures SET scope = 'form' WHERE scope = 'district'", "district"),
    ("UPDATE reports_periodfigures SET key = key || '999' WHERE scope = 'category'", "category"),
    ("UPDATE reports_periodfigures SET first = '2025-12-01' WHERE months = 1 AND first = '2025-11-01'", "2025-12"),
    ("UPDATE reports_periodfigures SET months = 3 WHERE scope = 'city' AND months = 6", "city"),
    (surplus(first="'2019-08-01'::date"), "school 100001 2019-2020"),
    (surplus(first="'2031-08-01'::date"), "school 100001 2031-2032"),
    (surplus(first="'2025-08-15'::date"), "school 100001"),
    (surplus(first="'1975-08-01'::date"), "school 100001"),
    (surplus(key="'424242'"), "school which is gone (424242)"),
    (surplus(key="'nonsense'"), "school which is gone (nonsense)"),
    (surplus(scope="'planet'", key="'mars'"), "planet mars 2025-2026"),
    (surplus(scope="'city'", key="'x'"), "city x 2025-2026"),
]


def test_whatever_is_written_into_figures_by_hand_is_named(counted_city):
    for change, named in WRITTEN:
        with taken_back():
            sql(change)
            assert named in verified(), change


def test_times_of_a_row_without_solutions_are_named_too(city):
    city.report(at=berlin(2025, 11, 10, 8))
    keep_figures(at=NOW)
    sql(f"UPDATE reports_periodfigures SET solved_within = '{{1,1,1}}' WHERE {SCHOOL_YEAR}")
    assert "solved_within" in verified()


CHANGES = [
    "DELETE FROM tickets_deadline WHERE ticket_id = {report}; DELETE FROM tickets_ticket WHERE id = {report}",
    "DELETE FROM tickets_deadline WHERE ticket_id = {report}",
    "UPDATE tickets_deadline SET used = used * 2 WHERE ticket_id = {report}",
    "UPDATE tickets_deadline SET missed_at = now() WHERE ticket_id = {report}",
    "UPDATE tickets_ticket SET school_id = {other}, room_id = NULL WHERE id = {report}",
    "UPDATE tickets_ticket SET school_id = {other} WHERE school_id = {school}",  # two schools become one
    "UPDATE tickets_ticket SET created_at = created_at - interval '40 days' WHERE id = {report}",
    "UPDATE tickets_ticket SET campus_id = {campus} WHERE id = {report}",
    "UPDATE tickets_ticket SET category_id = {network} WHERE id = {report}",
    "UPDATE tickets_ticket SET room_id = NULL WHERE room_id = {room}; DELETE FROM schools_room WHERE id = {room}",
    "UPDATE tickets_ticket SET confidential = true WHERE id = {report}",
    "UPDATE tickets_ticket SET status = 'withdrawn' WHERE id = {report}",
    "UPDATE tickets_ticket SET first_escalated_at = now() WHERE id = {report}",
    "UPDATE schools_school SET form = 'grundschule' WHERE id = {school}",
    "UPDATE schools_school SET district = 'Mengede' WHERE id = {school}",
    "INSERT INTO tickets_rating SELECT id, 'good', '', now() FROM tickets_ticket WHERE id > {report} - 5",
]


def test_sql_by_hand_in_what_figures_are_made_of_is_counted_by_itself(counted_city):
    city = counted_city
    bulk(city.brecht, city, berlin(2025, 11, 10, 8), timedelta(hours=1), number=6)
    report = Ticket.objects.latest("pk")
    room = Room.objects.create(school=city.brecht, name="Z 1")
    Ticket.objects.filter(pk=report.pk).update(room=room)
    keep_figures(at=NOW + timedelta(hours=1))
    places = {"report": report.pk, "school": city.brecht.pk, "other": city.kant.pk, "network": city.network.pk}
    places |= {"room": room.pk, "campus": city.asseln.pk}
    for change in CHANGES:
        with taken_back():
            before = kept(YEAR)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(change.format(**places))
            assert StaleMonth.objects.exclude(school=None).exists(), change
            keep_figures(at=NOW + timedelta(hours=2))
            assert verified() == "" and kept(YEAR) != before, change


def test_new_names_of_kinds_rooms_and_schools_change_no_figure(counted_city):
    sql("UPDATE tickets_category SET name_de = 'Ganz anders', slug = 'anders' WHERE slug = 'display'")
    sql("UPDATE schools_room SET name = 'X ' || name")
    sql("UPDATE schools_school SET name = 'Umbenannt ' || number")
    assert not StaleMonth.objects.exists() and verified() == ""
