"""What is found by the words people use."""

import pytest

from tests.city import MONDAY
from tickets.models import Ticket
from tickets.models import ticket as model


@pytest.fixture
def ticket(city):
    return city.report(description="Der Beamer geht nicht mehr an")


def found(city, words, who="manager"):
    return list(Ticket.objects.visible_to(city.viewer(getattr(city, who), MONDAY)).searched(words))


@pytest.mark.parametrize(
    "words", ["Beamer", "beam", "Beamer geht nicht", "A 204", "204 Beamer", "Brecht", "Bert-Brecht", "gymnasium an"]
)
def test_a_report_is_found_by_words_room_and_school(city, ticket, words):
    assert found(city, words) == [ticket]


def test_a_report_is_found_by_its_number_whole_or_as_it_is_said_on_the_telephone(city, ticket):
    city.report()
    for words in (ticket.number, ticket.number.lower(), str(ticket.serial)):
        assert found(city, words) == [ticket]


@pytest.mark.parametrize("words", ["nicht", "!!!", "Whiteboard", "Beamer Whiteboard", "9" * 30, "' | !x:*", "04"])
def test_what_stands_nowhere_finds_nothing(city, ticket, words):
    assert found(city, words) == []


def test_nobody_finds_what_they_do_not_see(city, ticket):
    assert found(city, "Beamer", "asseln_manager") == found(city, ticket.number, "colleague") == []


def test_many_matches_are_the_same_as_few(city, ticket, monkeypatch):
    monkeypatch.setattr(model, "FEW", 0)
    assert found(city, "Beamer") == [ticket] and found(city, "Whiteboard") == []
