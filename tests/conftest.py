"""What every test needs: files in a folder of its own, fast passwords, no mail that leaves."""

import os

import pytest
from django.db import connections

from tests.city import MONDAY, City


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """Give every run a database of its own, so that two may use the same server side by side."""
    connections["default"].settings_dict["TEST"]["NAME"] = f"test_campusruf_{os.getpid()}"


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Serve static files as they lie in the tree, without the hashed copies that collectstatic makes."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    """Argon2 is slow on purpose; tests that are not about it use the quickest hasher there is."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def city(db):
    """Build the small city of `tests/city.py`."""
    return City()


@pytest.fixture
def committed(transactional_db, django_db_serialized_rollback):
    """The city, committed, so that every connection sees it; with the rows of the migrations beneath it."""
    return City()


@pytest.fixture
def clock(monkeypatch):
    """Stop the clock of all requests at `clock.at`."""

    class Clock:
        at = MONDAY

    monkeypatch.setattr("django.utils.timezone.now", lambda: Clock.at)
    return Clock
