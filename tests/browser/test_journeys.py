"""The main job from end to end: by finger, by keyboard, without a script."""

import io

import pytest
from PIL import Image

from tests.browser.conftest import PHONE, TABLET
from tests.city import PASSWORD
from tickets.models import Ticket


@pytest.fixture
def come_in(live_server):
    """Sign in through the form, as a person does."""

    def enter(page, person):
        page.goto(f"{live_server}/login/")
        page.fill("input[name=email]", person.email)
        page.fill("input[type=password]", PASSWORD)
        page.press("input[type=password]", "Enter")
        page.wait_for_url(lambda address: "/login/" not in address)
        return page

    return enter


def test_a_fault_is_reported_taken_solved_and_confirmed_by_finger(city, live_server, new_page, come_in):
    phone = come_in(new_page(viewport=PHONE, has_touch=True), city.teacher)
    phone.tap("input[name=category][value=display]")
    phone.tap(f"input[name=room][value='{city.a204.pk}']")
    phone.tap("text=Meldung senden")
    receipt = phone.locator(".receipt")
    assert city.manager.name in receipt.inner_text()
    number = receipt.locator(".receipt__number").inner_text()

    tablet = come_in(new_page(viewport=TABLET, has_touch=True), city.manager)
    row = tablet.locator(f"#ticket-{number}")
    row.locator("button").tap()
    row.locator("text=In Arbeit").wait_for()
    tablet.tap(f"#ticket-{number} .item__title")
    tablet.tap(".actionbar >> text=Gelöst")
    tablet.tap("input[name=cause][value=cable]")
    tablet.tap("main form button:has-text('Gelöst')")
    tablet.wait_for_selector(".notice--success >> text=Kabel oder Strom")

    phone.goto(f"{live_server}/tickets/{number}/")
    phone.tap(".actionbar >> text=Es geht wieder")
    phone.wait_for_selector(".state >> text=Abgeschlossen")
    assert Ticket.objects.get().status == "closed"


def test_the_same_by_keyboard_alone(city, live_server, new_page, come_in):
    page = come_in(new_page(), city.teacher)
    page.focus("input[name=category] >> nth=0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.tips > summary')")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    while page.evaluate("document.activeElement.type") != "submit":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".receipt")
    ticket = Ticket.objects.get()
    assert (ticket.category.slug, ticket.room) == ("display", city.a204)


def test_a_report_needs_no_script(city, live_server, new_page, come_in):
    page = come_in(new_page(viewport=PHONE, java_script_enabled=False), city.teacher)
    page.check("input[name=category][value=other]", force=True)
    page.check("input[name=category][value=software]", force=True)
    page.check("#id_room_other", force=True)
    page.fill("#id_place", "Schulhof")
    page.click("text=Meldung senden")
    page.wait_for_selector(".receipt")
    ticket = Ticket.objects.get()
    assert (ticket.category.slug, ticket.place) == ("software", "Schulhof")


def test_a_form_that_needs_mending_keeps_words_and_photo(city, live_server, new_page, come_in):
    page = come_in(new_page(viewport=PHONE), city.teacher)
    page.fill("#id_description", "Die Lampe blinkt orange.")
    page.set_input_files("#id_photos", {"name": "lampe.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    page.click("text=Meldung senden")
    page.wait_for_selector(".errors")
    assert "Die Art der Störung fehlt" in page.locator(".errors").inner_text()
    assert page.input_value("#id_description") == "Die Lampe blinkt orange."
    assert page.locator(".photos img").count() == 1
    page.check("input[name=category][value=display]", force=True)
    page.check(f"input[name=room][value='{city.a204.pk}']", force=True)
    page.click("text=Meldung senden")
    page.wait_for_selector(".receipt")
    assert Ticket.objects.get().attachments.count() == 1


def test_photos_add_up_and_a_second_press_sends_nothing(city, live_server, new_page, come_in):
    page = come_in(new_page(viewport=PHONE), city.teacher)
    page.check("input[name=category][value=display]", force=True)
    page.check(f"input[name=room][value='{city.a204.pk}']", force=True)
    for name in ("vorn.jpg", "hinten.jpg", "falsch.jpg"):
        page.set_input_files("#id_photos", {"name": name, "mimeType": "image/jpeg", "buffer": picture()})
    page.get_by_role("button", name="Weglassen: falsch.jpg").click()
    assert page.locator(".photos__name").all_inner_texts() == ["vorn.jpg", "hinten.jpg"]
    button = page.get_by_role("button", name="Meldung senden")
    page.evaluate("document.getElementById('report').addEventListener('submit', event => event.preventDefault())")
    button.click()
    assert page.get_by_role("button", name="Wird gesendet …").get_attribute("aria-disabled") == "true"
    page.evaluate("document.getElementById('report').submit()")
    page.wait_for_selector(".receipt")
    assert page.evaluate("document.activeElement.matches('.receipt')")
    assert Ticket.objects.get().attachments.count() == 2


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(target, "JPEG")
    return target.getvalue()
