"""The figures of a school in a browser: in order when there are many, few and none."""

import pytest

from reports.keeping import keep_figures
from tests.browser.conftest import PHONE
from tests.reports.twenty import NOW, twenty_kept
from tickets.models import Ticket


@pytest.fixture
def full(city):
    twenty_kept(city)
    return "2025-2026"


@pytest.fixture
def few(city):
    twenty_kept(city)
    Ticket.objects.exclude(pk__in=Ticket.objects.order_by("created_at")[:3]).update(confidential=True)
    keep_figures(at=NOW)
    return "2025-2026"


@pytest.fixture
def empty(city):
    return ""


@pytest.mark.parametrize("state", ["full", "few", "empty"])
def test_the_page_is_in_order(state, request, city, live_server, new_page, sign_in, check_page, pictures):
    period = request.getfixturevalue(state)
    for scheme in ("light", "dark"):
        page = sign_in(new_page(viewport=PHONE, color_scheme=scheme, has_touch=True), city.head)
        page.goto(f"{live_server}/schools/100001/statistics/?period={period}")
        if scheme == "light":
            pictures(page, f"figures-{state}")
        tables = page.locator("#content summary")
        for place in range(tables.count()):
            tables.nth(place).click()
        check_page(page)
