"""Very many rows at once: drawn by several processes, looked at when all are there."""

import pytest
from django.db import IntegrityError, connection, transaction

from helpdesk.seed.bulk import TABLES
from helpdesk.seed.loading import FOREIGN_KEYS, INDEXES, filled_at_once
from helpdesk.seed.side_by_side import made_side_by_side
from tests.city import MONDAY
from tickets.models import Deadline, Ticket, TicketEvent

NAMES = [f'"{table._meta.db_table}"' for table in TABLES]


def keys_and_indexes():
    with connection.cursor() as cursor:
        found = []
        for question in (FOREIGN_KEYS, INDEXES):
            cursor.execute(question, [NAMES])
            found.append(sorted(cursor.fetchall()))
        return found


@pytest.mark.django_db
def test_afterwards_every_key_and_index_is_as_it_was(city):
    before = keys_and_indexes()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with filled_at_once(TABLES):
        assert keys_and_indexes() == [[], []]
        city.report()
    after = keys_and_indexes()
    assert after == before
    assert len(after[0]) >= 15 and any("gin" in definition for _, definition in after[1])


@pytest.mark.django_db
def test_a_row_that_points_nowhere_is_refused_in_the_end(city):
    ticket = city.report()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    wrong = TicketEvent(ticket_id=ticket.pk + 1000, verb="reported", at=MONDAY, status="new")
    with pytest.raises(IntegrityError, match="tickets_ticketevent"), transaction.atomic(), filled_at_once(TABLES):
        TicketEvent.objects.bulk_create([wrong])
    assert TicketEvent.objects.count() == Ticket.objects.count() == 1
    assert Deadline.objects.filter(ticket=ticket).exists()


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_what_several_processes_make_comes_in_its_order(processes):
    made = made_side_by_side(lambda piece: [piece] * 50_000, range(7), processes=processes)
    assert [rows[0] for rows in made] == list(range(7))


def test_a_process_that_fails_is_missed(capfd):
    with pytest.raises(RuntimeError, match="has ended"):
        list(made_side_by_side(lambda piece: 1 // piece, [2, 1, 0, 3], processes=2))
    assert "ZeroDivisionError" in capfd.readouterr().err
