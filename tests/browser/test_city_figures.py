"""The figures of the city in a browser, and the annual tables: in order when there are many, few and none."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from devices.models import Device
from reports.keeping import keep_figures
from tests.browser.conftest import PHONE
from tests.city import berlin
from tests.reports.rows import bulk
from tests.reports.twenty import NOW, twenty_reports
from tickets.models import Ticket

PRINTED = Path(__file__).parents[2] / "reports" / "data" / "annual_report_2023.csv"


@pytest.fixture
def printed(city):
    call_command("import_figures", PRINTED, verbosity=0)
    for number in range(30):
        school = (city.brecht, city.kant, city.widey)[number % 3]
        Device.objects.create(code=f"D-{number}", kind=Device.Kind.values[number % 4], school=school)


@pytest.mark.parametrize("address", ["8", "9", "11", "14", "11/gymnasium/sum"])
def test_an_annual_table_is_in_order(address, printed, city, live_server, new_page, sign_in, check_page, pictures):
    for scheme in ("light", "dark"):
        page = sign_in(new_page(viewport=PHONE, color_scheme=scheme, has_touch=True), city.city_reader)
        page.goto(f"{live_server}/reports/annual/{address}/")
        if scheme == "light":
            pictures(page, f"annual-{address.replace('/', '-')}")
        check_page(page)


def count(city):
    Ticket.objects.filter(school=city.kant).update(campus=city.asseln)
    Ticket.objects.exclude(school=city.kant).update(campus=city.kirchlinde)
    keep_figures(at=NOW)


@pytest.fixture
def full(city):
    twenty_reports(city)
    bulk(city.widey, city, berlin(2025, 11, 4, 9), timedelta(hours=2), number=8, late=2)
    bulk(city.kant, city, berlin(2025, 10, 7, 9), timedelta(hours=6), number=16)
    bulk(city.kant, city, berlin(2025, 3, 3, 9), timedelta(hours=5), number=7)
    count(city)
    return "2025-2026"


@pytest.fixture
def few(city):
    bulk(city.widey, city, berlin(2025, 11, 4, 9), timedelta(hours=2), number=3)
    count(city)
    return "2025-2026"


@pytest.fixture
def empty(city):
    return ""


def test_the_names_of_the_parts_stay_in_sight_while_their_figures_are_moved(
    full, city, live_server, new_page, sign_in
):
    page = sign_in(new_page(viewport=PHONE, has_touch=True), city.city_reader)
    page.goto(f"{live_server}/reports/?period={full}")
    name = page.locator("#parts tbody th").first
    before = name.bounding_box()["x"]
    page.locator("#parts .scroll-x").evaluate("(part) => part.scrollTo(part.scrollWidth, 0)")
    assert page.locator("#parts tbody tr").first.locator("td").last.is_visible()
    assert name.bounding_box()["x"] == before


@pytest.mark.parametrize("state", ["full", "few", "empty"])
def test_the_figures_of_the_city_are_in_order(
    state, request, city, live_server, new_page, sign_in, check_page, pictures
):
    period = request.getfixturevalue(state)
    for scheme in ("light", "dark"):
        page = sign_in(new_page(viewport=PHONE, color_scheme=scheme, has_touch=True), city.coordinator)
        for name, part in {
            "city": "",
            "campus": "parts/campus/kirchlinde/",
            "kind": "parts/category/display/",
        }.items():
            page.goto(f"{live_server}/reports/{part}?period={period}")
            if scheme == "light":
                pictures(page, f"{name}-{state}")
            check_page(page)
