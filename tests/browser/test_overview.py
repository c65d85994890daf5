"""The page a school head begins with, in a browser: in order when there is much, little and nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reports.keeping import keep_figures
from schools.models import SchoolMembership
from tests.browser.conftest import DESKTOP, PHONE, TABLET
from tests.city import SINCE
from tests.reports.twenty import twenty_kept
from tickets.commands import work


@pytest.fixture
def full(city):
    """Figures of a year, reports in all open states at two schools, with the longest names there may be."""
    twenty_kept(city)
    now = timezone.now()
    for urgency in ("blocked", "hampered", "can_wait"):
        city.report(at=now, urgency=urgency, category=city.network, description="Das WLAN bricht in jeder Stunde ab")
    work.accept(ticket=city.report(at=now, description="Donaudampfschifffahrt" * 5), by=city.manager, at=now)
    work.ask(ticket=city.report(at=now), text="Welches Gerät?", by=city.manager, at=now)
    waiting = work.accept(ticket=city.report(at=now), by=city.manager, at=now)
    day = timezone.localdate(now) + timedelta(days=9)
    work.wait(ticket=waiting, party="Glasfaserbaugesellschaft Westfalen", until=day, by=city.manager, at=now)
    city.escalated(at=now)
    keep_figures(at=now)
    SchoolMembership.objects.create(person=city.head, school=city.widey, role="head", starts_on=SINCE)


@pytest.fixture
def few(city):
    city.report(at=timezone.now(), description="Der Beamer bleibt dunkel")
    keep_figures(at=timezone.now())


@pytest.fixture
def empty(city):
    return None


@pytest.mark.parametrize("state", ["full", "few", "empty"])
def test_the_overview_is_in_order(state, request, city, live_server, new_page, sign_in, check_page, pictures):
    request.getfixturevalue(state)
    for scheme in ("light", "dark"):
        for viewport in (PHONE, TABLET, DESKTOP):
            page = sign_in(new_page(viewport=viewport, color_scheme=scheme, has_touch=True), city.head)
            page.goto(f"{live_server}/")
            assert page.url.endswith("/overview/")
            if scheme == "light" and viewport == PHONE:
                pictures(page, f"overview-{state}")
            check_page(page)


def test_a_number_leads_to_its_figures(full, city, live_server, page, sign_in):
    sign_in(page, city.head).goto(f"{live_server}/overview/")
    page.get_by_role("link", name="Übliche Lösungszeit").click()
    page.wait_for_url("**/schools/100001/statistics/#speed")
