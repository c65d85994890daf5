"""A real browser against a running server, and the questions every page has to answer well.

Chromium comes from the variable CHROMIUM or from the path; without it the run ends with a sentence.
PICTURES=folder keeps pictures of what `pictures` was shown.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from playwright.sync_api import sync_playwright

from foundation.templatetags import ui

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HERE = Path(__file__).parent
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
SMALL = (HERE / "small_targets.js").read_text("utf-8")
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
# The text spacing of WCAG 1.4.12, as somebody's own style sheet would ask for it.
SPACED = """() => {
  const wider = new CSSStyleSheet();
  const wishes = ["line-height: 1.5", "letter-spacing: .12em", "word-spacing: .16em"];
  wider.replaceSync(`* { ${wishes.map((wish) => `${wish} !important`).join("; ")} }`);
  document.adoptedStyleSheets = [wider];
}"""
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 820, "height": 1180}
DESKTOP = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_path():
    """Return the browser's program."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found or not Path(found).exists():
        pytest.exit("The browser tests need Chromium: install it, or name it in the variable CHROMIUM.", 1)
    return found


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    # Playwright runs an event loop in this thread; Django then takes every query of a test for one inside it, and
    # opens connections of its own there, which have to know what the migrations left behind.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    after_migrations = connection._test_serialized_contents
    with sync_playwright() as playwright:
        connection._test_serialized_contents = after_migrations
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session", autouse=True)
def files_as_they_lie(tmp_path_factory):
    """Serve static files from where they are written, not the copies that somebody collected earlier."""
    empty = tmp_path_factory.mktemp("collected")
    with override_settings(STATIC_ROOT=empty, WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(autouse=True)
def fresh_icons():
    """Forget where the icons lay when another test drew them."""
    ui.draw.cache_clear()
    yield
    ui.draw.cache_clear()


@pytest.fixture(autouse=True)
def rows_of_the_migrations(django_db_serialized_rollback):
    """Bring categories, teams and policies back, which the emptying after a test with a server takes along."""


@pytest.fixture
def new_page(chromium):
    """Open pages in sessions of their own: new_page(viewport=PHONE, java_script_enabled=False)."""
    contexts = []

    def open_page(**wishes):
        wishes = {"viewport": DESKTOP, "locale": "de-DE", "timezone_id": "Europe/Berlin"} | wishes
        contexts.append(chromium.new_context(**wishes))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.heard = []  # what the browser complained about
        page.on(
            "console",
            lambda said: page.heard.append(said.text) if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: page.heard.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    return new_page()


@pytest.fixture
def sign_in(live_server):
    """Give a page the session of a person: sign_in(page, city.teacher)."""

    def enter(page, person):
        client = Client()
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": str(live_server)}])
        return page

    return enter


@pytest.fixture(scope="session")
def axe():
    return (Path(settings.NPM_ROOT) / "axe-core/axe.min.js").read_text("utf-8")


@pytest.fixture
def check_page(axe):
    """Ask what every page has to answer: no complaint of the browser, axe finds nothing, targets, reflow."""

    def check(page, smallest=44):
        # Before axe, which itself tries to add a style element.
        assert [said for said in page.heard if "status of 4" not in said] == [], page.url
        size = page.viewport_size
        height = page.evaluate("document.documentElement.scrollHeight")
        # As tall as the page, so that no sticky bar lies over what is measured.
        page.set_viewport_size({"width": size["width"], "height": max(size["height"], height + 200)})
        page.evaluate(axe)
        found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
        assert [told(violation) for violation in found["violations"]] == [], page.url
        assert page.evaluate(SMALL, smallest) == [], f"too small on {page.url}"
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate(SIDEWAYS) <= 0, f"{page.url} scrolls sideways at 320 px"
        page.evaluate(SPACED)
        assert page.evaluate(SIDEWAYS) <= 0, f"{page.url} scrolls sideways at 320 px with wider text"
        page.evaluate("document.adoptedStyleSheets = []")
        page.set_viewport_size(size)
        page.heard.clear()

    return check


def told(violation):
    """Return a violation in one readable line."""
    places = "; ".join(f"{node['target']} {node['failureSummary']}" for node in violation["nodes"][:4])
    return f"{violation['id']}: {places}"


@pytest.fixture
def pictures():
    """Keep pictures of a page at three widths, light and dark, in the folder PICTURES, if that is set."""

    def take(page, name):
        folder = os.environ.get("PICTURES")
        if not folder:
            return
        size = page.viewport_size
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for viewport in (PHONE, TABLET, DESKTOP):
                page.set_viewport_size(viewport)
                tall = max(viewport["height"], page.evaluate("document.documentElement.scrollHeight"))
                page.set_viewport_size({**viewport, "height": tall})  # bars lie where they belong: at the edge
                page.screenshot(path=f"{folder}/{name}-{viewport['width']}-{scheme}.png")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(size)

    return take
