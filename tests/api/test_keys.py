"""Who may speak to the API, and what a key is worth from one request to the next."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.commands.tokens import create_token, revoke_token
from accounts.models import ApiToken, CityRole
from campuses.models import CampusAssignment
from tests.city import MONDAY, PASSWORD


def status_of(secret):
    return Client().get("/api/v1/tickets/", headers={"Authorization": f"Bearer {secret}"}).status_code


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer falsch", "Bearer a b", "Bearer \xff", "Basic YTpi", "Bearer " + "x" * 5000],
)
def test_without_a_valid_key_nobody_is_there(city, clock, header):
    answer = Client().get("/api/v1/tickets/", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["status"] == 401


def test_a_key_ends_when_it_expires(city, clock):
    _token, secret = create_token(
        person=city.teacher, name="t", by=city.teacher, at=MONDAY, expires_at=MONDAY + timedelta(hours=1)
    )
    clock.at = MONDAY + timedelta(minutes=59)
    assert status_of(secret) == 200
    clock.at = MONDAY + timedelta(hours=1)
    assert status_of(secret) == 401


def test_a_withdrawn_key_is_refused_at_the_next_request(city, clock):
    token, secret = create_token(person=city.teacher, name="t", by=city.teacher, at=MONDAY)
    assert status_of(secret) == 200
    revoke_token(token=token, by=city.teacher, at=MONDAY)
    assert status_of(secret) == 401


def test_the_key_of_a_closed_account_is_refused_at_the_next_request(city, clock):
    _token, secret = create_token(person=city.teacher, name="t", by=city.teacher, at=MONDAY)
    city.teacher.is_active = False
    city.teacher.save()
    assert status_of(secret) == 401


def test_a_role_that_ended_counts_no_more_at_the_next_request(city, program):
    ticket = city.report()
    manager, helpdesk = program(city.manager), program(city.helpdesk)
    assert manager.get(f"tickets/{ticket.number}/").status_code == 200
    CampusAssignment.objects.filter(person=city.manager).update(ends_on=MONDAY.date() - timedelta(days=1))
    CityRole.objects.filter(person=city.helpdesk).delete()
    assert manager.get(f"tickets/{ticket.number}/").status_code == 404
    assert helpdesk.get(f"tickets/{ticket.number}/").status_code == 404


def test_a_key_is_not_written_to_by_its_use(city, program, count_sql):
    teacher = program(city.teacher)
    before = ApiToken.objects.values().get()
    teacher.get("tickets/")
    assert ApiToken.objects.values().get() == before


def test_a_session_reads_and_writes_with_the_token_against_forgery(city, clock):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(city.teacher, backend="accounts.backends.EmailBackend")
    assert browser.get("/api/v1/tickets/").status_code == 200
    body = {"school": city.brecht.number, "category": "display"}
    refused = browser.post("/api/v1/tickets/", body, content_type="application/json")
    assert refused.status_code == 403
    assert "X-CSRFToken" in refused.json()["detail"]
    secret = "a" * 32
    browser.cookies["csrf"] = secret
    answer = browser.post("/api/v1/tickets/", body, content_type="application/json", headers={"X-CSRFToken": secret})
    assert answer.status_code == 201


def test_a_session_costs_no_more_than_a_page_may(city, clock, count_sql):
    browser = Client()
    browser.force_login(city.teacher, backend="accounts.backends.EmailBackend")
    browser.get("/api/v1/tickets/")  # the first request of a session notes when it began
    body = {"school": city.brecht.number, "category": "display", "room": city.a204.pk}
    count, answer, sql = count_sql(
        lambda: browser.post(
            "/api/v1/tickets/", body, content_type="application/json", headers={"Idempotency-Key": "k"}
        )
    )
    assert answer.status_code == 201
    assert count <= 16, sql
    count, _answer, sql = count_sql(lambda: browser.get("/api/v1/tickets/"))
    assert count <= 10, sql


def test_signing_in_by_password_is_no_business_of_the_api(city, clock):
    answer = Client().post(
        "/api/v1/tickets/",
        {"email": city.teacher.email, "password": PASSWORD},
        content_type="application/json",
    )
    assert answer.status_code == 401
