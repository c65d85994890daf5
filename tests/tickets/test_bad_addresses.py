"""Whatever stands in an address is answered; nothing breaks, and reading changes nothing."""

import re
import uuid

import pytest
from django.db import connection

from foundation.paging import page_of
from tickets.models import Ticket

HUGE = str(10**40)
NUMBERS = ["%00", "%ff", "DO-2026-%00", "x" * 2000, "..%2F..%2Fetc", "DO-2026-1%27--", "%F0%9F%92%A9", "1e400"]
#: %ff is broken UTF-8, %ED%A0%80 half a surrogate.
VALUES = ["%00", "%ff", "%ED%A0%80", "x" * 5000, "%27%22", "[]", "-1", HUGE, "%F0%9F%92%A9", "1%00", "%25", "_"]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_nobody_has(city, client, clock, number):
    client.force_login(city.helpdesk)
    for address in (f"/tickets/{number}/", f"/tickets/{number}/accept/", f"/schools/{number}/"):
        assert client.get(address).status_code == 404, address
    assert client.post(f"/tickets/{number}/accept/").status_code == 404
    assert client.post(f"/tickets/{number}/comment/", {"text": "x"}).status_code == 404
    assert client.get(f"/tickets/{number}/photos/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("value", VALUES)
def test_values_nobody_means(city, client, clock, value):
    city.report()
    for person in (city.teacher, city.manager, city.helpdesk):
        client.force_login(person)
        for path, names in {
            "/tickets/": ("q", "school", "status"),
            "/queue/": ("tab", "school"),
            "/tickets/new/": ("category", "room", "draft"),
            "/schools/": ("q", "campus", "page"),
            "/notices/": ("show",),
            "/demo/mails/": ("x",),
            "/": ("next",),
        }.items():
            for name in names:
                answer = client.get(f"{path}?{name}={value}")
                may = path != "/queue/" or person != city.teacher
                assert answer.status_code in ((200, 302) if may else (403,)), (path, name)


CURSORS = [
    "x",
    "%00",
    "%ff",
    "W10",  # []
    "WzFd",  # [1]
    "WyJ4Il0",  # ["x"]
    "WyIxIiwiMSJd",  # ["1","1"]
    "W251bGxd",  # [null]
    "WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OSJd",
    "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwiMSJd",
    "Wy" + "Nb" * 2000,
    "W1tbW1tb" * 700,
]


@pytest.mark.parametrize("cursor", CURSORS)
def test_cursors_that_were_not_made_here(city, client, clock, cursor):
    city.report()
    client.force_login(city.manager)
    for path in ("/tickets/", "/queue/", "/queue/?tab=waiting", "/notices/", "/demo/mails/"):
        answer = client.get(f"{path}{'&' if '?' in path else '?'}after={cursor}")
        assert answer.status_code in (200, 404), path


def test_an_unknown_cursor_is_not_found(city, client, clock):
    client.force_login(city.manager)
    assert client.get("/tickets/?after=x").status_code == 404
    assert client.get("/queue/?after=x").status_code == 404


def test_the_pages_of_a_list_hold_every_report_once(city, client, clock):
    numbers = {city.report().number for _ in range(60)}
    client.force_login(city.manager)
    for path, expected in (("/tickets/", numbers), ("/queue/", numbers)):
        address, seen = path, []
        while address:
            page = client.get(address).content.decode()
            seen += re.findall(r'item__title" href="/tickets/([\w-]+)/"', page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            address = f"{path}{following[1].replace('&amp;', '&')}" if following else ""
        assert len(seen) == 60 and set(seen) == expected


def test_rows_without_a_due_time_come_last_and_are_not_lost(city):
    tickets = [city.report() for _ in range(5)]
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets[:3]]).update(due_at=None)
    cursor, seen = "", []
    while True:
        page = page_of(Ticket.objects.all(), order=("due_at", "id"), after=cursor, size=2)
        seen += page.rows
        cursor = page.next
        if not cursor:
            break
    assert seen == [*tickets[3:], *tickets[:3]]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_methods_nobody_offers(city, client, clock, method):
    ticket = city.report()
    client.force_login(city.manager)
    for address in (
        "/tickets/",
        "/tickets/new/",
        "/queue/",
        f"/tickets/{ticket.number}/",
        f"/tickets/{ticket.number}/accept/",
    ):
        assert getattr(client, method)(address).status_code == 405
    assert city.verbs_of(ticket) == ["reported"]


def test_reading_changes_nothing(city, client, clock):
    ticket = city.report()
    client.force_login(city.manager)
    client.get("/notices/")
    with connection.execute_wrapper(no_writing):
        for address in (
            "/queue/",
            "/tickets/",
            f"/tickets/{ticket.number}/",
            f"/tickets/{ticket.number}/accept/",
            f"/tickets/{ticket.number}/comment/",
            "/tickets/export/",
            "/notices/read/",
            "/tickets/new/",
            "/schools/100001/rooms/",
        ):
            assert client.get(address).status_code in (200, 405), address


def no_writing(execute, sql, params, many, context):
    assert sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "(SELECT")), sql
    return execute(sql, params, many, context)
