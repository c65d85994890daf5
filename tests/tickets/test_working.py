"""What the first level does with a report, and what it does to its clocks. Times are Dortmund's, 7:30 to 16:00."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from audit.models import HistoryIsNeverEdited
from tests.city import MONDAY, berlin
from tickets.commands import finish, work
from tickets.commands.base import StaleTicket
from tickets.lifecycle import StepNotAllowed
from tickets.models import Category, Deadline, Ticket
from tickets.permissions import StepForbidden

TEN = berlin(2026, 3, 2, 10)
TUESDAY = berlin(2026, 3, 3, 9)
FRIDAY = berlin(2026, 3, 6, 15)


def due(ticket):
    """Return the due times of a ticket, first response and solution; None where a clock is met or pauses."""
    rows = {row.kind: row for row in ticket.deadlines.all()}
    return tuple(
        rows[kind].due_at if rows[kind].met_at is None and rows[kind].ended_at is None else None
        for kind in (Deadline.Kind.FIRST_RESPONSE, Deadline.Kind.RESOLUTION)
    )


def responded_at(ticket):
    return ticket.deadlines.get(kind=Deadline.Kind.FIRST_RESPONSE).met_at


def last(ticket):
    return ticket.events.in_order().last()


class TestTaking:
    def test_who_takes_it_has_it_and_has_responded(self, city):
        ticket = work.accept(ticket=city.report(), by=city.manager, at=TEN)
        assert (ticket.status, ticket.assignee, ticket.version) == ("in_progress", city.manager, 2)
        assert responded_at(ticket) == TEN
        assert due(ticket) == (None, berlin(2026, 3, 5, 9))
        assert ticket.due_at == berlin(2026, 3, 5, 9)

    def test_taken_is_taken(self, city):
        ticket = work.accept(ticket=city.report(), by=city.manager, at=TEN)
        with pytest.raises(StepNotAllowed):
            work.accept(ticket=ticket, by=city.helpdesk, at=TEN)
        assert city.verbs_of(ticket) == ["reported", "accepted"]

    def test_who_puts_it_back_leaves_it_to_whoever_is_on_duty(self, city):
        ticket = work.accept(ticket=city.report(), by=city.helpdesk, at=TEN)
        with pytest.raises(StepForbidden):
            work.release(ticket=ticket, by=city.manager, at=TEN)
        ticket = work.release(ticket=ticket, by=city.helpdesk, at=TUESDAY)
        assert (ticket.status, ticket.assignee) == ("new", None)
        assert responded_at(ticket) == TEN  # a promise that was kept stays kept

    def test_it_is_assigned_to_those_who_work_for_the_school_only(self, city):
        ticket = city.report()
        for person in (city.asseln_manager, city.specialist, city.coordinator, city.teacher, city.contact):
            with pytest.raises(ValidationError):
                work.assign(ticket=ticket, person=person, by=city.manager, at=TEN)
        ticket = work.assign(ticket=ticket, person=city.helpdesk, by=city.manager, at=TEN)
        assert (ticket.assignee, ticket.status) == (city.helpdesk, "new")
        assert responded_at(ticket) is None  # assigning is no response
        assert not last(ticket).public and last(ticket).data == {"to": "Hedwig Hörer"}

    def test_what_was_assigned_new_is_taken_by_the_same_tap(self, city):
        ticket = work.assign(ticket=city.report(), person=city.helpdesk, by=city.manager, at=TEN)
        ticket = work.accept(ticket=ticket, by=city.helpdesk, at=TUESDAY)
        assert (ticket.assignee, ticket.status) == (city.helpdesk, "in_progress")


class TestClassifying:
    def test_more_urgent_is_due_sooner_and_nothing_used_up_is_forgotten(self, city):
        ticket = city.report()
        # Blocked for a class is high: 2 h and 1 day from the report on, not from now.
        ticket = work.classify(ticket=ticket, urgency="blocked", by=city.manager, at=TEN)
        assert ticket.priority == "high"
        assert due(ticket) == (berlin(2026, 3, 2, 11), berlin(2026, 3, 3, 9))
        assert last(ticket).data == {"urgency": ["hampered", "blocked"]}
        back = work.classify(ticket=ticket, urgency="hampered", by=city.manager, at=TUESDAY)
        assert due(back) == (berlin(2026, 3, 3, 9), berlin(2026, 3, 5, 9))

    def test_what_should_have_been_done_by_now_is_late_at_once(self, city):
        ticket = work.classify(ticket=city.report(), impact="school", urgency="blocked", by=city.helpdesk, at=TUESDAY)
        assert ticket.priority == "critical"
        assert due(ticket) == (berlin(2026, 3, 2, 9, 30), berlin(2026, 3, 2, 13))

    def test_a_pause_counts_for_the_new_promise_too(self, city):
        ticket = work.ask(ticket=city.report(), text="Welcher?", by=city.manager, at=TEN)
        ticket = work.answer(ticket=ticket, text="Der linke", by=city.teacher, at=berlin(2026, 3, 2, 12))
        ticket = work.classify(ticket=ticket, urgency="blocked", by=city.manager, at=berlin(2026, 3, 2, 13))
        # One service day from Monday 9:00, two hours of it paused.
        assert due(ticket) == (None, berlin(2026, 3, 3, 11))

    def test_changing_nothing_is_refused(self, city):
        with pytest.raises(ValidationError):
            work.classify(ticket=city.report(), category=city.display, urgency="hampered", by=city.manager, at=TEN)

    def test_the_category_may_be_corrected(self, city):
        ticket = work.classify(ticket=city.report(), category=city.network, by=city.manager, at=TEN)
        assert ticket.category == city.network
        assert last(ticket).data == {"category": ["display", "network"]}


class TestQuestions:
    def test_a_question_is_a_response_and_stops_the_clock_until_the_answer(self, city):
        ticket = work.ask(ticket=city.report(), text="Welcher Beamer?", by=city.manager, at=TEN)
        assert (ticket.status, ticket.question, ticket.assignee) == (
            "waiting_reporter",
            "Welcher Beamer?",
            city.manager,
        )
        assert responded_at(ticket) == TEN
        assert due(ticket) == (None, None) and ticket.due_at is None
        ticket = work.answer(ticket=ticket, text="Der linke", by=city.teacher, at=FRIDAY)
        assert (ticket.status, ticket.question) == ("in_progress", "")
        # Three service days of 8.5 h, one hour used on Monday: 24.5 h from Friday 15:00 on.
        assert ticket.due_at == berlin(2026, 3, 11, 14)

    def test_waiting_over_night_and_the_weekend_costs_no_business_time(self, city):
        ticket = work.ask(ticket=city.report(), text="?", by=city.manager, at=berlin(2026, 3, 6, 16))
        ticket = work.answer(ticket=ticket, text="!", by=city.teacher, at=berlin(2026, 3, 9, 7, 30))
        # 42.5 h were used by Friday evening, the promise of 25.5 h was broken on Thursday and stays so.
        assert ticket.due_at == berlin(2026, 3, 5, 9)

    def test_asking_twice_pauses_once(self, city):
        ticket = work.ask(ticket=city.report(), text="Welcher?", by=city.manager, at=TEN)
        ticket = work.ask(ticket=ticket, text="Und welche Etage?", by=city.helpdesk, at=TUESDAY)
        assert (ticket.question, ticket.assignee) == ("Und welche Etage?", city.manager)
        ticket = work.answer(ticket=ticket, text="A 204", by=city.teacher, at=FRIDAY)
        assert ticket.due_at == berlin(2026, 3, 11, 14)

    @pytest.mark.parametrize("who", ["teacher", "contact", "helpdesk"])
    def test_reporter_contact_and_helpdesk_answer(self, city, who):
        ticket = work.ask(ticket=city.report(), text="?", by=city.manager, at=TEN)
        ticket = work.answer(ticket=ticket, text="!", by=getattr(city, who), at=TUESDAY)
        assert ticket.status == "in_progress"

    def test_a_message_is_a_response_but_an_internal_remark_is_none(self, city):
        ticket = city.report()
        work.comment(ticket=ticket, text="Intern", internal=True, by=city.manager, at=TEN)
        assert responded_at(ticket) is None
        work.comment(ticket=ticket, text="Ich komme um elf", by=city.manager, at=TUESDAY)
        assert responded_at(ticket) == TUESDAY
        ticket.refresh_from_db()
        assert (ticket.version, ticket.due_at) == (1, berlin(2026, 3, 5, 9))

    @pytest.mark.parametrize("who", ["teacher", "contact", "head"])
    def test_a_message_from_the_school_is_no_response(self, city, who):
        ticket = city.report()
        work.comment(ticket=ticket, text="Und?", by=getattr(city, who), at=TEN)
        assert responded_at(ticket) is None

    def test_a_manager_who_writes_to_the_own_report_has_not_responded(self, city):
        ticket = city.report(by=city.manager)
        work.comment(ticket=ticket, text="Notiz", by=city.manager, at=TEN)
        assert responded_at(ticket) is None

    def test_a_message_to_a_closed_report_is_kept_and_starts_nothing(self, city):
        ticket = finish.close(ticket=city.report(), reason="Doppelt", by=city.manager, at=TEN)
        work.comment(ticket=ticket, text="Danke trotzdem", by=city.teacher, at=TUESDAY)
        ticket.refresh_from_db()
        assert (ticket.status, ticket.due_at) == ("closed", None)

    @pytest.mark.parametrize("who", ["teacher", "contact", "head"])
    def test_the_school_writes_nothing_internal(self, city, who):
        with pytest.raises(StepForbidden):
            work.comment(ticket=city.report(), text="Psst", internal=True, by=getattr(city, who), at=TEN)


class TestWaiting:
    def test_waiting_for_somebody_outside_runs_on(self, city):
        ticket = work.accept(ticket=city.report(), by=city.manager, at=TEN)
        ticket = work.wait(
            ticket=ticket, party="DOKOM21", until=date(2026, 3, 6), reference="T-1", by=city.manager, at=TUESDAY
        )
        assert (ticket.status, ticket.waiting_party, ticket.waiting_until) == (
            "waiting_external",
            "DOKOM21",
            date(2026, 3, 6),
        )
        assert ticket.due_at == berlin(2026, 3, 5, 9)
        ticket = work.resume(ticket=ticket, by=city.manager, at=FRIDAY)
        assert (ticket.status, ticket.waiting_party, ticket.waiting_until, ticket.waiting_reference) == (
            "in_progress",
            "",
            None,
            "",
        )
        assert ticket.due_at == berlin(2026, 3, 5, 9)

    def test_today_is_early_enough_and_yesterday_is_not(self, city):
        ticket = city.report()
        late = berlin(2026, 3, 3, 0, 5)  # Monday in London still
        with pytest.raises(ValidationError):
            work.wait(ticket=ticket, party="X", until=date(2026, 3, 2), by=city.manager, at=late)
        ticket = work.wait(ticket=ticket, party="X", until=date(2026, 3, 3), by=city.manager, at=late)
        assert ticket.assignee == city.manager

    def test_the_helpdesk_waits_for_nobody(self, city):
        with pytest.raises(StepForbidden):
            work.wait(ticket=city.report(), party="X", until=date(2026, 3, 6), by=city.helpdesk, at=TEN)

    def test_asking_or_solving_meanwhile_ends_the_waiting(self, city):
        waits = {"party": "X", "until": date(2026, 3, 6), "by": city.manager, "at": TEN}
        asked = work.ask(ticket=work.wait(ticket=city.report(), **waits), text="?", by=city.manager, at=TUESDAY)
        assert (asked.status, asked.waiting_party, asked.waiting_until) == ("waiting_reporter", "", None)
        solved = finish.resolve(
            ticket=work.wait(ticket=city.report(), **waits), solution="Da", cause="", by=city.manager, at=TUESDAY
        )
        assert (solved.status, solved.waiting_party) == ("resolved", "")

    def test_an_open_question_ends_when_one_waits_for_somebody_else(self, city):
        ticket = work.ask(ticket=city.report(), text="?", by=city.manager, at=TEN)
        ticket = work.wait(ticket=ticket, party="X", until=date(2026, 3, 6), by=city.manager, at=TUESDAY)
        assert (ticket.question, ticket.due_at) == ("", berlin(2026, 3, 6, 8))


class TestVersions:
    def test_who_saw_an_older_version_decides_again(self, city):
        ticket = city.report()
        work.classify(ticket=ticket, urgency="blocked", by=city.manager, at=TEN, version=1)
        with pytest.raises(StaleTicket) as stale:
            work.accept(ticket=ticket, by=city.helpdesk, at=TEN, version=1)
        assert stale.value.ticket.version == 2
        assert work.accept(ticket=ticket, by=city.helpdesk, at=TEN, version=2).version == 3

    def test_a_message_never_comes_too_late(self, city):
        ticket = city.report()
        work.accept(ticket=ticket, by=city.manager, at=TEN)
        work.comment(ticket=ticket, text="Es ist wieder weg", by=city.teacher, at=TEN)
        assert Ticket.objects.get(pk=ticket.pk).version == 2

    def test_what_is_refused_leaves_nothing_behind(self, city):
        ticket = city.report()
        with pytest.raises(StepNotAllowed):
            finish.confirm(ticket=ticket, by=city.teacher, at=TEN)
        ticket.refresh_from_db()
        assert (ticket.version, ticket.status, city.verbs_of(ticket)) == (1, "new", ["reported"])


def test_a_question_that_waited_for_a_message_to_be_written_pauses_though_it_was_begun_before_it(city):
    ticket = city.report()
    work.comment(ticket=ticket, text="Es flackert", by=city.teacher, at=TEN)
    work.ask(ticket=ticket, text="Welcher?", by=city.manager, at=TEN - timedelta(milliseconds=3))
    assert due(ticket)[1] is None
    work.answer(ticket=ticket, text="Der linke", by=city.teacher, at=TEN + timedelta(hours=1))
    assert due(ticket)[1] == berlin(2026, 3, 5, 10)


def test_history_is_never_edited(city):
    event = city.report().events.get()
    event.text = "anders"
    for change in (event.save, event.delete, event.ticket.events.all().delete):
        with transaction.atomic(), pytest.raises(HistoryIsNeverEdited):
            change()
    with transaction.atomic(), pytest.raises(HistoryIsNeverEdited):
        event.ticket.events.update(text="anders")
    assert city.verbs_of(event.ticket) == ["reported"]


def test_every_step_is_in_the_history_with_who_when_and_the_state_afterwards(city):
    ticket = work.ask(ticket=city.report(), text="Welcher?", by=city.manager, at=TEN)
    work.answer(ticket=ticket, text="Der linke", by=city.contact, at=TUESDAY)
    told = [(event.verb, event.by, event.at, event.status, event.text) for event in ticket.events.in_order()]
    assert told == [
        ("reported", city.teacher, MONDAY, "new", ""),
        ("asked", city.manager, TEN, "waiting_reporter", "Welcher?"),
        ("answered", city.contact, TUESDAY, "in_progress", "Der linke"),
    ]


def test_advice_and_other_categories_have_their_clocks_too(city):
    for category in Category.objects.in_use():
        assert city.report(category=category).due_at is not None
