"""What people say about the help: read by the coordination, five at a time, and nothing beside the words."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from reports.remarks import Remarks
from tests.city import MONDAY
from tickets.commands import finish
from tickets.commands.rate import rate
from tickets.models import Category, Rating

pytestmark = pytest.mark.django_db
WORDS = ["Zu spät", "Alles gut", "endlich", "Mit Ersatz", "Danke", "Beim nächsten Mal früher", "Na ja"]


def say(city, *remarks, value="good", **fields):
    """Let somebody report, be helped and write each of these words; return the reports."""
    tickets = []
    for words in remarks:
        ticket = finish.resolve(ticket=city.report(**fields), solution="Ja", cause="", by=city.manager, at=MONDAY)
        at = MONDAY + timedelta(minutes=Rating.objects.count())
        rate(ticket=ticket, value=value, words=words, by=ticket.reporter, at=at)
        tickets.append(ticket)
    return tickets


def told(city):
    return {group.name: group.remarks for group in Remarks(city.viewer(city.coordinator)).groups}


def test_four_show_nothing_and_five_show_from_a_to_z(city):
    say(city, *WORDS[:4])
    assert told(city) == {}
    say(city, WORDS[4])
    assert told(city) == {city.display.name: ["Alles gut", "Danke", "endlich", "Mit Ersatz", "Zu spät"]}


def test_they_come_five_at_a_time(city):
    say(city, *WORDS[:5])
    before = told(city)
    for number in range(6, 10):
        say(city, f"Wort {number}")
        assert told(city) == before
    say(city, "Wort 10")
    assert len(told(city)[city.display.name]) == 10


def test_kinds_with_few_stand_together_from_five_on(city):
    say(city, *WORDS)
    say(city, "Netz A", "Netz B", "Netz C", category=city.network)
    assert set(told(city)) == {city.display.name}  # three would stand out
    say(city, *(f"Netz {letter}" for letter in "DEFGH"), category=city.network)
    assert len(told(city)[city.network.name]) == 8
    tablet, printer = (Category.objects.get(slug=slug) for slug in ("tablet", "printer"))
    say(city, "Tablet A", "Tablet B", category=tablet)
    say(city, "Drucker A", "Drucker B", "Drucker C", category=printer)
    assert told(city)[""] == ["Drucker A", "Drucker B", "Drucker C", "Tablet A", "Tablet B"]


def test_an_answer_taken_back_takes_its_words_along(city):
    first, *_others = say(city, *WORDS[:5])
    finish.reopen(ticket=first, by=city.manager, at=MONDAY)
    assert told(city) == {}


@pytest.mark.parametrize("who", ["manager", "helpdesk", "specialist", "head", "city_reader", "administrator"])
def test_nobody_but_the_coordination_reads_them(city, who):
    with pytest.raises(PermissionDenied):
        Remarks(city.viewer(getattr(city, who)))


def test_the_page_tells_words_and_nothing_of_their_reports(city, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    tickets = say(city, *WORDS[:4], "<b>Fett</b>")
    client.force_login(city.coordinator)
    page = client.get("/reports/remarks/").content.decode()
    assert "Alles gut" in page and "&lt;b&gt;Fett" in page
    main = page[page.index("<main") : page.index("</main>")]
    for named in [*(ticket.number for ticket in tickets), city.teacher.name, city.brecht.name, "A 204", "2026"]:
        assert named not in main
