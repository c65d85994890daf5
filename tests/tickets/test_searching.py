"""What is found by the words people use."""

import pytest

from schools.models import School
from tests.city import MONDAY
from tickets.models import Category, Ticket
from tickets.models import ticket_queries as model
from tickets.models.words import COMMON, looked_up


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


def test_a_number_finds_who_wrote_about_it_too_and_nobody_else(city, ticket):
    mentioned = city.report(description=f"Dasselbe wie in {ticket.number}, nur im Nachbarraum")
    city.report(description=f"Anderswo, nicht {ticket.number}9")
    assert set(found(city, ticket.number)) == set(found(city, ticket.number.lower())) == {ticket, mentioned}


@pytest.mark.parametrize("words", ["nicht", "!!!", "Whiteboard", "Beamer Whiteboard", "9" * 30, "' | !x:*", "04"])
def test_what_stands_nowhere_finds_nothing(city, ticket, words):
    assert found(city, words) == []


def test_nobody_finds_what_they_do_not_see(city, ticket):
    assert found(city, "Beamer", "asseln_manager") == found(city, ticket.number, "colleague") == []


def test_many_matches_are_the_same_as_few(city, ticket, monkeypatch):
    monkeypatch.setattr(model, "FEW", 0)
    assert found(city, "Beamer") == [ticket] and found(city, "Whiteboard") == []


def test_a_common_word_finds_all_of_one_s_own_and_nothing_of_others(city):
    reported = [city.report(description="Der Beamer geht nicht mehr an") for _ in range(COMMON + 1)]
    other = city.report(school=city.kant, by=city.kant_teacher, description="Das WLAN am Beamer ist weg")
    assert looked_up("Beamer", "tickets_ticket").are_common
    assert not looked_up("Beamer WLAN", "tickets_ticket").are_common
    assert set(found(city, "Beamer")) == set(reported)
    assert found(city, "Beamer", "asseln_manager") == found(city, "Beamer WLAN", "helpdesk") == [other]
    assert found(city, "Beamer", "contact") and not found(city, "Beamer", "stranger")


def test_a_list_of_a_school_is_what_one_sees_of_it_whoever_looks(city):
    confidential = {"category": Category.objects.get(slug="security")}
    for school, by in ((city.brecht, city.teacher), (city.brecht, city.contact), (city.kant, city.kant_teacher)):
        city.report(school=school, by=by)
        city.report(school=school, by=by, **confidential)
        report = city.report(school=school, by=by, category=city.network)
        city.escalated(report, by=city.manager if school == city.brecht else city.asseln_manager)
    own = city.report(school=city.kant, by=city.helpdesk)
    Ticket.objects.filter(pk=own.pk).update(assignee=city.coordinator, reporter=city.manager)
    city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht])
    School.objects.filter(pk=city.widey.pk).update(campus=None)
    city.report(school=city.widey, by=city.helpdesk)
    seen_by_anybody = set()
    for person in city.everybody.values():
        viewer = city.viewer(person)
        seen = Ticket.objects.visible_to(viewer)
        assert set(Ticket.objects.listed_for(viewer)) == set(seen)
        for school in School.objects.all():
            listed = set(Ticket.objects.listed_for(viewer, school))
            assert listed == set(seen.filter(school=school)), (person.name, school.name)
            seen_by_anybody |= listed
    assert len(seen_by_anybody) == Ticket.objects.count()
