"""The ledger of a clock: its lines add up to the figure, to the second, whatever happened on the way."""

import re
from datetime import timedelta

import pytest

from tests.city import MONDAY, berlin
from tickets.clock_page import ClockPage
from tickets.commands import escalate, finish, join, merge, work
from tickets.commands.sweep import sweep
from tickets.models import Deadline, Ticket

pytestmark = pytest.mark.django_db
AWKWARD = timedelta(minutes=12, seconds=17, microseconds=654_321)


def page(city, ticket, person, at) -> ClockPage:
    viewer = city.viewer(person, at)
    return ClockPage(Ticket.objects.visible_to(viewer).get(pk=ticket.pk), viewer)


def card(city, ticket, kind, at, person=None):
    return page(city, ticket, person or city.manager, at).card(kind)


def labels(part):
    return [line.label for line in part.lines]


def assert_adds_up(shown):
    for part in (shown.spent, shown.over, shown.planned):
        assert part.counted == sum((days.counted for days in part.days), timedelta(0))
        assert all(line.counted.microseconds == 0 and line.begins.microsecond == 0 for line in part.lines)
    assert shown.used == sum((line.counted for line in (*shown.spent.lines, *shown.over.lines)), timedelta(0))
    assert shown.spent.counted + shown.left == shown.target
    if shown.over.lines:
        assert shown.spent.counted == shown.target
    if shown.planned.lines:
        assert shown.used + shown.planned.counted == shown.target
        assert abs(shown.planned.lines[-1].ends - shown.row.due_at) < timedelta(seconds=3)


def test_used_and_planned_add_up_to_the_time_given_to_the_second(city):
    ticket = work.accept(ticket=city.report(at=MONDAY + AWKWARD), by=city.manager, at=MONDAY + 2 * AWKWARD)
    work.ask(ticket=ticket, text="Welche Lampe?", by=city.manager, at=MONDAY + 3 * AWKWARD)
    work.answer(ticket=ticket, text="Rot", by=city.teacher, at=MONDAY + 5 * AWKWARD)
    for at in (MONDAY + 4 * AWKWARD, MONDAY + 7 * AWKWARD, berlin(2026, 3, 3, 11) + AWKWARD, berlin(2026, 3, 9, 10)):
        for shown in page(city, ticket, city.manager, at).cards:
            assert_adds_up(shown)
    shown = card(city, ticket, "resolution", MONDAY + 7 * AWKWARD)
    # Reported at 9:12:17, asked at 9:36:52, answered at 10:01:28, looked at at 10:26:03.
    assert (shown.used, shown.left) == (timedelta(minutes=49, seconds=10), timedelta(hours=24, minutes=40, seconds=50))
    assert labels(shown.spent) == ["Zählt", "Wartet auf Antwort", "Zählt"]
    assert (shown.version.policy.name, shown.version.number) == ("Standard", 1)
    assert (shown.calendar.name, shown.pauses_in) == (shown.clock.hours.source.name, ["Wartet auf Antwort"])


def test_a_weekend_with_allerheiligen_says_why_it_did_not_count(city):
    ticket = city.report(at=berlin(2027, 10, 29, 15))  # a Friday; Allerheiligen is the Monday after
    shown = card(city, ticket, "resolution", berlin(2027, 11, 2, 8))
    assert labels(shown.spent) == ["Zählt", "Wochenende", "Allerheiligen", "Zählt"]
    assert shown.used == timedelta(hours=1, minutes=30)
    assert_adds_up(shown)


def test_what_was_missed_says_by_how_much(city):
    ticket = city.report()
    shown = card(city, ticket, "first_response", berlin(2026, 3, 3, 10, 30))
    assert (shown.state, shown.over.counted, shown.left) == ("missed", timedelta(hours=1, minutes=30), timedelta(0))
    work.accept(ticket=ticket, by=city.manager, at=berlin(2026, 3, 3, 11))
    shown = card(city, ticket, "first_response", berlin(2026, 3, 4, 9))
    assert (shown.state, shown.over.counted, shown.planned.lines) == ("late", timedelta(hours=2), [])
    assert_adds_up(shown)


def test_equal_days_are_told_as_one_and_early_ones_are_folded_with_their_sum(city):
    ticket = city.report(at=MONDAY)
    shown = card(city, ticket, "resolution", berlin(2026, 6, 1, 9))
    assert len(shown.over.days) < 3 * 13  # thirteen weeks with four public holidays
    assert max(days.number for days in shown.over.days) == 4  # Monday to Thursday; Friday ends in a weekend
    assert shown.over.earlier and len(shown.over.latest) == 4
    assert shown.over.carried + sum((d.counted for d in shown.over.latest), timedelta(0)) == shown.over.counted
    assert_adds_up(shown)


def test_the_way_over_the_second_level_and_back_keeps_the_hours_each_clock_ran_by(city):
    ticket = city.escalated()
    coming = card(city, ticket, "resolution", berlin(2026, 3, 2, 10)).to_come
    assert coming and "escalate" not in [step.action for step in coming]
    escalate.return_to_first_level(ticket=ticket, text="Dose?", by=city.specialist, at=berlin(2026, 3, 2, 11))
    shown = card(city, ticket, "second_response", berlin(2026, 3, 2, 12))
    assert (shown.state, shown.used) == ("met", timedelta(hours=2))
    assert card(city, ticket, "second_response", berlin(2026, 3, 2, 12), city.teacher) is None
    assert "second_response" not in [c.kind for c in page(city, ticket, city.head, berlin(2026, 3, 2, 12)).cards]


def test_steps_are_for_those_who_work_on_it_but_for_what_the_reporter_notices(city):
    ticket = work.ask(ticket=city.report(), text="Welche Lampe?", by=city.manager, at=MONDAY)
    sweep(at=berlin(2026, 3, 4, 9))
    at = berlin(2026, 3, 4, 10)
    for person in (city.manager, city.teacher):
        shown = card(city, ticket, "answer", at, person)
        assert [(step.percent, step.action) for step in shown.taken] == [(40, "remind_reporter")]
        assert [step.action for step in shown.to_come] == ["close"]
    assert card(city, ticket, "resolution", at).to_come[0].at is None  # it pauses
    assert card(city, ticket, "resolution", at, city.teacher).to_come == []


def test_days_of_the_calendar_count_day_and_night(city):
    ticket = finish.resolve(ticket=city.report(), solution="Kabel", cause="", by=city.manager, at=MONDAY)
    shown = card(city, ticket, "confirmation", berlin(2026, 3, 7, 12), city.teacher)
    assert shown.used == timedelta(days=5, hours=3) and labels(shown.spent) == ["Zählt"]
    assert shown.row.due_at == berlin(2026, 3, 10) and shown.version is None and shown.calendar is None
    assert_adds_up(shown)
    ticket = finish.reopen(ticket=ticket, by=city.teacher, at=berlin(2026, 3, 7, 12))
    assert_adds_up(card(city, ticket, "confirmation", berlin(2026, 3, 9, 12)))
    assert labels(card(city, ticket, "resolution", berlin(2026, 3, 9, 9)).spent)[0] == "Gelöst"


def test_a_clock_that_was_taken_over_names_the_report_where_one_may_know_of_it(city):
    early = city.report(by=city.colleague, at=MONDAY)
    ticket = city.report(at=MONDAY + timedelta(hours=2))
    merge.merge(ticket=early, into=ticket, by=city.manager, at=MONDAY + timedelta(hours=3))
    at = MONDAY + timedelta(hours=4)
    assert card(city, ticket, "resolution", at).merged_from == early.number
    assert card(city, ticket, "resolution", at, city.teacher).merged_from == ""
    assert card(city, ticket, "resolution", at).used == timedelta(hours=4)


def test_the_number_of_statements_depends_on_nothing(city, django_assert_num_queries):
    ticket = city.report()
    later = berlin(2026, 9, 1, 9)
    viewer = city.viewer(city.manager, later)
    counts = []
    for _ in range(2):
        shown = ClockPage(Ticket.objects.select_related("school", "category").get(pk=ticket.pk), viewer)
        with django_assert_num_queries(4) as captured:
            cards = shown.cards
            assert all(c.used == c.spent.counted + c.over.counted and c.taken is not None for c in cards)
        counts.append((len(cards), len(captured)))
        for number in range(3):
            at = MONDAY + timedelta(minutes=number * 10)
            work.ask(ticket=ticket, text="Und?", by=city.manager, at=at)
            work.answer(ticket=ticket, text="Ja", by=city.teacher, at=at + timedelta(minutes=5))
    assert counts[1][0] > counts[0][0]


def test_rules_that_changed_since_are_named_where_the_lines_say_something_else(city):
    ticket = work.accept(ticket=city.report(), by=city.manager, at=berlin(2026, 3, 2, 15))
    assert not card(city, ticket, "first_response", berlin(2026, 3, 2, 16)).is_judged_otherwise
    Deadline.objects.filter(kind="first_response").update(target=timedelta(hours=1))
    assert card(city, ticket, "first_response", berlin(2026, 3, 2, 16)).is_judged_otherwise
    Deadline.objects.filter(kind="resolution").update(target=timedelta(hours=1))
    assert card(city, ticket, "resolution", berlin(2026, 3, 2, 9, 30)).is_stale


def facts(client, person, ticket) -> str:
    client.force_login(person)
    html = client.get(f"/tickets/{ticket.number}/").content.decode()
    shown = re.search(r'<dl class="facts">.*?</dl>', html, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", shown).replace("\xa0", " ").split())


def test_the_page_of_a_report_says_how_each_due_time_stands_and_opens_it(city, client, monkeypatch):
    def at(instant):
        monkeypatch.setattr("django.utils.timezone.now", lambda: instant)

    ticket = city.report()
    at(berlin(2026, 3, 3, 10))
    assert "Erste Rückmeldung verstrichen seit 9:00 Uhr Wie gerechnet?" in facts(client, city.teacher, ticket)
    work.ask(ticket=ticket, text="Welche Lampe?", by=city.manager, at=berlin(2026, 3, 3, 11))
    at(berlin(2026, 3, 3, 12))
    told = facts(client, city.teacher, ticket)
    assert "Lösung pausiert seit 11:00 Uhr" in told and "Ihre Antwort bis Di., 10. März, 11:00 Uhr" in told
    assert "Antwort der meldenden Person bis Di., 10. März, 11:00 Uhr" in facts(client, city.manager, ticket)
    finish.resolve(ticket=ticket, solution="Kabel", cause="", by=city.manager, at=berlin(2026, 3, 3, 13))
    at(berlin(2026, 3, 3, 14))
    told = facts(client, city.teacher, ticket)
    assert "Lösung rechtzeitig, heute, 13:00 Uhr" in told and "Einwand möglich bis Di., 10. März Wie" in told


def test_a_ledger_by_itself_comes_only_to_those_who_may_know_of_its_clock(city, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY + timedelta(hours=1))
    ticket = city.escalated()
    join.join(ticket=ticket, room=city.b112, by=city.colleague, at=MONDAY)
    answers = {
        (who, kind): client.get(f"/tickets/{ticket.number}/clocks/?clock={kind}", headers={"HX-Request": "true"})
        for who in ("teacher", "head", "colleague", "specialist")
        if client.force_login(getattr(city, who)) is None
        for kind in ("resolution", "second_response", "nonsense")
    }
    known = {key for key, answer in answers.items() if answer.status_code == 200}
    assert {answer.status_code for answer in answers.values()} == {200, 404}
    assert known == {
        ("teacher", "resolution"),
        ("head", "resolution"),
        ("specialist", "resolution"),
        ("specialist", "second_response"),
    }
    assert b"<html" not in answers["teacher", "resolution"].content
    client.force_login(city.teacher)
    page = client.get(f"/tickets/{ticket.number}/clocks/").content.decode()
    assert "Systemhauses" not in page and "erinnern" not in page


def test_midnight_is_the_end_of_a_day_and_equal_days_are_told_once(city, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: berlin(2025, 11, 14, 9))
    ticket = city.report(at=berlin(2025, 10, 31, 15))  # Allerheiligen is the day after
    client.force_login(city.teacher)
    page = client.get(f"/tickets/{ticket.number}/clocks/").content.decode().replace("\xa0", " ")
    assert "16:00 Uhr bis 24:00 Uhr am Folgetag" in page and "Allerheiligen" in page
    assert "Mo., 10. November bis Do., 13. November: 4 Tage, jeder so" in page
    assert "an jedem Tag 8 Std. 30 Min." in page
