import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import commands
from accounts.models import AccessMail, AccountEvent, ApiToken, User
from accounts.permissions import is_administrator
from tests.city import MONDAY

pytestmark = pytest.mark.django_db
NEW = "tafel-schwamm-und-kreide"


def run(*words, **options) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_a_city_starts_with_one_command_and_one_link(client, clock):
    told = run("create_administrator", "Erste@Stadt.example", "--first-name", "Erste", "--last-name", "Person")
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/\S+)", told)
    client.get(link)
    client.post("/password/set/", {"new_password": NEW, "repeated": NEW})
    client.post("/login/", {"email": "erste@stadt.example", "password": NEW})
    assert client.get("/settings/").status_code == 200
    person = User.objects.get(email="erste@stadt.example")
    verbs = AccountEvent.objects.filter(person=person).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["created", "role_granted", "password_changed", "signed_in"]


def test_running_it_again_prints_a_new_link_and_grants_nothing_twice(clock):
    words = ("create_administrator", "erste@stadt.example", "--first-name", "Erste", "--last-name", "Person")
    run(*words)
    assert "http" in run(*words, "--mail")
    person = User.objects.get()
    assert person.city_roles.count() == 1
    assert AccessMail.objects.count() == 1


def test_somebody_who_is_here_already_becomes_administrator(clock, tilda):
    run("create_administrator", "TILDA.tafel@city.example")
    assert is_administrator(tilda, at=MONDAY)


def test_a_stranger_needs_a_name_and_an_address(clock):
    with pytest.raises(CommandError, match="first-name"):
        run("create_administrator", "neu@city.example")
    with pytest.raises(CommandError):
        run("create_administrator", "keine-adresse", "--first-name", "A", "--last-name", "B")
    assert not User.objects.exists()


def test_a_key_is_printed_alone_on_its_line(clock, tilda):
    secret = run("create_token", "Tilda.Tafel@city.example", "--days", "1").strip()
    assert "\n" not in secret
    assert ApiToken.objects.opened_by(secret, at=MONDAY).person == tilda


def test_no_key_for_nobody_for_no_time_or_for_a_closed_account(clock, tilda, ada):
    with pytest.raises(CommandError):
        run("create_token", "niemand@city.example")
    with pytest.raises(CommandError):
        run("create_token", tilda.email, "--days", "0")
    commands.deactivate(person=tilda, by=ada, at=MONDAY)
    with pytest.raises(CommandError):
        run("create_token", tilda.email)
