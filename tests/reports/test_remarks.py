"""What people say about the help: read by the coordination, five at a time, and nothing beside the words."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from reports.remarks import Remarks
from tests.city import MONDAY
from tickets.commands import finish
from tickets.commands.rate import rate
from tickets.lifecycle import rate_until
from tickets.models import Rating

pytestmark = pytest.mark.django_db
WORDS = ["Zu spät", "Alles gut", "endlich", "Mit Ersatz", "Danke", "Beim nächsten Mal früher", "Na ja"]
DAY = timedelta(days=1)
LATER = MONDAY + 40 * DAY


def solve(city, ticket, at=MONDAY):
    return finish.resolve(ticket=ticket, solution="Ja", cause="", by=city.manager, at=at)


def write(ticket, words, at=MONDAY):
    rate(ticket=ticket, value="good", words=words, by=ticket.reporter, at=at)


def say(city, *remarks, at=MONDAY, **fields):
    """Let somebody report, be helped and write each of these words, a minute apart; return the reports."""
    tickets = []
    for minute, words in enumerate(remarks):
        ticket = solve(city, city.report(**fields), at=at + timedelta(minutes=minute))
        write(ticket, words, at=ticket.resolved_at)
        tickets.append(ticket)
    return tickets


def told(city, at=LATER):
    return Remarks(city.viewer(city.coordinator, at)).told


def looked_at_daily(city, until=LATER):
    """Return what somebody sees who looks every day, each time it is something else."""
    seen = [[]]
    for day in range((until - MONDAY).days + 1):
        found = told(city, MONDAY + day * DAY)
        seen += [found] if found != seen[-1] else []
    return seen


def test_four_show_nothing_and_five_show_from_a_to_z(city):
    say(city, *WORDS[:4])
    assert told(city) == []
    say(city, WORDS[4])
    assert told(city) == ["Alles gut", "Danke", "endlich", "Mit Ersatz", "Zu spät"]


def test_the_same_words_stand_there_once_with_their_number(city):
    say(city, "Danke", "Na ja", "Danke", "Danke", "Zu spät")
    assert Remarks(city.viewer(city.coordinator, LATER)).counted == [("Danke", 3), ("Na ja", 1), ("Zu spät", 1)]


def test_only_what_nobody_can_change_any_more_is_shown(city):
    *_others, last = say(city, *WORDS[:5])
    over = rate_until(last.resolved_at)
    assert told(city, over - DAY) == told(city, over) == []
    assert len(told(city, over + DAY)) == 5


def test_they_come_five_at_a_time_and_those_shown_stay(city):
    for day in range(13):
        say(city, f"Wort {day:02}", at=MONDAY + day * DAY)
    words = [f"Wort {day:02}" for day in range(13)]
    assert looked_at_daily(city, MONDAY + 60 * DAY) == [[], words[:5], words[:10]]


def test_it_counts_when_a_report_was_solved_and_not_when_it_was_answered(city):
    early = say(city, "", *WORDS[:5])[0]
    late = say(city, "Später gelöst", at=MONDAY + 3 * DAY)[0]
    write(early, "Spät geschrieben", at=MONDAY + 20 * DAY)
    assert looked_at_daily(city) == [[], sorted(["Spät geschrieben", *WORDS[:4]], key=str.casefold)]
    assert late.resolved_at < LATER - 29 * DAY  # it waits for others, not for its time


def test_one_of_six_that_is_edited_neither_appears_nor_lets_another_appear(city):
    *_others, fifth, sixth = say(city, *WORDS[:6])
    before = told(city)
    write(fifth, "Doch nicht so gut", at=MONDAY + DAY)
    assert told(city) == sorted([*(set(before) - {WORDS[4]}), "Doch nicht so gut"], key=str.casefold)
    write(sixth, "Noch anders", at=MONDAY + 2 * DAY)
    assert len(told(city)) == 5 and not {WORDS[5], "Noch anders"} & set(told(city))
    assert [len(seen) for seen in looked_at_daily(city)] == [0, 5]  # nothing was seen before it was changed


@pytest.mark.parametrize("taken_back", ["reopened", "emptied"])
def test_what_is_taken_back_takes_nothing_along_and_lets_nothing_appear_alone(city, taken_back):
    say(city, *(f"Alt {number}" for number in range(5)))
    shown = told(city, LATER)
    new = say(city, *(f"Neu {number}" for number in range(5)), at=LATER - 2 * DAY)
    if taken_back == "reopened":
        finish.reopen(ticket=new[0], by=city.manager, at=LATER)
    else:
        write(new[0], "", at=LATER)
    assert told(city, LATER) == told(city, LATER + 40 * DAY) == shown
    if taken_back == "reopened":
        solve(city, new[0], at=LATER + DAY)
    write(new[0], "Neu gesagt", at=LATER + DAY)
    assert told(city, LATER + 5 * DAY) == shown
    assert len(set(told(city, LATER + 40 * DAY)) - set(shown)) == 5


def test_it_is_one_list_of_all_kinds(city):
    say(city, *WORDS[:3])
    say(city, "Netz A", "Netz B", category=city.network)
    assert {"Netz A", "Netz B"} < set(told(city))


def test_it_does_not_grow_with_the_years(city, monkeypatch):
    monkeypatch.setattr("reports.remarks.LATEST", 5)
    say(city, *(f"Wort {number:02}" for number in range(12)))
    assert told(city) == [f"Wort {number:02}" for number in range(5, 10)]
    assert Rating.objects.count() == 12


@pytest.mark.parametrize("who", ["manager", "helpdesk", "specialist", "head", "city_reader", "administrator"])
def test_nobody_but_the_coordination_reads_them(city, who):
    with pytest.raises(PermissionDenied):
        Remarks(city.viewer(getattr(city, who)))


def test_the_page_tells_words_and_nothing_of_their_reports(city, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    tickets = say(city, *WORDS[:4], "<b>Fett</b>")
    client.force_login(city.coordinator)
    page = client.get("/reports/remarks/").content.decode()
    assert "Alles gut" in page and "&lt;b&gt;Fett" in page
    main = page[page.index("<main") : page.index("</main>")]
    for named in [*(ticket.number for ticket in tickets), city.teacher.name, city.brecht.name, "A 204", "2026"]:
        assert named not in main
