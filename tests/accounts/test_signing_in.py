from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import throttle
from accounts.backends import EmailBackend
from accounts.models import AccountEvent, SignInFailure, User
from tests.city import MONDAY, PASSWORD

pytestmark = pytest.mark.django_db
EMAIL = "tilda.tafel@city.example"


@pytest.fixture(autouse=True)
def monday(clock):
    return clock


def signs_in(client, email=EMAIL, password=PASSWORD, network="192.0.2.1", **more):
    return client.post("/login/", {"email": email, "password": password, **more}, REMOTE_ADDR=network)


def is_in(client) -> bool:
    return SESSION_KEY in client.session


def test_a_person_signs_in_with_address_and_password(client, tilda):
    answer = signs_in(client)
    assert (answer.status_code, answer.url) == (302, "/")
    assert is_in(client)
    assert AccountEvent.objects.get(person=tilda).verb == "signed_in"
    assert not SignInFailure.objects.exists()


@pytest.mark.parametrize("typed", [" Tilda.Tafel@CITY.example ", "TILDA.TAFEL@city.example"])
def test_the_address_may_be_typed_in_capitals(client, tilda, typed):
    signs_in(client, email=typed)
    assert is_in(client)


def test_whatever_is_wrong_the_answer_is_the_same(tilda):
    User.objects.create_user("closed@city.example", PASSWORD, first_name="C", last_name="C", is_active=False)
    User.objects.create_user("invited@city.example", first_name="I", last_name="I")
    answers = set()
    for email, password in [
        (EMAIL, "falsch-geraten"),
        ("niemand@city.example", PASSWORD),
        ("keine-adresse", PASSWORD),
        ("closed@city.example", PASSWORD),
        ("invited@city.example", PASSWORD),
    ]:
        client = Client()
        with CaptureQueriesContext(connection) as statements:
            answer = signs_in(client, email, password)
        assert not is_in(client)
        assert password not in answer.content.decode()
        answers.add((answer.status_code, str(answer.context["form"].errors), len(statements)))
    assert len(answers) == 1
    assert {status for status, _errors, _statements in answers} == {422}
    noted = AccountEvent.objects.values_list("verb", "data", "by")
    assert list(noted) == [("sign_in_failed", {}, None)] * 5


def test_an_unknown_address_costs_a_password_hash_too(tilda, monkeypatch):
    hashed = []
    monkeypatch.setattr("accounts.backends.make_password", hashed.append)
    assert EmailBackend().authenticate(None, email="niemand@city.example", password="geraten") is None
    assert hashed == ["geraten"]


def test_the_demo_password_opens_nothing_outside_the_demo(client, settings, db):
    User.objects.create_user("campus@demo.example", "demo", first_name="Mona", last_name="Mobil")
    settings.DEMO = False
    signs_in(client, "campus@demo.example", "demo")
    assert not is_in(client)
    settings.DEMO = True
    signs_in(client, "campus@demo.example", "demo")
    assert is_in(client)


def test_signing_in_gives_the_session_a_new_id(client, tilda):
    client.get("/login/")
    session = client.session
    session["fixed"] = "by somebody else"
    session.save()
    client.cookies["session"] = session.session_key
    signs_in(client)
    assert client.session.session_key != session.session_key


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/tickets/?q=a", "/tickets/?q=a"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("http:///evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("evil.example", "/"),
        ("/\x00//evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
    ],
)
def test_one_goes_on_only_to_a_page_of_ours(client, tilda, wanted, goes_to):
    assert signs_in(client, next=wanted).url == goes_to
    assert client.get("/login/", {"next": wanted}).url == goes_to


@pytest.mark.parametrize(
    ("posted", "fields"),
    [
        ({}, {"email", "password"}),
        ({"email": EMAIL}, {"password"}),
        ({"email": "x" * 1_000_000 + "@city.example", "password": "x"}, {"email"}),
        ({"email": EMAIL, "password": "x" * 1_000_000}, {"password"}),
        ({"email": EMAIL, "password": "nul\x00"}, {"password"}),
    ],
)
def test_nonsense_is_refused_with_a_sentence(client, tilda, posted, fields):
    answer = client.post("/login/", posted)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == fields
    assert not SignInFailure.objects.exists()


@pytest.mark.parametrize("email", ["\x00", "a\x00@city.example", "‮@city.example"])
def test_control_characters_do_no_harm(client, tilda, email):
    assert signs_in(client, email=email).status_code == 422


# --- How often one may try ---


def test_after_five_failures_the_account_rests_for_this_network(client, tilda, clock):
    for _ in range(5):
        assert signs_in(client, password="falsch").status_code == 422
        clock.moves(minutes=1)
    refused = signs_in(client)  # now with the right password
    assert refused.status_code == 429
    assert "9:15" in refused.content.decode()
    assert refused.headers["Retry-After"] == "600"
    assert not is_in(client)
    verbs = list(AccountEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["sign_in_failed"] * 5 + ["locked"]
    clock.moves(minutes=10)
    assert signs_in(client).status_code == 302


def test_attempts_while_resting_make_the_rest_no_longer(client, tilda, clock):
    for _ in range(5):
        signs_in(client, password="falsch")
    for _ in range(20):
        assert signs_in(client, password="falsch").status_code == 429
    clock.moves(minutes=15)
    assert signs_in(client).status_code == 302


def test_a_staff_room_behind_one_address_is_not_locked_out(client, clock, tilda):
    for number in range(40):
        User.objects.create_user(f"l{number}@city.example", PASSWORD, first_name="L", last_name="L")
    for number in range(40):
        for _ in range(4):
            signs_in(client, f"l{number}@city.example", "vertippt")
    for _ in range(5):
        signs_in(client, "l0@city.example", "vertippt")
    assert signs_in(client, "l0@city.example").status_code == 429
    assert signs_in(client, "l39@city.example").status_code == 302
    client.logout()
    assert signs_in(client).status_code == 302


def test_a_guesser_elsewhere_does_not_lock_the_person_out_at_once(client, tilda):
    for _ in range(5):
        signs_in(client, password="geraten", network="203.0.113.9")
    assert signs_in(client, network="203.0.113.9").status_code == 429
    assert signs_in(client, network="192.0.2.1").status_code == 302


def test_guessers_from_many_networks_are_stopped_after_thirty(client, tilda, clock):
    for number in range(30):
        assert signs_in(client, password="geraten", network=f"203.0.113.{number}").status_code == 422
    assert signs_in(client, network="192.0.2.1").status_code == 429
    clock.moves(minutes=15)
    assert signs_in(client, network="192.0.2.1").status_code == 302


def test_an_account_that_does_not_exist_rests_in_the_same_way(client, tilda):
    answers = {}
    for email in (EMAIL, "niemand@city.example"):
        for _ in range(5):
            signs_in(client, email, "geraten")
        refused = signs_in(client, email, "geraten")
        answers[email] = (refused.status_code, str(refused.context["form"].errors), refused.headers["Retry-After"])
    assert len(set(answers.values())) == 1


def test_attempts_at_the_same_moment_see_each_other(tilda):
    counted = [throttle.begin(email=EMAIL, network="192.0.2.1", at=MONDAY) for _ in range(5)]
    assert len(counted) == 5  # none of them has an answer yet
    with pytest.raises(throttle.TooManyFailures):
        throttle.begin(email=EMAIL, network="192.0.2.1", at=MONDAY)


def test_ipv6_neighbours_of_one_line_count_as_one(client, tilda):
    for number in range(5):
        signs_in(client, password="geraten", network=f"2001:db8:1:2::{number}")
    assert signs_in(client, network="2001:db8:1:2:ffff::1").status_code == 429
    assert signs_in(client, network="2001:db8:1:3::1").status_code == 302


def test_only_our_own_proxy_is_believed(client, tilda, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(5):
        client.post(
            "/login/",
            {"email": EMAIL, "password": "geraten"},
            headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"},
        )
    assert set(SignInFailure.objects.values_list("network", flat=True)) == {"203.0.113.9"}
    settings.TRUSTED_PROXIES = 0
    client.post("/login/", {"email": EMAIL, "password": "x"}, headers={"X-Forwarded-For": "198.51.100.7"})
    assert SignInFailure.objects.filter(network="127.0.0.1").exists()


# --- Going out, and how long one stays in ---


def test_signing_out_ends_the_session_on_the_server(client, tilda):
    signs_in(client)
    kept = client.cookies["session"].value
    left = client.post("/logout/")
    assert (left.status_code, left.url) == (302, "/login/")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies["session"] = kept
    assert client.get("/account/").status_code == 302
    assert AccountEvent.objects.filter(verb="signed_out", person=tilda).count() == 1


def test_a_link_signs_nobody_out(client, tilda):
    signs_in(client)
    assert client.get("/logout/").status_code == 405
    assert is_in(client)
    assert client.post("/logout/").status_code == 302
    assert client.post("/logout/").status_code == 302  # twice does no harm


def test_forms_of_other_sites_are_refused(tilda):
    strict = Client(enforce_csrf_checks=True)
    for address in ("/login/", "/logout/", "/language/", "/barrier/", "/password/reset/"):
        assert strict.post(address, {"email": EMAIL}).status_code == 403


def test_a_session_nobody_uses_ends_after_eight_hours(client, tilda, clock):
    signs_in(client)
    clock.moves(hours=8, minutes=1)
    assert client.get("/account/").status_code == 302


def test_a_session_in_use_ends_after_twelve_hours(client, tilda, clock):
    signs_in(client)
    for _ in range(4):
        clock.moves(hours=2, minutes=59)
        assert client.get("/account/").status_code == 200
    clock.moves(minutes=5)
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("header", ["HX-Polling", "X-Polling"])
def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(client, tilda, clock, header):
    signs_in(client)
    for _ in range(3):
        clock.moves(hours=2, minutes=30)
        assert client.get("/account/", headers={header: "true"}).status_code == 200
    clock.moves(minutes=31)
    assert client.get("/account/", headers={header: "true"}).status_code == 302


def test_using_the_program_is_written_down_every_few_minutes_only(client, tilda, clock):
    signs_in(client)
    seen = client.session["seen_at"]
    clock.moves(minutes=4)
    client.get("/account/")
    assert client.session["seen_at"] == seen
    clock.moves(minutes=4)
    client.get("/account/")
    assert client.session["seen_at"] == seen + timedelta(minutes=8).total_seconds()
