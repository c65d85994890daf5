"""The helpdesk takes calls: by keyboard in seconds, by finger, and without a script."""

import time

import pytest
from django.utils import timezone

from tests.browser.conftest import DESKTOP, PHONE, TABLET
from tickets.models import Follower, Ticket

A_KEY = 60  # milliseconds between two keys of somebody who types well and listens meanwhile
AT_MOST = 30  # seconds for a whole call


class Keyboard:
    """Types as a person does, and counts the keys."""

    def __init__(self, page):
        self.page = page
        self.keys = 0

    def type(self, words):
        self.keys += len(words)
        self.page.keyboard.type(words, delay=A_KEY)

    def press(self, *keys):
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key, delay=A_KEY)


@pytest.fixture
def desk(city, live_server, new_page, sign_in):
    """The helpdesk's page of a call, on a desktop."""
    page = sign_in(new_page(viewport=DESKTOP), city.helpdesk)
    page.goto(f"{live_server}/calls/")
    return page


def focused(page, what):
    return page.evaluate("what => document.activeElement.matches(what)", what)


def test_a_call_is_entered_by_keyboard_within_half_a_minute(city, desk, record_property):
    hands = Keyboard(desk)
    began = time.monotonic()
    hands.type("taf bre")
    hands.press("Enter")  # at once: the matches may still be under way
    desk.locator("#call-person").wait_for()
    assert focused(desk, "input[name=category]")
    hands.type("b")  # Bild, Ton, Tafel
    hands.press("Tab")
    hands.type("a204")
    hands.press("Tab", "ArrowRight", "Tab")  # lessons have come to a stop
    hands.type("Beamer bleibt seit der ersten Stunde dunkel, Kabel geprüft")
    hands.press("Control+Enter")
    number = desk.locator(".calls__number").inner_text()
    took = time.monotonic() - began
    ticket = Ticket.objects.get()
    assert (ticket.number, ticket.reporter, ticket.created_by) == (number, city.teacher, city.helpdesk)
    assert (ticket.category, ticket.room, ticket.urgency) == (city.display, city.a204, "blocked")
    record_property("keys", hands.keys)
    record_property("seconds", round(took, 1))
    print(f"A call: {hands.keys} keys, {took:.1f} s")
    assert hands.keys < 90 and took < AT_MOST, f"{hands.keys} keys, {took:.1f} s"

    hands.press("Alt+n")
    desk.wait_for_url("**/calls/")
    assert focused(desk, "#id_wanted")


def test_somebody_unknown_calls_and_it_is_solved_on_the_phone(city, desk):
    hands = Keyboard(desk)
    began = time.monotonic()
    hands.type("bbg")
    hands.press("Enter")
    desk.locator("#id_caller_name").wait_for()
    assert focused(desk, "#id_caller_name")
    hands.type("Vera Vertretung")
    hands.press("Tab")
    hands.type("0231 555-77")
    hands.press("Tab")
    hands.type("an")  # Internet, WLAN is first; Anmeldung, Passwort is meant
    hands.press(*["Tab"] * 5)  # place, urgency, description, confidential, and it is solved
    assert focused(desk, "#call-solved > summary")
    hands.press("Enter")
    desk.locator("#id_solution").focus()
    hands.type("Passwort neu gesetzt")
    hands.press("Control+Enter")
    desk.locator(".calls__number").wait_for()
    assert time.monotonic() - began < AT_MOST
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.caller_name, ticket.caller_phone) == ("resolved", "Vera Vertretung", "0231 555-77")
    assert (ticket.category.slug, ticket.solution) == ("account", "Passwort neu gesetzt")


def test_arrows_choose_among_the_matches_and_escape_leaves_them(city, desk):
    desk.keyboard.type("gym", delay=A_KEY)
    options = desk.locator("#found-list[data-typed='gym'] [role=option]")
    options.nth(1).wait_for()
    field = desk.locator("#id_wanted")
    assert field.get_attribute("role") == "combobox" and field.get_attribute("aria-expanded") == "true"
    desk.keyboard.press("ArrowDown")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    desk.keyboard.press("Escape")
    assert desk.locator("[role=option]").count() == 0 and field.input_value() == "gym"
    desk.keyboard.type(" ", delay=A_KEY)
    options = desk.locator("#found-list[data-typed='gym '] [role=option]")
    options.nth(1).wait_for()
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("Enter")
    desk.get_by_role("heading", name=city.kant.name).wait_for()


def test_the_whole_name_of_a_member_is_that_member(city, live_server, desk):
    desk.goto(f"{live_server}/calls/?school={city.brecht.number}")
    desk.keyboard.type("tilda t", delay=A_KEY)
    option = desk.locator("#found-list[data-typed='tilda t'] [role=option]")
    option.wait_for()
    assert option.get_attribute("aria-selected") == "false"
    desk.keyboard.type("afel", delay=A_KEY)
    desk.locator("#found-list[data-typed='tilda tafel'] [aria-selected=true]").wait_for()
    desk.keyboard.press("Tab")
    desk.locator("#call-person").wait_for()
    assert focused(desk, "input[name=category]")


def test_what_was_typed_before_the_school_was_known_stays(city, desk):
    desk.fill("#id_description", "Kein Ton in der Aula")
    desk.check("input[name=category][value=display]", force=True)
    desk.locator("#id_wanted").press_sequentially("widey", delay=A_KEY)
    desk.keyboard.press("Enter")
    desk.locator("#id_caller_name").wait_for()
    assert desk.input_value("#id_description") == "Kein Ton in der Aula"
    assert desk.is_checked("input[name=category][value=display]")
    desk.fill("#id_caller_name", "Wilma Widey")
    desk.click("[data-send]")
    desk.locator(".calls__number").wait_for()
    assert Ticket.objects.get().school == city.widey


def test_one_tap_counts_a_caller_in_at_a_fault_that_is_known(city, live_server, new_page, sign_in):
    fault = city.report(by=city.colleague, at=timezone.now(), title="WLAN weg", category=city.network)
    page = sign_in(new_page(viewport=TABLET, has_touch=True), city.helpdesk)
    page.goto(f"{live_server}/calls/")
    page.tap("#id_wanted")
    page.keyboard.type("tafel")
    page.tap("#found-list [role=option]")
    page.locator(f"#open-{fault.number} button").tap()
    page.locator(".calls__number").wait_for()
    assert page.locator(".calls__number").inner_text() == fault.number
    assert Follower.objects.get().person == city.teacher
    assert Ticket.objects.count() == 1


def test_what_sounds_alike_rises_while_typing_and_the_focus_stays(city, desk):
    now = timezone.now()
    city.report(by=city.colleague, at=now, title="Beamer flackert", description="Bild wird immer dunkel")
    city.report(by=city.colleague, at=now, title="WLAN weg", category=city.network, room=city.b112)
    desk.keyboard.type("brecht", delay=A_KEY)
    desk.keyboard.press("Enter")
    rows = desk.locator("#call-open .item__title")
    rows.nth(1).wait_for()
    assert rows.first.inner_text() == "WLAN weg"
    desk.check("input[name=category][value=display]", force=True)
    desk.locator("#id_description").press_sequentially("Beamer dunkel", delay=A_KEY)
    desk.locator("#call-open h3").nth(1).wait_for()
    assert rows.first.inner_text() == "Beamer flackert"
    assert focused(desk, "#id_description") and desk.input_value("#id_description") == "Beamer dunkel"


def test_a_call_needs_no_script(city, live_server, new_page, sign_in):
    page = sign_in(new_page(viewport=TABLET, java_script_enabled=False), city.helpdesk)
    page.goto(f"{live_server}/calls/")
    page.fill("#id_description", "Beamer bleibt dunkel")
    page.fill("#id_wanted", "tafel brecht")
    page.press("#id_wanted", "Enter")
    page.click(".found button")
    assert page.input_value("#id_description") == "Beamer bleibt dunkel"
    page.check("input[name=category][value=display]", force=True)
    page.fill("#id_place", "A 204")
    page.press("#id_place", "Enter")
    page.locator(".calls__number").wait_for()
    ticket = Ticket.objects.get()
    assert (ticket.reporter, ticket.room, ticket.status) == (city.teacher, city.a204, "new")


def test_the_pages_of_a_call_are_in_order(city, live_server, new_page, sign_in, check_page, pictures):
    now = timezone.now()
    city.report(by=city.colleague, at=now, title="WLAN weg", category=city.network, room=city.b112)
    city.report(
        by=city.teacher, at=now, description="Die-Dokumentenkamera-im-Vorbereitungsraum zeigt kein Bild mehr. " * 4
    )
    secret = city.report(by=city.helpdesk, reporter=city.teacher, at=now, confidential=True)
    caller = city.report(by=city.helpdesk, caller_name="Vera Vertretung", caller_phone="0231 555-77", at=now)
    addresses = {
        "empty": "/calls/",
        "school": f"/calls/?school={city.brecht.number}",
        "person": f"/calls/?school={city.brecht.number}&person={city.teacher.public_id}",
        "nothing-open": f"/calls/?school={city.kant.number}",
        "done": f"/calls/{secret.number}/",
        "counted": f"/calls/{caller.number}/?counted",
        "ticket": f"/tickets/{caller.number}/",
        "ask": f"/tickets/{caller.number}/ask/",
        "queue": "/queue/",
    }
    for viewport in (PHONE, DESKTOP):
        for scheme in ("light", "dark"):
            page = sign_in(new_page(viewport=viewport, color_scheme=scheme), city.helpdesk)
            for name, address in addresses.items():
                page.goto(f"{live_server}{address}")
                if scheme == "light" and viewport == DESKTOP:
                    pictures(page, f"call-{name}")
                check_page(page)
            page.goto(f"{live_server}/calls/")
            page.keyboard.type("gym")
            page.locator("#found-list [role=option]").nth(1).wait_for()
            check_page(page)
            page.goto(f"{live_server}/calls/?school={city.brecht.number}")
            page.locator("#call-solved > summary").click()
            page.locator("[value=solved]").click()
            page.locator(".errors").wait_for()
            assert focused(page, "#errors")
            check_page(page)


def test_alt_n_leads_from_the_queue_to_a_call(city, live_server, new_page, sign_in):
    page = sign_in(new_page(), city.helpdesk)
    page.goto(f"{live_server}/queue/")
    page.keyboard.press("Alt+n")
    page.wait_for_url("**/calls/")
    assert focused(page, "#id_wanted")


def test_words_do_not_vanish_by_a_wrong_key(city, desk):
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    desk.locator("#id_description").press_sequentially("Beamer dunkel")
    desk.keyboard.press("Alt+n")
    assert asked == ["beforeunload"]
    assert desk.input_value("#id_description") == "Beamer dunkel"
