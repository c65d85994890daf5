"""One table at a time for each person, and never all threads of a process; whatever ends it gives the turn back."""

import pytest
from django.db import connection

from accounts.commands import ExportRefused, export
from accounts.commands.export_turns import AT_ONCE, ONE_TABLE
from accounts.models import AccountEvent
from foundation.tables import Column, Table
from tests.city import MONDAY

LIST = "/tickets/export/"


def things(rows=("x", "y")):
    return Table("things", "Things", [Column("it", lambda row: row)], iter(rows), 2)


@pytest.fixture
def elsewhere(db):
    """Another thread or process: a session of its own."""
    other = connection.copy()
    other.ensure_connection()
    yield other
    other.close()


def ask(session, function, person):
    with session.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [ONE_TABLE, person.pk])
        return cursor.fetchone()[0]


def is_free(session, person):
    """Return whether the person might begin another table, asked where the one before is not running."""
    free = ask(session, "pg_try_advisory_lock", person)
    return free and ask(session, "pg_advisory_unlock", person)


def test_a_second_table_is_refused_until_the_first_is_there_and_says_what_to_do(city, client, elsewhere):
    city.contact.language = "de"
    city.contact.save()
    client.force_login(city.contact)
    assert ask(elsewhere, "pg_try_advisory_lock", city.contact)
    refused = client.post(LIST)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert "Immer nur eine Tabelle auf einmal." in refused.content.decode()
    assert not AccountEvent.objects.filter(verb="exported").exists()
    client.force_login(city.manager)  # somebody else has a turn of their own
    assert client.post(LIST).getvalue()
    client.force_login(city.contact)
    assert ask(elsewhere, "pg_advisory_unlock", city.contact)
    assert client.post(LIST).getvalue()
    assert is_free(elsewhere, city.contact)


def breaks():
    yield "x"
    raise OSError("the disk is gone")


def read_to_the_end(stream):
    assert "".join(stream).endswith("y\r\n")


def stop_after_the_first_line(stream):
    next(stream)
    stream.close()  # as the server does when nobody listens any more


def never_read(stream):
    stream.close()


@pytest.mark.parametrize("end", [read_to_the_end, stop_after_the_first_line, never_read])
def test_the_turn_ends_with_the_table_however_that_ends(city, elsewhere, end):
    stream = export(table=things(), by=city.contact, at=MONDAY)
    assert not is_free(elsewhere, city.contact)
    end(stream)
    assert is_free(elsewhere, city.contact)
    stream.close()  # a second time is nothing
    assert is_free(elsewhere, city.contact)


def test_the_turn_ends_when_reading_the_rows_fails(city, elsewhere):
    with pytest.raises(OSError):
        "".join(export(table=things(breaks()), by=city.contact, at=MONDAY))
    assert is_free(elsewhere, city.contact)


def test_the_turn_ends_when_it_cannot_be_recorded(city, elsewhere, monkeypatch):
    def fails(*args, **kwargs):
        raise OSError

    monkeypatch.setattr("accounts.commands.exports.record", fails)
    with pytest.raises(OSError):
        export(table=things(), by=city.contact, at=MONDAY)
    assert is_free(elsewhere, city.contact)


def test_the_turn_of_a_killed_process_ends_with_its_connection(city, elsewhere):
    assert ask(elsewhere, "pg_try_advisory_lock", city.contact)
    with connection.cursor() as cursor:
        with elsewhere.cursor() as other:
            other.execute("SELECT pg_backend_pid()")
            [process] = other.fetchone()
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
        assert cursor.fetchone() == (True,)
    assert export(table=things(), by=city.contact, at=MONDAY).close() is None


def test_a_process_keeps_threads_for_pages(city, client):
    people = [city.contact, city.manager, city.teacher]
    streams = [export(table=things(), by=person, at=MONDAY) for person in people[:AT_ONCE]]
    for stream in streams:
        next(stream)
    with pytest.raises(ExportRefused):
        export(table=things(), by=people[AT_ONCE], at=MONDAY)
    client.force_login(people[AT_ONCE])
    refused = client.post(LIST)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert client.get("/tickets/").status_code == 200
    streams[0].close()
    assert client.post(LIST).getvalue()
    streams[1].close()
