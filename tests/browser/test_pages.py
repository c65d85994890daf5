"""Every page of every role, with life in it, holds to what every page has to hold to."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.browser.conftest import PHONE
from tests.browser.test_journeys import picture
from tickets.commands import finish, work
from tickets.models import Ticket
from tickets.photos import clean_photo

# "!" after an address: send its form as it stands, and look at what comes back.
PAGES = {
    "teacher": [
        "/tickets/new/",
        "/tickets/new/ !",
        "/tickets/",
        "/tickets/?q=zebra",
        "/tickets/{open}/?sent=1",
        "/tickets/{waiting}/",
        "/tickets/{waiting}/answer/ !",
        "/tickets/{solved}/",
        "/notices/",
    ],
    "contact": ["/schools/100001/", "/schools/100001/rooms/", "/schools/100001/contacts/", "/schools/100001/access/"],
    "head": ["/schools/100001/", "/tickets/", "/tickets/{taken}/"],
    "manager": [
        "/queue/",
        "/queue/?tab=waiting&school=100001",
        "/tickets/{open}/",
        "/tickets/{taken}/",
        "/tickets/{taken}/ !",
        "/tickets/{taken}/resolve/ !",
        "/tickets/{taken}/wait/",
        "/tickets/{taken}/classify/",
        "/tickets/{taken}/restrict/",
        "/schools/",
    ],
    "helpdesk": ["/queue/", "/tickets/new/", "/tickets/{taken}/ask/ !"],
    "coordinator": ["/queue/", "/tickets/", "/schools/100002/"],
    "administrator": ["/account/", "/account/keys/new/", "/account/password/"],
    # Where nothing has happened yet.
    "kant_teacher": ["/tickets/", "/notices/"],
    "asseln_manager": ["/queue/", "/queue/?tab=waiting"],
    "stranger": ["/tickets/new/"],
    None: ["/login/", "/password/reset/", "/barrier/", "/pages/imprint/", "/pages/licences/", "/nowhere/"],
}
LONG = "Die-Dokumentenkamera-im-naturwissenschaftlichen-Vorbereitungsraum zeigt seit Montag kein Bild mehr. "


@pytest.fixture
def numbers(city):
    """A few reports of the last days, in the states a page shows differently."""
    now = timezone.now()
    photos = [clean_photo(SimpleUploadedFile("tafel.jpg", picture())) for _ in range(5)]
    opened = city.report(at=now - timedelta(minutes=5), description=LONG * 4, photos=photos)
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
        for told in PAGES[role]:
            address, _, press = told.format(**numbers).partition(" ")
            page.goto(f"{live_server}{address}")
            if press:
                page.locator("main form.form .kern-btn").first.click()
                page.locator(".errors").wait_for()
                assert page.evaluate("document.activeElement.id") == "errors"
            if scheme == "light":
                pictures(page, f"{role}{told}".translate(str.maketrans("/?=&", "----", "{} ")))
            check_page(page)


def test_a_step_that_comes_too_late_keeps_what_was_written(
    numbers, city, live_server, new_page, sign_in, check_page, pictures
):
    page = sign_in(new_page(viewport=PHONE), city.manager)
    for number, meanwhile, says in (
        (numbers["open"], take, "Jemand hat diese Meldung inzwischen geändert"),
        (numbers["taken"], solve, "Es wurde nichts geändert"),
    ):
        page.goto(f"{live_server}/tickets/{number}/ask/")
        page.fill("textarea", "Welche Lampe leuchtet?")
        meanwhile(Ticket.objects.get(number=number), city.manager)
        page.get_by_role("button", name="Rückfrage senden").click()
        page.get_by_text(says).wait_for()
        assert "Welche Lampe leuchtet?" in page.locator("main textarea, main .quote").first.evaluate(
            "element => element.value ?? element.textContent"
        )
        pictures(page, f"late-{meanwhile.__name__}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            check_page(page)


def take(ticket, person):
    work.accept(ticket=ticket, by=person, at=timezone.now())


def solve(ticket, person):
    finish.resolve(ticket=ticket, by=person, at=timezone.now(), solution="Kabel getauscht.", cause="")
