from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from accounts import commands
from accounts.api_auth import BearerAuthentication
from accounts.models import AccountEvent, ApiToken
from tests.city import MONDAY

pytestmark = pytest.mark.django_db


def asks(header: str, at=MONDAY):
    request = APIRequestFactory().get("/api/v1/", headers={"Authorization": header} if header else {})
    request.at = at
    return BearerAuthentication().authenticate(request)


def test_a_key_opens_the_api_for_its_person(tilda):
    key, secret = commands.create_token(person=tilda, name=" Mein\x00 Skript ", by=tilda, at=MONDAY)
    assert asks(f"Bearer {secret}") == (tilda, key)
    assert asks(f"bearer {secret}") == (tilda, key)
    assert key.name == "Mein Skript"


def test_the_secret_is_kept_nowhere(tilda):
    key, secret = commands.create_token(person=tilda, name="Skript", by=tilda, at=MONDAY)
    kept = [str(value) for value in ApiToken.objects.values().get(pk=key.pk).values()]
    kept += [str(event.data) for event in AccountEvent.objects.all()]
    assert not any(secret in value for value in kept)
    assert secret.startswith(key.prefix)
    assert len(key.prefix) < len(secret) - 30


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer campusruf_wrong", "Bearer \xfc\xff", "Bearer a b"])
def test_a_wrong_key_is_refused(tilda, header):
    with pytest.raises(AuthenticationFailed):
        asks(header)


@pytest.mark.parametrize("header", ["", "Basic dGlsZGE6eA=="])
def test_without_a_key_the_session_is_asked(tilda, header):
    assert asks(header) is None


def test_a_withdrawn_key_is_refused_at_the_next_request(tilda, ada):
    key, secret = commands.create_token(person=tilda, name="Skript", by=tilda, at=MONDAY)
    with pytest.raises(PermissionDenied):
        commands.revoke_token(token=ada_key(ada), by=tilda, at=MONDAY)
    commands.revoke_token(token=key, by=ada, at=MONDAY)
    commands.revoke_token(token=key, by=tilda, at=MONDAY + timedelta(days=1))
    with pytest.raises(AuthenticationFailed):
        asks(f"Bearer {secret}")
    revocation = AccountEvent.objects.get(verb="token_revoked", person=tilda)
    assert revocation.by == ada


def ada_key(ada):
    return commands.create_token(person=ada, name="Adas", by=ada, at=MONDAY)[0]


def test_a_key_ends_when_it_was_agreed(tilda):
    _key, secret = commands.create_token(
        person=tilda, name="Skript", by=tilda, at=MONDAY, expires_at=MONDAY + timedelta(days=1)
    )
    assert asks(f"Bearer {secret}", MONDAY + timedelta(hours=23))
    with pytest.raises(AuthenticationFailed):
        asks(f"Bearer {secret}", MONDAY + timedelta(days=1))


def test_keys_are_made_by_their_person_and_not_without_end(tilda, ada):
    with pytest.raises(PermissionDenied):
        commands.create_token(person=tilda, name="Skript", by=ada, at=MONDAY)
    for _ in range(20):
        commands.create_token(person=tilda, name="Skript", by=tilda, at=MONDAY)
    with pytest.raises(ValidationError):
        commands.create_token(person=tilda, name="Skript", by=tilda, at=MONDAY)


def test_one_sees_and_withdraws_only_ones_own_keys(client, tilda, ada, clock):
    key = ada_key(ada)
    client.force_login(tilda)
    assert client.post(f"/account/keys/{key.pk}/revocation/").status_code == 404
    assert key.name not in client.get("/account/").content.decode()
    client.force_login(ada)
    assert client.post(f"/account/keys/{key.pk}/revocation/").status_code == 302
    key.refresh_from_db()
    assert key.revoked_at == clock.at


def test_a_new_key_is_shown_once(client, tilda, clock):
    client.force_login(tilda)
    made = client.post("/account/keys/new/", {"name": "Skript", "days": "30"})
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    assert asks(f"Bearer {secret}", clock.at + timedelta(days=30))
    page = client.get("/account/").content.decode()
    assert secret not in page
    assert "Skript" in page


@pytest.mark.parametrize(
    "posted", [{}, {"name": "", "days": "30"}, {"name": "x" * 81, "days": "30"}, {"name": "x", "days": "9999"}]
)
def test_a_key_needs_a_name_and_a_known_period(client, tilda, posted):
    client.force_login(tilda)
    assert client.post("/account/keys/new/", posted).status_code == 422
    assert not ApiToken.objects.exists()
