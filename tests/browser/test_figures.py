"""The figures of a school in a browser: in order when there are many, few and none."""

import pytest

from reports.keeping import keep_figures
from tests.browser.conftest import PHONE
from tests.reports.papers import ROOMS, crowded
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
def many(city):
    crowded(city)
    return "2025-2026"


@pytest.fixture
def empty(city):
    return ""


@pytest.mark.parametrize("state", ["full", "many", "few", "empty"])
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


def test_of_many_rooms_ten_are_shown_and_one_tap_shows_the_others(many, city, live_server, new_page, sign_in):
    page = sign_in(new_page(viewport=PHONE, has_touch=True), city.head)
    page.goto(f"{live_server}/schools/100001/statistics/?period={many}")
    rooms = page.get_by_role("region", name="Häufigste Räume")
    assert rooms.get_by_role("rowheader").count() == 10
    rooms.locator("summary", has_text=f"{ROOMS - 10} weitere").tap()
    assert rooms.get_by_role("rowheader").count() == ROOMS


def test_on_a_phone_nothing_has_to_be_moved_sideways(full, city, live_server, new_page, sign_in):
    page = sign_in(new_page(viewport=PHONE, has_touch=True), city.head)
    page.goto(f"{live_server}/schools/100001/statistics/?period={full}")
    page.locator("#content summary", has_text="Werte als Tabelle").tap()
    moved = (
        "[...document.querySelectorAll('#content .scroll-x')].filter((part) => part.scrollWidth > part.offsetWidth)"
    )
    assert page.evaluate(f"{moved}.map((part) => part.innerText)") == []
    months = page.get_by_role("region", name="Meldungen pro Monat")
    assert months.get_by_role("listitem").filter(has_text="Okt.").inner_text().split() == ["Okt.", "6"]
    assert months.get_by_role("img").count() == 0  # the columns would be too small to read


def test_on_paper_no_card_lies_over_another(full, city, live_server, new_page, sign_in):
    page = sign_in(new_page(viewport={"width": 690, "height": 1000}), city.head)
    page.emulate_media(media="print")
    page.goto(f"{live_server}/schools/100001/statistics/?period={full}")
    # A grid that is broken between sheets loses its order; what lies below each other in blocks does not.
    assert (
        page.evaluate(
            "[...document.querySelectorAll('.main, .page, .columns, .card.stack')]"
            ".map((part) => getComputedStyle(part).display).filter((display) => display !== 'block')"
        )
        == []
    )
    assert page.evaluate("getComputedStyle(document.querySelector('tfoot')).display") == "table-row-group"
    tiles = page.locator(".figures .card")
    assert len({tiles.nth(place).bounding_box()["y"] for place in range(tiles.count())}) == 1  # four in one line


def test_paper_is_white_and_shows_what_was_closed(full, city, live_server, new_page, sign_in, axe):
    city.head.theme = "dark"
    city.head.save()
    page = sign_in(new_page(color_scheme="dark"), city.head)
    page.emulate_media(media="print")
    for address in (f"/schools/100001/statistics/?period={full}", "/overview/"):
        page.goto(f"{live_server}{address}")
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {runOnly: ['color-contrast'], resultTypes: ['violations']})")
        assert [node["target"] for violation in found["violations"] for node in violation["nodes"]] == [], address
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor") == "rgb(255, 255, 255)"
        )
        assert page.locator(".nav").is_hidden()
    page.goto(f"{live_server}/schools/100001/statistics/?period={full}")
    assert "Oktober 2025" in page.locator("#content").inner_text()


def test_in_forced_colours_both_parts_of_a_column_stand_out(full, city, live_server, new_page, sign_in):
    page = sign_in(new_page(), city.head)
    page.emulate_media(forced_colors="active")
    page.goto(f"{live_server}/schools/100001/statistics/?period={full}")
    look = "name => (({fill, stroke}) => [fill, stroke])(getComputedStyle(document.querySelector(`.chart .${name}`)))"
    solved, rest = page.evaluate(look, "chart__solved"), page.evaluate(look, "chart__rest")
    assert solved[0] != rest[0] and rest[1] == solved[0]
