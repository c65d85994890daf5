"""What people choose holds, and a slip keeps what was typed."""

import pytest

from notifications.models import Preference
from tests.city import MONDAY

CHOSEN = {
    "questions": "at_once",
    "work": "digest",
    "progress": "program",
    "results": "program",
    "reminders": "at_once",
    "digest_at": "06:45",
    "quiet": "own",
    "quiet_from": "19:00",
    "quiet_until": "06:30",
    "budget": "7",
}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


@pytest.fixture
def page(city, client):
    client.force_login(city.teacher)
    return client


def test_what_was_chosen_is_kept(city, page):
    assert page.post("/account/notifications/", CHOSEN).status_code == 302
    kept = Preference.objects.get(person=city.teacher)
    for name, value in CHOSEN.items():
        told = getattr(kept, name)
        assert (told.strftime("%H:%M") if hasattr(told, "strftime") else str(told)) == value
    shown = page.get("/account/notifications/").content.decode()
    assert 'value="06:45"' in shown and 'value="7"' in shown


@pytest.mark.parametrize(
    "slip, says",
    [
        ({"budget": "0"}, "größer oder gleich 1"),
        ({"budget": "101"}, "kleiner oder gleich 100"),
        ({"budget": "viele"}, "ganze Zahl"),
        ({"digest_at": "25:00"}, "Geben Sie eine Uhrzeit an"),
        ({"work": "by pigeon"}, "by pigeon"),
        ({"quiet_from": "06:30"}, "zur gleichen Zeit"),
        ({"quiet": ""}, "Diese Angabe fehlt"),
    ],
)
def test_a_slip_is_told_and_everything_typed_is_still_there(city, page, slip, says):
    answer = page.post("/account/notifications/", {**CHOSEN, **slip})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert says in shown and 'value="06:45"' in shown.replace("25:00", "06:45")
    assert not Preference.objects.exists()


def test_it_is_found_from_the_account_and_from_the_notices(page):
    for address in ("/account/", "/notices/"):
        assert 'href="/account/notifications/"' in page.get(address).content.decode()


def test_what_is_chosen_is_ones_own(city, page, client):
    page.post("/account/notifications/", CHOSEN)
    client.force_login(city.colleague)
    assert 'value="06:45"' not in client.get("/account/notifications/").content.decode()
