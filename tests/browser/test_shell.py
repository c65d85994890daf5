"""The frame around a page, by keyboard, without scripts, and for eyes that need it otherwise."""

import pytest

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.urls("tests.browser.gallery_urls")


def test_the_first_key_press_offers_the_way_past_the_navigation(page, live_server):
    page.goto(f"{live_server}/gallery/today/")
    page.keyboard.press("Tab")
    link = page.locator(".skip")
    assert link.evaluate("element => element === document.activeElement")
    assert link.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_account_menu_opens_by_keyboard_and_escape_gives_the_focus_back(page, live_server, pictures):
    page.goto(f"{live_server}/gallery/today/")
    page.locator(".menu > summary").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("link", name="Lehrkraft").is_visible()
    pictures(page, "menu")
    page.keyboard.press("Escape")
    assert page.get_by_role("link", name="Lehrkraft").is_hidden()
    assert page.evaluate("document.activeElement.matches('.menu > summary')")


def test_a_click_elsewhere_closes_the_menu(page, live_server):
    page.goto(f"{live_server}/gallery/today/")
    page.locator(".menu > summary").click()
    page.get_by_role("heading", name="Heute").click()
    assert page.get_by_role("link", name="Lehrkraft").is_hidden()


def test_menus_and_details_work_without_scripts(new_page, live_server):
    page = new_page(viewport=PHONE, java_script_enabled=False)
    page.goto(f"{live_server}/gallery/ticket/")
    page.locator(".menu > summary").click()
    assert page.get_by_role("link", name="Lehrkraft").is_visible()
    page.locator(".more > summary").click()
    assert page.get_by_text("Vollausleuchtung").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_menu_is_in_order(scheme, new_page, live_server, check_page):
    page = new_page(viewport=PHONE, color_scheme=scheme)
    page.goto(f"{live_server}/gallery/today/")
    page.locator(".menu > summary").click()
    check_page(page)


def test_a_choice_is_made_by_arrow_keys_and_shown_without_colour(page, live_server):
    page.goto(f"{live_server}/gallery/report/")
    page.locator("#id_what_1").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#id_what_2").is_checked()
    assert page.locator("label[for=id_what_2] .choice__tick").is_visible()
    assert page.locator("label[for=id_what_1] .choice__tick").is_hidden()


def test_the_bars_never_cover_what_has_the_focus(new_page, live_server):
    page = new_page(viewport=PHONE)
    page.goto(f"{live_server}/gallery/report/")
    for _ in range(14):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """() => {
              const element = document.activeElement;
              if (!element.matches('input, textarea') || element.type === 'radio' && !element.checked) return false;
              const focus = element.getBoundingClientRect();
              return focus.top > document.querySelector('.sendbar').getBoundingClientRect().top
            }"""
        )
        assert not covered


def test_the_error_summary_has_the_focus_and_leads_to_the_field(page, live_server):
    page.goto(f"{live_server}/gallery/step/?errors")
    assert page.evaluate("document.activeElement.id") == "errors"
    page.get_by_role("link", name="Ort:").click()
    assert page.evaluate("document.activeElement.id") == "id_place"


def test_a_page_asks_no_other_host(page, live_server):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server}/gallery/today/")
    assert [url for url in asked if not url.startswith((str(live_server), "data:"))] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chosen_colours_beat_those_of_the_device(theme, new_page, live_server):
    page = new_page(color_scheme="dark" if theme == "light" else "light")
    page.goto(f"{live_server}/gallery/today/?theme={theme}")
    colour = "getComputedStyle(document.body).backgroundColor"
    chosen = page.evaluate(colour)
    page.emulate_media(color_scheme=theme)
    page.goto(f"{live_server}/gallery/today/")
    assert page.evaluate(colour) == chosen
