"""The pages of the coordination in a browser: in order in light and dark, and a cover entered from end to end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campuses.models import Absence
from foundation.berlin import berlin_day
from schools.coverage import manager_on_duty
from schools.models import Cover, School
from tests.browser.conftest import DESKTOP, PHONE
from tickets.models import Ticket

PLACES = {
    "100001": (51.5463, 7.3796, "Huckarde"),
    "100002": (51.5391, 7.3712, "Huckarde"),
    "100003": (51.53, 7.59, "Brackel"),
}


@pytest.fixture
def steered(city):
    """Schools on the map, one absence with a hole in it, one whose substitute is away too, reports here and there."""
    for number, (latitude, longitude, district) in PLACES.items():
        School.objects.filter(number=number).update(latitude=latitude, longitude=longitude, district=district)
    now = timezone.now()
    day = berlin_day(now)
    absence = Absence.objects.create(person=city.manager, starts_on=day, ends_on=day + timedelta(days=6))
    Cover.objects.create(absence=absence, school=city.brecht, substitute=city.asseln_manager, starts_on=day)
    Absence.objects.create(person=city.asseln_manager, starts_on=day + timedelta(days=3), ends_on=None)
    for school in (city.brecht, city.brecht, city.widey, city.kant):
        ticket = city.report(school=school, room=None, by=city.helpdesk, at=now - timedelta(hours=3))
    Ticket.objects.filter(pk=ticket.pk).update(assignee=city.helpdesk, status="in_progress")
    return absence


def test_the_pages_of_the_coordination_are_in_order(
    steered, city, live_server, new_page, sign_in, check_page, pictures
):
    pages = [
        "/campuses/",
        "/campuses/map/",
        "/campuses/map/?district=Huckarde",
        "/campuses/responsibility/",
        "/campuses/responsibility/?kind=coordination",
        "/campuses/kirchlinde/",
        "/campuses/kirchlinde/manager/",
        "/schools/100001/campus/",
        "/campuses/absences/",
        "/campuses/absences/new/",
        f"/campuses/absences/{steered.pk}/",
        f"/campuses/absences/{steered.pk}/days/",
    ]
    for scheme in ("light", "dark"):
        page = sign_in(new_page(viewport=PHONE, color_scheme=scheme, has_touch=True), city.coordinator)
        for address in pages:
            page.goto(f"{live_server}{address}")
            if scheme == "light":
                pictures(page, "coordinator" + address.translate(str.maketrans("/?=", "---")))
            check_page(page)


def test_a_form_to_mend_says_what_is_missing(steered, city, live_server, new_page, sign_in, check_page):
    page = sign_in(new_page(viewport=PHONE), city.coordinator)
    for address in ("/campuses/absences/new/", "/campuses/kirchlinde/manager/", "/schools/100001/campus/"):
        page.goto(f"{live_server}{address}")
        page.locator("main form.form .kern-btn").first.click()
        page.locator(".errors").wait_for()
        assert page.evaluate("document.activeElement.id") == "errors"
        check_page(page)


def test_an_absence_is_entered_and_covered_with_the_keyboard(city, live_server, new_page, sign_in):
    page = sign_in(new_page(viewport=DESKTOP), city.coordinator)
    page.goto(f"{live_server}/")
    page.locator("main a[href='/campuses/absences/new/']").first.press("Enter")
    page.locator("[name=person]").select_option(str(city.manager.pk))
    page.locator("main form.form .kern-btn").first.press("Enter")
    page.wait_for_url("**/campuses/absences/*/")
    assert page.locator("[name=schools]:checked").count() == 2
    page.locator("[name=substitute]").select_option(str(city.asseln_manager.pk))
    page.locator("main form.form .kern-btn").first.press("Enter")
    page.locator(".notice--success").first.wait_for()
    assert manager_on_duty(city.brecht, timezone.now()).id == city.asseln_manager.pk


def test_the_map_is_walked_with_the_keyboard(steered, city, live_server, new_page, sign_in):
    page = sign_in(new_page(viewport=DESKTOP), city.coordinator)
    page.goto(f"{live_server}/campuses/map/")
    page.locator(".atlas__sheet").focus()
    for _ in PLACES:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.classList.contains('atlas__spot')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/schools/1000*/")
