"""The question after the solution in a browser: one tap in place, words if one likes, and without a script as well."""

from datetime import timedelta

import pytest

from reports.keeping import keep_figures
from tests.browser.conftest import PHONE
from tests.city import MONDAY
from tickets.commands import finish
from tickets.commands.rate import rate
from tickets.models import Rating

EARLIER = MONDAY - timedelta(days=35)  # by now its words are final


@pytest.fixture
def solved(city, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    return finish.resolve(
        ticket=city.report(description="Der Beamer bleibt dunkel"),
        solution="Das Netzteil war locker. Jetzt ist wieder ein Bild da.",
        cause="cable",
        by=city.manager,
        at=MONDAY,
    )


def test_one_tap_swaps_the_card_and_offers_words(city, solved, live_server, new_page, sign_in, check_page, pictures):
    page = sign_in(new_page(viewport=PHONE, has_touch=True), city.teacher)
    page.goto(f"{live_server}/tickets/{solved.number}/#rating")
    pictures(page, "rating-asked")
    check_page(page)
    page.get_by_role("button", name="Nicht gut").tap()
    page.get_by_role("heading", name="Danke für Ihre Antwort").wait_for()
    assert page.evaluate("document.activeElement.id") == "rating-title"
    assert page.url.endswith(f"/tickets/{solved.number}/#rating")
    assert page.locator("#rating [aria-pressed=true]").inner_text() == "Nicht gut"
    pictures(page, "rating-answered")
    check_page(page)
    words = page.get_by_label("Möchten Sie etwas dazu sagen?")
    words.fill("Es hat zwei Tage gedauert.")
    page.get_by_role("button", name="Anmerkung senden").tap()
    page.get_by_role("button", name="Anmerkung ändern").wait_for()
    page.get_by_role("button", name="Teils").tap()
    page.locator("#rating [aria-pressed=true]", has_text="Teils").wait_for()
    assert words.input_value() == "Es hat zwei Tage gedauert."
    assert list(Rating.objects.values_list("value", "words")) == [("partly", "Es hat zwei Tage gedauert.")]


def test_what_one_types_stays_while_the_page_refreshes_itself(city, solved, live_server, new_page, sign_in):
    page = sign_in(new_page(viewport=PHONE), city.teacher)
    page.goto(f"{live_server}/tickets/{solved.number}/")
    page.get_by_role("button", name="Gut", exact=True).click()
    words = page.get_by_label("Möchten Sie etwas dazu sagen?")
    words.fill("Halb ge")
    with page.expect_response(lambda answer: "/live/" in answer.url) as polled:
        page.evaluate("htmx.trigger(document.querySelector('[data-live]'), 'live')")
    assert polled.value.status == 200  # the history has a new line, so the page is told anew
    page.locator("#history-lines", has_text="Diese Zeile lesen nur Sie").wait_for()
    assert words.input_value() == "Halb ge"


def test_without_a_script_it_is_one_tap_as_well(city, solved, live_server, new_page, sign_in):
    page = sign_in(new_page(viewport=PHONE, java_script_enabled=False), city.teacher)
    page.goto(f"{live_server}/tickets/{solved.number}/")
    page.get_by_role("button", name="Gut", exact=True).click()
    assert page.url.endswith(f"/tickets/{solved.number}/#rating")
    assert page.get_by_role("heading", name="Danke für Ihre Antwort").is_visible()
    page.get_by_label("Möchten Sie etwas dazu sagen?").fill("Danke")
    page.get_by_role("button", name="Anmerkung senden").click()
    assert Rating.objects.get().words == "Danke"


def test_in_the_dark_too(city, solved, live_server, new_page, sign_in, check_page):
    page = sign_in(new_page(viewport=PHONE, color_scheme="dark", has_touch=True), city.teacher)
    page.goto(f"{live_server}/tickets/{solved.number}/")
    check_page(page)
    page.get_by_role("button", name="Gut", exact=True).tap()
    page.get_by_role("heading", name="Danke für Ihre Antwort").wait_for()
    check_page(page)


def test_what_was_answered_is_told_to_the_coordination_as_a_share_and_in_words(
    city, solved, live_server, new_page, sign_in, check_page, pictures
):
    words = ["Schnell und freundlich, danke.", "", "Zu spät für die Stunde.", "Es geht wieder.", "Danke", "Na ja"]
    for place, said in enumerate(words):
        ticket = finish.resolve(ticket=city.report(at=EARLIER), solution="Ja", cause="", by=city.manager, at=EARLIER)
        rate(ticket=ticket, value="good" if place % 3 else "poor", words=said, by=city.teacher, at=EARLIER)
    keep_figures(at=MONDAY)
    page = sign_in(new_page(viewport=PHONE, has_touch=True), city.coordinator)
    page.goto(f"{live_server}/schools/100001/statistics/")
    row = page.get_by_role("row", name="Zufrieden")
    assert "5 Antworten" in row.inner_text() and "60" in row.inner_text()  # the sixth waits for four more
    pictures(page, "satisfied")
    check_page(page)
    page.goto(f"{live_server}/reports/")
    assert "60" in page.get_by_role("row", name="Zufrieden 5 Antworten").inner_text()
    pictures(page, "city")
    check_page(page)
    page.get_by_role("link", name="Anmerkungen zur Hilfe").tap()
    page.get_by_text("Zu spät für die Stunde.").wait_for()
    pictures(page, "remarks")
    check_page(page)
