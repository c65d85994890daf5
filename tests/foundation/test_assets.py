"""Browser packages and icons: what is listed is there, and nothing else is served."""

import pytest
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
