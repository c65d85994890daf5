"""What people see when something goes wrong has to come even if hardly anything works."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

PAGES = ["400", "403", "403_csrf", "404", "413", "500"]


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.mark.parametrize("name", PAGES)
def test_an_error_page_needs_neither_database_nor_session(name):
    with translation.override("de"):
        html = render_to_string(f"{name}.html")
    assert html.count("<h1>") == 1
    assert 'lang="de"' in html and "Zur Startseite" in html
    assert "<form" not in html  # without a request there is no token to send


@pytest.mark.parametrize("name", PAGES)
def test_the_answer_to_htmx_is_a_fragment_that_takes_the_focus(name):
    html = render_to_string(f"errors/_{name}.html")
    assert "<html" not in html and "data-focus" in html
