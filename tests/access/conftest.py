"""The city with one thing of every kind, and the clock of all requests at Monday morning."""

import pytest

from tests.access.world import World
from tests.city import MONDAY


@pytest.fixture
def world(db, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    return World()
