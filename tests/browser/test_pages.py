"""Every page of every role, with life in it, holds to what every page has to hold to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.conftest import PHONE
from tickets.commands import finish, work

PAGES = {
    "teacher": ["/tickets/new/", "/tickets/", "/tickets/{open}/", "/tickets/{waiting}/answer/", "/tickets/{solved}/"],
    "contact": ["/schools/100001/", "/schools/100001/rooms/", "/schools/100001/contacts/", "/schools/100001/access/"],
    "head": ["/schools/100001/", "/tickets/"],
    "manager": ["/queue/", "/tickets/{open}/", "/tickets/{taken}/", "/tickets/{taken}/resolve/", "/schools/"],
    "helpdesk": ["/queue/", "/tickets/new/", "/tickets/{taken}/ask/"],
    "coordinator": ["/queue/", "/tickets/", "/schools/100002/"],
    "administrator": ["/account/", "/account/keys/new/", "/account/password/", "/notices/"],
    None: ["/login/", "/password/reset/", "/barrier/", "/pages/imprint/", "/pages/licences/", "/nowhere/"],
}


@pytest.fixture
def numbers(city):
    """A few reports of the last days, in the states a page shows differently."""
    now = timezone.now()
    opened = city.report(at=now - timedelta(minutes=5), description="Das Bild bleibt dunkel.\nDer Ton geht.")
    taken = city.report(at=now - timedelta(days=3), category=city.network, room=city.b112, urgency="blocked")
    work.accept(ticket=taken, by=city.manager, at=now - timedelta(days=2))
    work.comment(ticket=taken, by=city.manager, at=now - timedelta(days=1), text="Schlüssel fehlt.", internal=True)
    waiting = city.report(at=now - timedelta(hours=4))
    work.ask(ticket=waiting, by=city.manager, at=now - timedelta(hours=3), text="Welche Lampe leuchtet?")
    solved = city.report(at=now - timedelta(hours=6))
    finish.resolve(ticket=solved, by=city.manager, at=now - timedelta(hours=1), solution="Kabel getauscht.", cause="")
    return {"open": opened.number, "taken": taken.number, "waiting": waiting.number, "solved": solved.number}


@pytest.mark.parametrize("role", PAGES)
def test_the_pages_of_a_role_are_in_order(role, numbers, city, live_server, new_page, sign_in, check_page, pictures):
    for scheme in ("light", "dark"):
        page = new_page(viewport=PHONE, color_scheme=scheme, has_touch=True)
        if role:
            sign_in(page, getattr(city, role))
        for address in PAGES[role]:
            page.goto(f"{live_server}{address.format(**numbers)}")
            if scheme == "light":
                pictures(page, f"{role}{address}".replace("/", "-").replace("{", "").replace("}", ""))
            check_page(page)
