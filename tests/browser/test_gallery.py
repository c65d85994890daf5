"""The trial pages hold to what every page has to hold to."""

import pytest

PAGES = ["report", "report/?errors", "today", "ticket", "step", "step/?errors"]
PAGES += ["parts", "empty", "gate", "lost"]

pytestmark = pytest.mark.urls("tests.browser.gallery_urls")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_the_parts_are_in_order(name, scheme, live_server, new_page, check_page, pictures):
    page = new_page(color_scheme=scheme, has_touch=True)
    page.goto(f"{live_server}/gallery/{name}{'' if '?' in name else '/'}")
    if scheme == "light":
        pictures(page, name.replace("/?", "-"))
    check_page(page)
