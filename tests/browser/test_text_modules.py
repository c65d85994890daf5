"""Text modules with a keyboard, with a finger, and without scripts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.conftest import PHONE, TABLET
from textmodules.commands import add_own_text
from textmodules.models import TextModule
from tickets.commands import work
from tickets.models import Ticket

OPENER = "Textbaustein einfügen"


@pytest.fixture
def ticket(city):
    now = timezone.now()
    report = city.report(at=now - timedelta(hours=2), category=city.network)
    return work.accept(ticket=report, by=city.manager, at=now - timedelta(hours=1))


@pytest.fixture
def own(city):
    return add_own_text(
        title="Ich komme vorbei",
        body="Ich komme am … nach {Raum}.\n\n{Ich}",
        kinds=["message"],
        by=city.manager,
        at=timezone.now(),
    )


def opened(page):
    """Open the list below the first box and wait for it."""
    page.get_by_text(OPENER).first.click()
    page.locator("[data-insert]").first.wait_for()


def test_a_text_goes_in_where_the_cursor_stands(ticket, own, city, live_server, page, sign_in):
    sign_in(page, city.manager).goto(f"{live_server}/tickets/{ticket.number}/")
    box = page.get_by_role("textbox", name="Nachricht")
    box.fill("Guten Morgen.")
    opened(page)
    page.get_by_role("button", name="Ich komme vorbei").click()
    assert box.input_value() == "Guten Morgen.\n\nIch komme am … nach A 204.\n\nMona Mobil"
    # The gap is chosen, so that typing fills it; the list is closed, and a screen reader is told.
    page.keyboard.type("Dienstag")
    assert "Ich komme am Dienstag nach A 204." in box.input_value()
    assert not page.locator(".texts details").evaluate("details => details.open")
    assert "noch offen" in page.locator(".texts [role=status]").inner_text()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert "Dienstag" not in box.input_value()
    box.fill("Anfang Ende")
    box.evaluate("box => box.setSelectionRange(6, 6)")
    opened(page)
    page.get_by_role("button", name="Neu gestartet").or_(page.get_by_role("button", name="Gerät neu starten")).click()
    assert box.input_value().startswith("Anfang Guten Tag") and box.input_value().endswith(" Ende")
    assert page.heard == []


def test_the_keyboard_alone_is_enough(ticket, own, city, live_server, page, sign_in):
    sign_in(page, city.manager).goto(f"{live_server}/tickets/{ticket.number}/resolve/")
    page.get_by_text(OPENER).focus()
    page.keyboard.press("Enter")
    page.locator("[data-insert]").first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.type("kabel")
    assert "1" in page.locator(".texts [role=status]").inner_text()
    page.keyboard.press("Enter")  # the only one left goes in; the form is not sent
    box = page.locator("#id_solution")
    assert box.input_value().startswith("Ein Kabel war defekt.")
    assert page.evaluate("document.activeElement.id") == "id_solution"
    assert Ticket.objects.get().status == "in_progress"
    page.get_by_text(OPENER).focus()
    page.keyboard.press("Enter")
    page.locator("[data-insert]").first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.matches('li:nth-child(2) [data-insert]')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.texts summary')")
    assert not page.locator(".texts details").evaluate("details => details.open")


def test_the_open_list_outlives_what_others_do(ticket, own, city, live_server, page, sign_in):
    sign_in(page, city.manager).goto(f"{live_server}/tickets/{ticket.number}/")
    opened(page)
    page.get_by_role("searchbox").fill("komme vorbei")
    work.comment(ticket=ticket, by=city.teacher, at=timezone.now(), text="Es eilt jetzt doch.")
    page.evaluate("htmx.trigger(document.querySelector('[data-live]'), 'live')")
    page.get_by_text("Es eilt jetzt doch.").first.wait_for()
    assert page.get_by_role("searchbox").input_value() == "komme vorbei"
    page.get_by_role("button", name="Ich komme vorbei").click()
    assert page.get_by_role("textbox", name="Nachricht").input_value().startswith("Ich komme am")


def test_without_scripts_the_form_brings_the_text(ticket, own, city, live_server, new_page, sign_in, pictures):
    page = sign_in(new_page(viewport=PHONE, java_script_enabled=False), city.manager)
    page.goto(f"{live_server}/tickets/{ticket.number}/")
    page.get_by_role("textbox", name="Nachricht").fill("Guten Morgen.")
    page.get_by_label("Interne Notiz").check()
    page.get_by_text(OPENER).click()
    page.get_by_role("button", name="Textbausteine anzeigen").click()
    page.get_by_role("button", name="Ich komme vorbei").click()
    box = page.get_by_role("textbox", name="Nachricht")
    assert box.input_value().startswith("Guten Morgen.\n\nIch komme am … nach A 204.")
    assert page.get_by_label("Interne Notiz").is_checked()
    assert city.verbs_of(ticket) == ["reported", "accepted"]
    page.get_by_role("button", name="Nachricht senden").click()
    assert ticket.events.get(verb="commented").text.startswith("Guten Morgen.")


def test_a_tap_on_a_word_puts_it_into_the_text(city, live_server, new_page, sign_in):
    page = sign_in(new_page(viewport=TABLET, has_touch=True), city.manager)
    page.goto(f"{live_server}/texts/new/")
    box = page.get_by_label("Text", exact=True)
    box.fill("Meldung  ist da.")
    box.evaluate("box => box.setSelectionRange(8, 8)")
    page.get_by_role("button", name="{Nummer}").tap()
    assert box.input_value() == "Meldung {Nummer} ist da."
    page = sign_in(new_page(viewport=TABLET, java_script_enabled=False), city.manager)
    page.goto(f"{live_server}/texts/new/")
    assert page.get_by_text("{Nummer}").count() == 1 and page.get_by_role("button", name="{Nummer}").count() == 0


def test_a_session_that_ended_is_told_and_loses_no_word(ticket, city, live_server, page, sign_in):
    sign_in(page, city.manager).goto(f"{live_server}/tickets/{ticket.number}/")
    page.get_by_role("textbox", name="Nachricht").fill("Guten Morgen.")
    page.context.clear_cookies()
    page.get_by_text(OPENER).click()
    page.get_by_text("konnten nicht geladen werden").wait_for()
    assert page.get_by_role("textbox", name="Nachricht").input_value() == "Guten Morgen."


def test_the_open_list_is_in_order(ticket, own, city, live_server, new_page, sign_in, check_page, pictures):
    for scheme in ("light", "dark"):
        for step in ("", "resolve/"):
            page = sign_in(new_page(viewport=TABLET, color_scheme=scheme, has_touch=True), city.manager)
            page.goto(f"{live_server}/tickets/{ticket.number}/{step}")
            opened(page)
            if scheme == "light":
                pictures(page, f"texts-at-{step.strip('/') or 'message'}")
            check_page(page)


def test_the_pages_that_keep_texts_are_in_order(own, city, live_server, new_page, sign_in, check_page, pictures):
    TextModule.objects.create(
        title="Ein sehr langer Titel, den niemand so nennen würde, außer um zu sehen, ob er passt"[:80],
        body="Donaudampfschifffahrtsgesellschaftskapitänsmützenaufbewahrungsschrank " * 6,
        kinds=["message", "question", "solution", "internal"],
        owner=city.manager,
    )
    for person, addresses in (
        (city.manager, ["/texts/", "/texts/new/", "/texts/new/ Text speichern", f"/texts/{own.pk}/ Vorschau"]),
        (city.manager, [f"/texts/{own.pk}/removal/"]),
        (city.helpdesk, ["/texts/"]),
        (city.teacher, ["/texts/"]),
    ):
        for scheme in ("light", "dark"):
            page = sign_in(new_page(viewport=PHONE, color_scheme=scheme, has_touch=True), person)
            for told in addresses:
                address, _, press = told.partition(" ")
                page.goto(f"{live_server}{address}")
                if address == "/texts/" and person != city.teacher:
                    page.locator(".texts__row summary").first.click()
                if press:
                    page.get_by_role("button", name=press).click()
                    page.locator(".errors, #preview").wait_for()
                if scheme == "light":
                    pictures(page, f"{person.first_name}{told}".translate(str.maketrans("/?= ", "----")))
                check_page(page)
