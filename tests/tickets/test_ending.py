"""How a report ends: solved, confirmed, opened again, closed, withdrawn; and an answer that comes late."""

from datetime import timedelta

import pytest

from tests.city import berlin
from tickets.commands import finish, work
from tickets.lifecycle import StepNotAllowed
from tickets.models import Deadline
from tickets.permissions import StepForbidden

TEN = berlin(2026, 3, 2, 10)
TUESDAY = berlin(2026, 3, 3, 9)


def clock(ticket, kind=Deadline.Kind.RESOLUTION):
    return ticket.deadlines.get(kind=kind)


@pytest.fixture
def solved(city):
    return finish.resolve(ticket=city.report(), solution="Kabel gesteckt", cause="cable", by=city.manager, at=TUESDAY)


class TestSolving:
    def test_a_solution_stops_both_clocks_and_is_a_response(self, city, solved):
        assert (solved.status, solved.solution, solved.cause, solved.resolved_at) == (
            "resolved",
            "Kabel gesteckt",
            "cable",
            TUESDAY,
        )
        assert clock(solved).met_at == clock(solved, Deadline.Kind.FIRST_RESPONSE).met_at == TUESDAY
        assert (solved.due_at, solved.assignee) == (None, city.manager)

    def test_who_solves_what_somebody_else_took_leaves_it_to_them(self, city):
        ticket = work.accept(ticket=city.report(), by=city.manager, at=TEN)
        ticket = finish.resolve(ticket=ticket, solution="Neu", cause="", by=city.helpdesk, at=TUESDAY)
        assert ticket.assignee == city.manager

    def test_the_reporter_confirms_and_then_it_is_closed_for_good(self, city, solved):
        ticket = finish.confirm(ticket=solved, by=city.teacher, at=TUESDAY)
        assert (ticket.status, ticket.closed_at) == ("closed", TUESDAY)
        for step, by in ((finish.reopen, city.teacher), (finish.confirm, city.teacher), (work.accept, city.manager)):
            with pytest.raises(StepNotAllowed):
                step(ticket=ticket, by=by, at=TUESDAY)

    @pytest.mark.parametrize("who", ["manager", "helpdesk", "contact", "head"])
    def test_nobody_confirms_for_the_reporter(self, city, solved, who):
        with pytest.raises(StepForbidden):
            finish.confirm(ticket=solved, by=getattr(city, who), at=TUESDAY)


class TestOpeningAgain:
    @pytest.mark.parametrize("who", ["teacher", "manager", "helpdesk"])
    def test_it_goes_back_into_the_queue_and_the_promise_runs_on(self, city, solved, who):
        later = berlin(2026, 3, 4, 9)
        ticket = finish.reopen(ticket=solved, reason="Wieder weg", by=getattr(city, who), at=later)
        assert (ticket.status, ticket.level, ticket.assignee, ticket.resolved_at) == ("reopened", "first", None, None)
        # 8.5 of 25.5 hours were used until Tuesday 9:00; the day it counted as solved does not count.
        assert ticket.due_at == clock(ticket).due_at == berlin(2026, 3, 6, 9)
        assert clock(ticket).met_at is None
        assert clock(ticket, Deadline.Kind.FIRST_RESPONSE).met_at == TUESDAY

    def test_until_the_end_of_the_seventh_day_in_dortmund(self, city, solved):
        too_late, in_time = berlin(2026, 3, 11), berlin(2026, 3, 10, 23, 59)
        with pytest.raises(StepNotAllowed):
            finish.reopen(ticket=solved, by=city.teacher, at=too_late)
        assert finish.reopen(ticket=solved, by=city.teacher, at=in_time).status == "reopened"

    def test_over_the_change_of_the_clocks_it_is_still_midnight(self, city):
        ticket = finish.resolve(
            ticket=city.report(), solution="x", cause="", by=city.manager, at=berlin(2026, 3, 25, 12)
        )
        with pytest.raises(StepNotAllowed):
            finish.reopen(ticket=ticket, by=city.teacher, at=berlin(2026, 4, 2))
        assert finish.reopen(ticket=ticket, by=city.teacher, at=berlin(2026, 4, 1, 23, 59)).status == "reopened"

    def test_it_may_be_solved_and_opened_as_often_as_it_takes(self, city, solved):
        ticket = solved
        for day in (4, 5, 6):
            ticket = finish.reopen(ticket=ticket, by=city.teacher, at=berlin(2026, 3, day, 9))
            ticket = finish.resolve(
                ticket=ticket, solution="Noch einmal", cause="", by=city.manager, at=berlin(2026, 3, day, 10)
            )
        assert clock(ticket).met_at == berlin(2026, 3, 6, 10)
        assert city.verbs_of(ticket).count("reopened") == 3

    def test_opened_again_it_can_be_taken_again(self, city, solved):
        ticket = finish.reopen(ticket=solved, by=city.teacher, at=TUESDAY)
        assert work.accept(ticket=ticket, by=city.helpdesk, at=TUESDAY).assignee == city.helpdesk


class TestClosing:
    @pytest.mark.parametrize(
        "end, who, status", [(finish.close, "manager", "closed"), (finish.withdraw, "teacher", "withdrawn")]
    )
    def test_the_clocks_end_uncounted(self, city, end, who, status):
        ticket = end(ticket=city.report(), reason="Doch nicht", by=getattr(city, who), at=TEN)
        assert (ticket.status, ticket.closed_at, ticket.due_at) == (status, TEN, None)
        for row in ticket.deadlines.all():
            assert (row.met_at, row.ended_at) == (None, TEN)

    def test_what_is_closed_is_final(self, city):
        ticket = finish.close(ticket=city.report(), reason="Doppelt", by=city.manager, at=TEN)
        with pytest.raises(StepNotAllowed):
            work.answer(ticket=ticket, text="Doch nicht", by=city.teacher, at=TUESDAY)

    def test_who_solves_can_not_withdraw(self, city):
        with pytest.raises(StepForbidden):
            finish.withdraw(ticket=city.report(), by=city.manager, at=TEN)
        with pytest.raises(StepForbidden):
            finish.close(ticket=city.report(), reason="Doch nicht", by=city.teacher, at=TEN)


class TestLateAnswers:
    @pytest.fixture
    def closed(self, city):
        ticket = work.ask(ticket=city.report(), text="Welcher?", by=city.manager, at=TEN)
        return finish.close(ticket=ticket, reason="Keine Antwort", by=city.manager, at=TUESDAY)

    def test_an_answer_opens_it_again_in_the_queue(self, city, closed):
        assert (closed.status, closed.question) == ("closed", "Welcher?")
        ticket = work.answer(ticket=closed, text="Der linke", by=city.teacher, at=berlin(2026, 3, 5, 9))
        assert (ticket.status, ticket.assignee, ticket.question, ticket.closed_at) == ("reopened", None, "", None)
        # One hour was used on Monday morning; asked and closed it stood still.
        assert ticket.due_at == berlin(2026, 3, 10, 8)
        assert clock(ticket).ended_at is None

    def test_until_the_end_of_the_28th_day(self, city, closed):
        with pytest.raises(StepNotAllowed):
            work.answer(ticket=closed, text="!", by=city.teacher, at=berlin(2026, 4, 1))
        in_time = berlin(2026, 3, 31, 23, 59)
        assert work.answer(ticket=closed, text="!", by=city.contact, at=in_time).status == "reopened"

    def test_closed_again_for_another_reason_it_stays_closed(self, city, closed):
        ticket = work.answer(ticket=closed, text="!", by=city.teacher, at=TUESDAY)
        ticket = finish.close(ticket=ticket, reason="Doppelt", by=city.manager, at=TUESDAY + timedelta(hours=1))
        with pytest.raises(StepNotAllowed):
            work.answer(ticket=ticket, text="!", by=city.teacher, at=TUESDAY + timedelta(hours=2))
