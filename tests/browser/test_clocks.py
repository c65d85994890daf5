"""The ledger of a due time, opened in place or on its page, with and without scripts."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.city import berlin
from tickets.commands import finish, work
from tickets.commands.sweep import sweep

AWKWARD = timedelta(minutes=12, seconds=17, microseconds=654_321)
FRIDAY = berlin(2025, 10, 31, 13) + AWKWARD


@pytest.fixture
def at(monkeypatch):
    """Set the clock of the server: at(berlin(2026, 3, 2, 9))."""

    def show(instant):
        monkeypatch.setattr(timezone, "now", lambda: instant)

    return show


@pytest.fixture
def asked(city):
    """A report of a Friday before Allerheiligen, with a question that is open since Tuesday."""
    ticket = work.accept(ticket=city.report(at=FRIDAY), by=city.manager, at=FRIDAY + AWKWARD)
    return work.ask(
        ticket=ticket, text="Welche Lampe leuchtet?", by=city.manager, at=berlin(2025, 11, 4, 10) + AWKWARD
    )


def test_a_due_time_opens_in_place_by_keyboard(city, asked, at, live_server, new_page, sign_in, check_page, pictures):
    at(berlin(2025, 11, 5, 9, 30))
    page = sign_in(new_page(viewport=PHONE, has_touch=True), city.teacher)
    page.goto(f"{live_server}/tickets/{asked.number}/")
    pictures(page, "opener-closed")
    opener = page.locator("#how-resolution")
    opener.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(opener.locator(".ledger tfoot").first).to_contain_text("Noch übrig, sobald es weitergeht")
    expect(opener).to_contain_text("Allerheiligen")
    page.keyboard.press("Enter")
    expect(opener.locator(".ledger").first).to_be_hidden()
    page.keyboard.press("Enter")
    pictures(page, "opener-open")
    check_page(page)


def test_without_scripts_a_link_leads_to_the_same(city, asked, at, live_server, new_page, sign_in):
    at(berlin(2025, 11, 5, 9, 30))
    page = sign_in(new_page(java_script_enabled=False), city.teacher)
    page.goto(f"{live_server}/tickets/{asked.number}/")
    page.locator("#how-answer summary").click()
    page.locator("#how-answer").get_by_role("link").click()
    page.wait_for_url("**/clocks/#clock-answer")
    expect(page.locator("#clock-answer .ledger tfoot").first).to_contain_text("Frist insgesamt")


def test_the_page_of_all_clocks_is_in_order(city, asked, at, live_server, new_page, sign_in, check_page, pictures):
    running, missed = (city.report(at=FRIDAY) for _ in range(2))
    long = city.report(at=FRIDAY, category=city.network)
    handed_over = city.escalated(at=FRIDAY + AWKWARD)
    shown = [
        ("second", handed_over, berlin(2025, 11, 3, 9), "specialist"),
        ("running", running, berlin(2025, 11, 3, 11, 30), "manager"),
        ("paused", asked, berlin(2025, 11, 5, 9, 30), "teacher"),
        ("missed", missed, berlin(2025, 11, 6, 13, 30), "manager"),
        ("long", long, berlin(2026, 2, 9, 9), "manager"),
    ]
    for name, ticket, now, who in shown:
        sweep(at=now - timedelta(hours=1))
        if name == "long":
            at_last = berlin(2026, 2, 6, 14, 30)
            finish.resolve(ticket=long, solution="Kabel", cause="", by=city.specialist, at=at_last)
        at(now)
        page = sign_in(new_page(viewport=DESKTOP if name == "second" else PHONE, has_touch=True), getattr(city, who))
        page.goto(f"{live_server}/tickets/{ticket.number}/clocks/")
        for summary in page.locator("main details > summary").all()[:4]:
            summary.click()
        pictures(page, f"clocks-{name}")
        check_page(page, smallest=24 if name == "second" else 44)
