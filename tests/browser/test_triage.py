"""The second level at work: three panes, a key for each step, and everything by Tab alone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from teams.models import Team
from tests.browser.conftest import DESKTOP, PHONE
from tickets.models import Category, Ticket

LAPTOP = {"width": 1280, "height": 800}
FOCUSED = "document.activeElement.closest('[data-rows] > *')?.dataset.number ?? document.activeElement.id"


@pytest.fixture
def handed_over(city):
    """Hand over so many reports of the last hour to the network team."""

    def hand_over(number):
        now = timezone.now()
        return [
            city.escalated(
                city.report(
                    at=now - timedelta(minutes=70 - n),
                    category=Category.objects.get(slug=("network", "account")[n % 2]),
                    description=f"Störung {n:02}: Seit heute früh geht im Raum nichts mehr",
                    urgency=("blocked", "hampered")[n % 2],
                ),
                at=now - timedelta(minutes=40 - n),
            )
            for n in range(number)
        ]

    Category.objects.filter(slug="account").update(team=Team.objects.get(slug="network"))
    return hand_over


@pytest.fixture
def desk(live_server, new_page, sign_in, city):
    """Open the page of the specialist in a window of this size."""

    def open_desk(address="/triage/", **wishes):
        page = sign_in(new_page(**wishes), city.specialist)
        page.goto(f"{live_server}{address}", timeout=30_000)  # the first page of a server compiles its templates
        return page

    return open_desk


def shown(page):
    return page.locator("#report").get_attribute("data-number")


def report_is_open(page, number):
    expect(page.locator("#report")).to_have_attribute("data-number", number)


def settled(page):
    """Wait until a step has led back to the list, where a sentence says what is done."""
    expect(page.locator("html:not([data-old]) #messages > *")).to_have_count(1)
    page.wait_for_load_state()
    page.evaluate("document.documentElement.dataset.old = 'yes'")


def state(ticket):
    ticket.refresh_from_db()
    return ticket.status, ticket.level


class Hands:
    """Somebody who never touches a mouse."""

    def __init__(self, page):
        self.page = page
        self.keys = page.keyboard

    def opens(self, number):
        """Walk down the list to this report and open it."""
        for _ in range(60):
            if self.page.evaluate(FOCUSED) == number:
                break
            self.keys.press(
                "ArrowDown" if self.page.evaluate("!!document.activeElement.closest('[data-list]')") else "j"
            )
        self.keys.press("Enter")
        report_is_open(self.page, number)
        expect(self.page.locator("#report-title")).to_be_focused()

    def asks_for(self, key):
        self.keys.press(key)
        expect(self.page.locator("#step form :focus")).to_have_count(1)

    def writes(self, words):
        """Go on by Tab to the text, write, and send with Ctrl+Enter."""
        for _ in range(12):
            if self.page.evaluate("document.activeElement.matches('textarea')"):
                break
            self.keys.press("Tab")
        self.keys.type(words)
        self.keys.press("Control+Enter")


def test_twenty_escalations_by_the_keyboard_alone(handed_over, desk, city):
    tickets = sorted(handed_over(20), key=lambda ticket: (ticket.team_due_at, ticket.pk))
    page = desk(viewport=DESKTOP)
    hands = Hands(page)
    report_is_open(page, re.compile("DO-"))  # the first one lies open beside the list

    hands.keys.press("j")
    for number, ticket in enumerate(tickets):
        if not number:
            hands.opens(ticket.number)
        report_is_open(page, ticket.number)  # each step has led on to the next one
        hands.keys.press("u")
        settled(page)
        report_is_open(page, ticket.number)  # what one took stays open
        match number % 5:
            case 0:
                hands.asks_for("r")
                hands.writes("Leuchtet die grüne Lampe?")
                settled(page)
                ticket.refresh_from_db()
                assert ticket.mediator_question == "Leuchtet die grüne Lampe?"
            case 1:
                hands.asks_for("r")
                hands.keys.press("ArrowDown")
                hands.writes("Seit wann genau?")
                settled(page)
                assert state(ticket) == ("waiting_reporter", "second")
            case 2:
                hands.asks_for("z")
                hands.writes("Bitte das Kabel tauschen.")
                settled(page)
                assert state(ticket) == ("in_progress", "first")
            case 3:
                hands.asks_for("t")
                hands.keys.press("Space")  # the first team of the list
                hands.writes("Es liegt am Server.")
                settled(page)
                assert state(ticket) == ("escalated", "second")
            case 4:
                hands.asks_for("l")
                hands.writes("Port am Switch freigeschaltet.")
                settled(page)
                assert state(ticket) == ("resolved", "second")
    assert set(Ticket.objects.filter(team__slug="network", status="escalated")) == set()


def test_a_step_leads_on_to_the_next_report(handed_over, desk):
    one, two, _three = sorted(handed_over(3), key=lambda ticket: (ticket.team_due_at, ticket.pk))
    page = desk(f"/triage/?ticket={one.number}", viewport=DESKTOP)
    hands = Hands(page)
    hands.asks_for("z")
    hands.writes("Bitte prüfen.")
    settled(page)
    assert shown(page) == two.number
    assert page.evaluate(FOCUSED) == "report-title"
    assert page.locator(".trow--selected").get_attribute("data-number") == two.number


def test_j_and_k_read_on_and_the_address_can_be_shared(handed_over, desk):
    one, two, three = sorted(handed_over(3), key=lambda ticket: (ticket.team_due_at, ticket.pk))
    page = desk(f"/triage/?ticket={one.number}", viewport=LAPTOP)
    for key, ticket in (("j", two), ("j", three), ("k", two)):
        page.keyboard.press(key)
        report_is_open(page, ticket.number)
        expect(page).to_have_url(re.compile(ticket.number))
        expect(page.locator("#report-title")).to_be_focused()
    page.go_back()
    report_is_open(page, three.number)
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == three.number


def test_keys_rest_while_one_writes_and_can_be_switched_off(handed_over, desk):
    (ticket,) = handed_over(1)
    page = desk(f"/triage/?ticket={ticket.number}", viewport=DESKTOP)
    page.keyboard.press("/")
    page.keyboard.type("u z 1")
    assert page.locator("#q").input_value() == "u z 1"
    assert state(ticket) == ("escalated", "second")
    page.keyboard.press("Escape")

    page.keyboard.press("?")
    assert page.locator("#keys").evaluate("dialog => dialog.open")
    page.locator("#keys-on").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.reload()
    page.locator("#report-title").focus()
    page.keyboard.press("u")
    page.keyboard.press("?")
    assert not page.locator("#keys").evaluate("dialog => dialog.open")
    assert state(ticket) == ("escalated", "second")
    page.keyboard.press("Escape")  # arrows and Escape are no letters
    assert page.evaluate(FOCUSED) == ticket.number


def test_digits_change_the_view(handed_over, desk):
    handed_over(1)
    page = desk(viewport=DESKTOP)
    page.keyboard.press("2")
    page.wait_for_url("**/triage/?view=mine")
    page.keyboard.press("1")
    page.wait_for_url("**/triage/?view=inbox")
    assert page.locator("[data-rows] .item__title").count() == 1


def test_a_gap_is_said_beside_the_report(handed_over, desk):
    (ticket,) = handed_over(1)
    page = desk(f"/triage/?ticket={ticket.number}", viewport=DESKTOP)
    hands = Hands(page)
    hands.asks_for("z")
    hands.keys.press("Control+Enter")
    page.locator("#step .errors").wait_for()
    assert page.evaluate("document.activeElement.closest('#step') !== null")
    assert shown(page) == ticket.number
    hands.keys.press("Escape")
    assert page.locator("#step form").count() == 0


def test_by_tab_alone(handed_over, desk):
    (ticket,) = handed_over(1)
    page = desk(f"/triage/?ticket={ticket.number}", viewport=DESKTOP)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('form')?.action.endsWith('/accept-escalation/')"):
            break
    page.keyboard.press("Enter")
    settled(page)
    assert state(ticket) == ("in_progress", "second")


def test_without_scripts_the_same_work_is_done(handed_over, desk):
    one, two = sorted(handed_over(2), key=lambda ticket: (ticket.team_due_at, ticket.pk))
    page = desk(viewport=DESKTOP, java_script_enabled=False)
    page.get_by_role("link", name=one.title).click()
    assert page.locator("#report-title").inner_text() == one.title
    page.locator("#report a[aria-keyshortcuts=z]").click()
    page.fill("textarea", "Bitte prüfen.")
    page.locator("main form.card button.kern-btn--primary").click()
    assert page.locator("#report-title").inner_text() == two.title
    assert state(one) == ("in_progress", "first")


def test_on_a_phone_the_list_leads_to_the_report_and_back(handed_over, desk):
    (ticket,) = handed_over(1)
    page = desk(viewport=PHONE, has_touch=True)
    page.locator(".trow .item__title").tap()
    report_is_open(page, ticket.number)
    assert not page.locator("#triage-list").is_visible()
    page.locator("#report .back").tap()
    page.wait_for_url("**/triage/?view=inbox")
    assert page.locator("#triage-list").is_visible()


ADDRESSES = ["/triage/", "/triage/?ticket={number}", "/triage/?view=waiting", "/triage/?q=zebra", "/triage/?cause=1"]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_is_in_order(viewport, handed_over, desk, live_server, check_page, pictures):
    tickets = handed_over(7)
    for scheme in ("light", "dark"):
        page = desk(viewport=viewport, color_scheme=scheme)
        for address in ADDRESSES:
            page.goto(f"{live_server}{address.format(number=tickets[0].number)}")
            page.wait_for_load_state("networkidle")
            if viewport == DESKTOP and scheme == "light":
                pictures(page, "triage" + address.translate(str.maketrans("/?={}", "-----")))
            check_page(page, smallest=44 if viewport == PHONE else 24)
