import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import commands, tasks
from accounts.commands.passwords import send_access_mail
from accounts.links import kind_opened, token_for
from accounts.models import AccessMail, AccountEvent, SignInFailure, User
from pages.models import SiteSettings
from tests.city import MONDAY, PASSWORD

pytestmark = pytest.mark.django_db
NEW = "tafel-schwamm-und-kreide"


@pytest.fixture(autouse=True)
def monday(clock):
    return clock


def link_in(mail) -> str:
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/\S+)", mail.body)
    return link


def asks_for_link(client, mailoutbox, email="tilda.tafel@city.example") -> str:
    client.post("/password/reset/", {"email": email})
    tasks.send_access_mails()
    return link_in(mailoutbox[-1])


def chooses(client, link, password=NEW, repeated=None):
    client.get(link)
    return client.post("/password/set/", {"new_password": password, "repeated": repeated or password})


def test_asking_for_a_password_reveals_nothing(tilda):
    User.objects.create_user("closed@city.example", PASSWORD, first_name="C", last_name="C", is_active=False)
    answers = set()
    for email in ("tilda.tafel@city.example", "niemand@city.example", "closed@city.example"):
        client = Client()
        with CaptureQueriesContext(connection) as statements:
            answer = client.post("/password/reset/", {"email": email})
        page = client.get(answer.url)
        answers.add((answer.status_code, answer.url, len(statements), page.status_code))
        assert email not in page.content.decode()
    assert len(answers) == 1
    assert AccessMail.objects.count() == 3


def test_only_a_person_who_may_sign_in_gets_a_mail(client, tilda, mailoutbox):
    User.objects.create_user("closed@city.example", PASSWORD, first_name="C", last_name="C", is_active=False)
    for email in ("niemand@city.example", "closed@city.example", "TILDA.Tafel@city.example"):
        client.post("/password/reset/", {"email": email})
    tasks.send_access_mails()
    (mail,) = mailoutbox
    assert mail.to == ["Tilda Tafel <tilda.tafel@city.example>"]
    assert mail.subject == "Neues Passwort für Campusruf" or mail.subject == "New password for Campusruf"
    assert mail.body.startswith("Guten Tag Tilda Tafel,")
    assert "10:00" in mail.body
    assert "&" not in mail.body
    assert list(AccessMail.objects.order_by("pk").values_list("outcome", "email")) == [
        ("nobody", ""),
        ("nobody", ""),
        ("sent", ""),
    ]


def test_the_mail_speaks_the_language_of_the_person_and_names_the_hotline(client, tilda, mailoutbox):
    SiteSettings.objects.update_or_create(pk=1, defaults={"hotline_phone": "0231 000-100"})
    commands.change_profile(person=tilda, language="en")
    asks_for_link(client, mailoutbox)
    assert mailoutbox[0].body.startswith("Dear Tilda Tafel,")
    assert "0231 000-100" in mailoutbox[0].body


def test_the_host_of_a_link_is_configured_not_asked_for(client, tilda, mailoutbox, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/password/reset/", {"email": tilda.email}, headers={"Host": "evil.example"})
    tasks.send_access_mails()
    assert "evil.example" not in mailoutbox[0].body
    assert link_in(mailoutbox[0])


def test_one_address_gets_three_mails_an_hour_and_nobody_notices(client, tilda, mailoutbox, clock):
    answers = {client.post("/password/reset/", {"email": tilda.email}).url for _ in range(6)}
    tasks.send_access_mails()
    assert (len(answers), len(mailoutbox)) == (1, 3)
    clock.moves(hours=1)
    asks_for_link(client, mailoutbox)
    assert len(mailoutbox) == 4


def test_a_link_sets_a_password_once(client, tilda, mailoutbox, clock):
    link = asks_for_link(client, mailoutbox)
    moved = client.get(link)
    assert moved.url == "/password/set/"  # the secret has left the address
    assert client.get(moved.url).status_code == 200
    done = client.post("/password/set/", {"new_password": NEW, "repeated": NEW})
    assert (done.status_code, done.url) == (302, "/login/")
    assert SESSION_KEY not in client.session
    tilda.refresh_from_db()
    assert tilda.check_password(NEW)
    assert AccountEvent.objects.get(verb="password_changed").data == {"via": "reset"}
    for browser in (client, Client()):
        assert browser.get(link).status_code == 410
        assert browser.get("/password/set/").status_code == 410
    assert b"neuer Versuch" not in chooses(Client(), link, "noch-ein-anderes-wort").content
    tilda.refresh_from_db()
    assert tilda.check_password(NEW)


def test_two_browsers_cannot_use_one_link(tilda, mailoutbox):
    first, second = Client(), Client()
    link = asks_for_link(first, mailoutbox)
    first.get(link)
    second.get(link)
    assert chooses(first, link).status_code == 302
    late = second.post("/password/set/", {"new_password": "anderes-wort-1234", "repeated": "anderes-wort-1234"})
    assert late.status_code == 410


def test_a_new_password_ends_all_sessions_and_forgives_failures(tilda, mailoutbox):
    at_home, elsewhere = Client(), Client()
    elsewhere.post("/login/", {"email": tilda.email, "password": PASSWORD})
    for _ in range(5):
        at_home.post("/login/", {"email": tilda.email, "password": "vergessen"})
    assert at_home.post("/login/", {"email": tilda.email, "password": PASSWORD}).status_code == 429
    chooses(at_home, asks_for_link(at_home, mailoutbox))
    assert elsewhere.get("/account/").status_code == 302
    assert at_home.post("/login/", {"email": tilda.email, "password": NEW}).status_code == 302


@pytest.mark.parametrize(
    ("kind", "passed", "opens"),
    [
        ("reset", timedelta(0), True),
        ("reset", timedelta(minutes=59), True),
        ("reset", timedelta(minutes=61), False),
        ("invitation", timedelta(days=6, hours=23), True),
        ("invitation", timedelta(days=7, minutes=1), False),
        ("reset", timedelta(minutes=-5), False),
    ],
)
def test_a_link_has_its_time(tilda, kind, passed, opens):
    token = token_for(tilda, kind, at=MONDAY)
    assert (kind_opened(tilda, token, at=MONDAY + passed) == kind) is opens


def test_a_link_belongs_to_one_person_and_one_purpose(tilda, ada):
    token = token_for(tilda, "reset", at=MONDAY)
    assert kind_opened(ada, token, at=MONDAY) is None
    for forged in ("i" + token[1:], token[:-1] + ("0" if token[-1] != "0" else "1"), "", "r-", "r" * 5_000, "rü-ä"):
        assert kind_opened(tilda, forged, at=MONDAY) is None


@pytest.mark.parametrize("change", ["sign_in", "email", "deactivate", "password"])
def test_a_link_dies_when_the_account_changes(client, tilda, ada, change):
    token = token_for(tilda, "reset", at=MONDAY)
    if change == "sign_in":
        client.post("/login/", {"email": tilda.email, "password": PASSWORD})
    elif change == "email":
        tilda.email = "neu@city.example"
        commands.record_changes(person=tilda, fields=["email"], by=ada, at=MONDAY)
    elif change == "deactivate":
        commands.deactivate(person=tilda, by=ada, at=MONDAY)
    else:
        tilda.set_password(NEW)
        tilda.save()
    assert kind_opened(User.objects.get(pk=tilda.pk), token, at=MONDAY) is None


def test_an_unknown_person_and_an_unknown_token_look_alike(client, tilda):
    stranger = client.get("/password/set/00000000-0000-4000-8000-000000000000/r1-00/")
    wrong = client.get(f"/password/set/{tilda.public_id}/r1-00/")
    assert stranger.status_code == wrong.status_code == 410


@pytest.mark.parametrize(
    ("password", "repeated", "field"),
    [
        ("kurz", "kurz", "new_password"),
        ("123456789012", "123456789012", "new_password"),
        ("tilda.tafel@city.example", "tilda.tafel@city.example", "new_password"),
        (NEW, NEW + "x", "repeated"),
        (NEW, "", "repeated"),
        ("x" * 1_000_000, "x" * 1_000_000, "new_password"),
        ("demo", "demo", "new_password"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused(client, tilda, mailoutbox, password, repeated, field):
    client.get(asks_for_link(client, mailoutbox))
    answer = client.post("/password/set/", {"new_password": password, "repeated": repeated})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    tilda.refresh_from_db()
    assert tilda.check_password(PASSWORD)


@pytest.mark.parametrize("email", ["", "x", "a@b@c", "x" * 1_000_000, "a\x00@city.example", "a@city.example\nBcc: x"])
def test_what_is_no_address_is_refused(client, email):
    assert client.post("/password/reset/", {"email": email}).status_code == 422
    assert not AccessMail.objects.exists()


def test_a_name_cannot_write_headers(client, tilda, mailoutbox):
    tilda.first_name = "Tilda\nBcc: x@evil.example"
    tilda.save()
    client.post("/password/reset/", {"email": tilda.email})
    tasks.send_access_mails()
    assert all("evil" not in str(mail.message().get("Bcc", "")) for mail in mailoutbox)


# --- Mails that are owed ---


def test_an_invitation_lets_a_new_person_in(client, ada, mailoutbox, clock):
    person = commands.create_person(email="nora@city.example", first_name="Nora", last_name="Neu", by=ada, at=MONDAY)
    commands.invite(person=person, by=ada, at=MONDAY)
    tasks.send_access_mails()
    assert mailoutbox[0].subject in ("Einladung zu Campusruf", "Invitation to Campusruf")
    clock.moves(days=6)
    chooses(client, link_in(mailoutbox[0]))
    assert client.post("/login/", {"email": "nora@city.example", "password": NEW}).status_code == 302
    assert AccountEvent.objects.filter(verb="invited", person=person, by=ada).exists()


def test_a_mail_is_sent_once_however_often_the_clock_ticks(client, tilda, mailoutbox):
    asks_for_link(client, mailoutbox)
    (mail,) = AccessMail.objects.all()
    assert send_access_mail(mail_id=mail.pk, at=MONDAY) is False
    tasks.send_access_mails()
    assert len(mailoutbox) == 1


def test_a_claimed_mail_is_left_to_the_one_who_claimed_it(tilda, mailoutbox):
    mail = AccessMail.objects.create(
        kind="reset",
        email=tilda.email,
        account_key="k",
        requested_at=MONDAY,
        leased_until=MONDAY + timedelta(minutes=2),
    )
    assert send_access_mail(mail_id=mail.pk, at=MONDAY) is False
    assert send_access_mail(mail_id=mail.pk, at=MONDAY + timedelta(minutes=3)) is True


def test_a_broken_mail_server_is_tried_five_times_and_then_left_for_a_person(client, tilda, clock, monkeypatch):
    tries = []

    def fail(mail):
        tries.append(clock.at)
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    client.post("/password/reset/", {"email": tilda.email})
    for _ in range(300):
        tasks.send_access_mails()
        clock.moves(minutes=1)
    assert len(tries) == 5
    assert AccessMail.objects.parked().count() == 1
    assert not AccessMail.objects.due(at=clock.at).exists()


def test_traces_are_forgotten(client, tilda, clock, mailoutbox):
    client.post("/login/", {"email": tilda.email, "password": "falsch"})
    asks_for_link(client, mailoutbox)
    clock.moves(days=2)
    tasks.forget_traces()
    assert (SignInFailure.objects.count(), AccessMail.objects.count()) == (0, 1)
    clock.moves(days=6)
    tasks.forget_traces()
    assert AccessMail.objects.count() == 0


# --- Changing it in the account ---


def test_the_session_one_sits_at_survives_a_change_and_others_do_not(tilda):
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        browser.post("/login/", {"email": tilda.email, "password": PASSWORD})
    old_id = here.session.session_key
    changed = here.post("/account/password/", {"old_password": PASSWORD, "new_password": NEW, "repeated": NEW})
    assert (changed.status_code, changed.url) == (302, "/account/")
    assert here.get("/account/").status_code == 200
    assert here.session.session_key != old_id
    assert elsewhere.get("/account/").status_code == 302


def test_an_open_session_is_not_enough_to_change_the_password(client, tilda):
    client.force_login(tilda)
    guess = {"old_password": "geraten", "new_password": NEW, "repeated": NEW}
    for _ in range(5):
        assert client.post("/account/password/", guess).status_code == 422
    refused = client.post("/account/password/", {**guess, "old_password": PASSWORD})
    assert refused.status_code == 429
    tilda.refresh_from_db()
    assert tilda.check_password(PASSWORD)
