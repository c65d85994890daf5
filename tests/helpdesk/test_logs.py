"""What stands in the log helps whoever looks after the machine, and tells nobody a word."""

import io
import json
import logging
import sys

import pytest
from django.test import Client

from helpdesk.logs import Json, Line, request_id
from notifications.delivery import deliver_outbox
from tests.city import MONDAY, PASSWORD
from tickets import letters

SECRET = "Nachtigall-4711"


@pytest.fixture(params=[Line, Json])
def written(request):
    """Return a function that tells what has been written, in either format."""
    entries = io.StringIO()
    handler = logging.StreamHandler(entries)
    handler.setFormatter(request.param())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield entries.getvalue
    root.removeHandler(handler)
    root.setLevel(before)


def raised(error, **more):
    """Return the record of an exception, as Django and Celery write them."""
    try:
        try:
            int("Nachtigall-4711")
        except ValueError as reason:
            raise error from reason
    except type(error):
        caught = sys.exc_info()
    record = logging.LogRecord("tests", logging.ERROR, __file__, 1, "It failed: %s", (7,), caught)
    for name, value in more.items():
        setattr(record, name, value)
    return record


def test_no_word_of_a_report_no_password_and_no_link_reaches_the_log(city, written, monkeypatch, settings):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    client = Client(raise_request_exception=False)
    client.post("/login/", {"email": city.teacher.email, "password": SECRET})
    client.post("/login/", {"email": city.teacher.email, "password": PASSWORD})
    words = {"school": "100001", "category": "display", "description": f"Das Wort ist {SECRET}", "title": SECRET}
    assert client.post("/tickets/new/", words).status_code in (302, 422)
    client.get(f"/tickets/?q={SECRET}")
    client.get(f"/{SECRET}/")
    client.get(f"/password/set/5f0c6a5e-0d3e-4a43-8f2a-8a3f0f5d4c11/{SECRET}/")
    client.get("/health/live", headers={"host": f"{SECRET}.example.org"})
    client.get("/api/v1/tickets/", headers={"Authorization": f"Bearer {SECRET}"})

    def broken(*args, **kwargs):
        raise ValueError(f"{SECRET} for {city.teacher.email}")

    monkeypatch.setattr("tickets.views.report.ReportForm", broken)
    assert client.post("/tickets/new/", words).status_code == 500
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    city.escalated(city.report(description=f"Das Wort ist {SECRET}", category=city.network))
    deliver_outbox(at=MONDAY, compose=letters.compose)

    told = written()
    assert (
        "builtins.ValueError" in told and "500 POST tickets/new/" in told and "mail server not reached" in told
    )  # there is something to read
    for secret in (SECRET, SECRET.lower(), PASSWORD, city.teacher.email, city.teacher.last_name):
        assert secret not in told


def test_an_exception_is_told_by_its_classes_and_places_alone():
    record = raised(KeyError("Nachtigall-4711"))
    for told in (Line().format(record), Json().format(record)):
        assert "builtins.KeyError" in told and "builtins.ValueError" in told
        assert "test_logs.py" in told and "raised" in told
        assert "Nachtigall" not in told


@pytest.mark.parametrize(
    ("told_by_celery", "end"),
    [
        ({"eta": None}, "received"),
        ({"runtime": 0.0312, "return_value": "Nachtigall"}, "succeeded in 0.031 s"),
        ({"exc": "KeyError('Nachtigall')"}, "is tried again"),
        ({"exc": "KeyError('Nachtigall')", "description": "raised unexpected"}, "raised unexpected"),
    ],
)
def test_a_task_is_told_without_what_it_was_given_or_said(told_by_celery, end):
    facts = {"id": "5f0c", "name": "tickets.tasks.sweep_deadlines", "args": "Nachtigall", **told_by_celery}
    record = raised(KeyError("Nachtigall-4711"), data=facts)
    told = json.loads(Json().format(record))
    assert told["message"] == f"tickets.tasks.sweep_deadlines [5f0c] {end}"
    assert "Nachtigall" not in json.dumps(told)


def test_every_line_of_json_is_one_object_whatever_is_in_it():
    record = logging.LogRecord("tests", logging.INFO, __file__, 1, 'Zeile 1\nZeile 2 "%s"', ("Ärger",), None)
    told = Json().format(record)
    assert "\n" not in told
    assert json.loads(told) == {
        "at": json.loads(told)["at"],
        "level": "info",
        "logger": "tests",
        "message": 'Zeile 1 Zeile 2 "Ärger"',
    }
    assert "\n" not in Line().format(record)


def test_the_entries_of_a_request_carry_the_id_of_its_answer(client, written, db):
    answer = client.get("/there/is/nothing/here")
    assert answer.headers["X-Request-ID"] in written()
    assert request_id.get() == ""
    assert client.get("/health/live").headers["X-Request-ID"] != answer.headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [
        (1, "0190a7c2-af3e", True),
        (0, "0190a7c2-af3e", False),
        (1, "zu kurz", False),
        (1, "x" * 65, False),
        (1, 'a"b=c;d e/../', False),
    ],
)
def test_only_an_id_of_our_own_proxy_is_taken_over(client, settings, proxies, given, taken):
    settings.TRUSTED_PROXIES = proxies
    answer = client.get("/health/live", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is taken
