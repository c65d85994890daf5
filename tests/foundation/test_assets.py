"""Browser packages and icons: what is listed is there, and nothing else is served."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from foundation import icons
from foundation.npm import NpmFinder


def test_every_listed_file_is_installed():
    assert NpmFinder().check() == []


@pytest.mark.parametrize(
    "path",
    [
        "npm/axe-core/axe.min.js",
        "htmx.org/dist/htmx.min.js",
        "npm/htmx.org/dist/../package.json",
        "npm/",
    ],
)
def test_what_is_not_listed_does_not_exist(path):
    assert NpmFinder().find(path) == []


def test_a_listed_file_is_found():
    assert finders.find("npm/htmx.org/dist/htmx.min.js").endswith("node_modules/htmx.org/dist/htmx.min.js")


def test_a_missing_package_is_told_before_the_start(settings):
    settings.NPM_FILES = {"htmx.org": ["dist/no-such-file.js"]}
    assert [error.id for error in NpmFinder().check()] == ["foundation.E001"]


def test_the_sprite_holds_every_listed_icon_once():
    names = icons.wanted()
    sprite = icons.sprite(names)
    assert [sprite.count(f'<symbol id="{name}" ') for name in names] == [1] * len(names)


def test_an_icon_the_package_does_not_have_stops_the_build():
    with pytest.raises(FileNotFoundError):
        icons.sprite({"unicorn": False})


def test_no_page_invents_a_look():
    """Every class a template names is styled somewhere; what a tag composes is not looked at."""
    package = Path(settings.NPM_ROOT) / "@kern-ux/native/dist/kern.min.css"
    sheets = [*Path(settings.BASE_DIR, "static/app").glob("*.css"), package]
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", "".join(sheet.read_text("utf-8") for sheet in sheets)))
    invented = {}
    for template in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "\0", template.read_text("utf-8"))
        own = set(re.findall(r"\.([a-zA-Z][\w-]*)", "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))))
        for name in " ".join(re.findall(r'class="([^"]*)"', text)).split():
            if "\0" not in name and name not in styled | own:  # a mail brings its look along
                invented.setdefault(name, template.name)
    assert invented == {}
