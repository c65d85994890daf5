"""What happens by itself as time runs out: once, in service hours, to whoever is responsible at that moment."""

from datetime import date, timedelta

import pytest

from calendars.models import BusinessCalendar, ClosedDay
from notifications.models import OutboxMessage
from teams.models import Team, TeamMembership
from tests.city import MONDAY, SINCE, berlin
from tickets.commands import escalate, finish, work
from tickets.commands.sweep import sweep, take_steps, unpark
from tickets.deadlines import Clocks
from tickets.lifecycle import Level, Status
from tickets.models import Deadline, Escalation, PacketDraft, StepTaken, Ticket
from tickets.packets import ITEM, checklist_of

pytestmark = pytest.mark.django_db

# Display in a room hampers a class: normal priority, first response in a service day, solution in three.
HALF, MOST, OVER = berlin(2026, 3, 2, 13, 15), berlin(2026, 3, 2, 15, 48), berlin(2026, 3, 3, 9)
SOLUTION_OVER = berlin(2026, 3, 5, 9)


def told(kind: str) -> set[int]:
    rows = OutboxMessage.objects.filter(kind=kind, channel=OutboxMessage.Channel.IN_APP)
    return set(rows.values_list("recipient", flat=True))


def verbs(ticket) -> list[str]:
    return list(ticket.events.in_order().values_list("verb", flat=True))


def clock(ticket, kind=Deadline.Kind.FIRST_RESPONSE) -> Deadline:
    return ticket.deadlines.get(kind=kind)


class TestReminders:
    def test_at_half_and_at_four_fifths_whoever_is_on_duty_is_reminded_once(self, city):
        ticket = city.report()
        for at in (HALF - timedelta(seconds=1), HALF, HALF, MOST, MOST):
            sweep(at=at)
        assert verbs(ticket) == ["reported", "reminded", "reminded"]
        assert list(ticket.events.filter(verb="reminded").values_list("data__percent", flat=True)) == [50, 80]
        assert told("reminded") == {city.manager.pk}

    def test_it_goes_to_whoever_stands_in_at_that_moment(self, city):
        city.report()
        substitute = city.person("Suse", "Ersatz")
        city.away(city.manager, cover=substitute, schools=[city.brecht])
        sweep(at=HALF)
        assert told("reminded") == {substitute.pk}

    def test_whoever_has_taken_it_is_reminded_of_the_solution(self, city):
        ticket = work.accept(ticket=city.report(), by=city.helpdesk, at=MONDAY)
        sweep(at=berlin(2026, 3, 3, 13, 15))
        assert told("reminded") == {city.helpdesk.pk}
        assert verbs(ticket)[-1] == "reminded"

    def test_the_team_is_reminded_of_what_lies_with_it(self, city):
        ticket = city.escalated()
        sweep(at=berlin(2026, 3, 2, 13, 15))
        assert told("reminded") == {city.specialist.pk}
        assert verbs(ticket)[-1] == "reminded"

    def test_a_report_that_was_answered_in_time_reminds_nobody(self, city):
        work.comment(ticket=city.report(), text="Ich komme", by=city.manager, at=MONDAY)
        sweep(at=HALF)
        assert not told("reminded")

    def test_after_a_night_without_a_worker_one_reminder_is_enough(self, city):
        ticket = city.report()
        sweep(at=MOST)
        assert verbs(ticket).count("reminded") == 1
        outcomes = dict(StepTaken.objects.values_list("percent", "outcome"))
        assert outcomes == {50: "overtaken", 80: "done"}

    def test_nobody_is_reminded_after_hours_but_first_thing_in_the_morning(self, city):
        city.report(at=berlin(2026, 3, 2, 11, 45))  # half a day from here is the moment the day ends
        assert clock(Ticket.objects.get()).next_at == berlin(2026, 3, 2, 16)
        evening, morning = berlin(2026, 3, 2, 16, 0), berlin(2026, 3, 3, 7, 30)
        sweep(at=evening + timedelta(seconds=10))
        assert not told("reminded")
        assert clock(Ticket.objects.get()).next_at == morning
        sweep(at=morning)
        assert told("reminded") == {city.manager.pk}

    def test_a_confidential_report_is_told_to_no_coordination(self, city):
        city.away(city.manager, on=MONDAY.date())
        ticket = city.report(confidential=True)
        sweep(at=HALF)
        assert StepTaken.objects.get(deadline__ticket=ticket).outcome == "nobody"
        assert not told("reminded")

    def test_where_nobody_is_on_duty_the_coordination_is_reminded(self, city):
        city.away(city.manager, on=MONDAY.date())
        city.report()
        sweep(at=HALF)
        assert told("reminded") == {city.coordinator.pk}

    def test_reminders_leave_the_version_alone_so_that_nobody_is_refused(self, city):
        ticket = city.report()
        sweep(at=HALF)
        work.accept(ticket=ticket, by=city.manager, at=HALF, version=ticket.version)
        assert ticket.events.filter(verb="accepted").exists()


class TestFirstResponseMissed:
    def test_the_coordination_and_whoever_is_on_duty_are_told_once(self, city):
        ticket = city.report()
        for _ in range(2):
            sweep(at=OVER)
        assert verbs(ticket) == ["reported", "deadline_missed", "told"]
        assert told("deadline_missed") == {city.coordinator.pk, city.manager.pk}
        assert clock(ticket).missed_at == OVER

    def test_the_reporter_sees_none_of_it(self, city):
        ticket = city.report()
        sweep(at=OVER)
        assert not ticket.events.filter(public=True).exclude(verb="reported").exists()
        assert city.teacher.pk not in told("deadline_missed")

    def test_a_late_answer_meets_it_late(self, city):
        ticket = city.report()
        work.accept(ticket=ticket, by=city.manager, at=OVER + timedelta(hours=1))
        assert (clock(ticket).missed_at, clock(ticket).met_at) == (OVER, OVER + timedelta(hours=1))
        sweep(at=OVER + timedelta(hours=2))
        assert "deadline_missed" not in verbs(ticket)


class TestSolutionMissed:
    def test_the_report_goes_to_the_systemhaus_by_itself(self, city):
        ticket = work.accept(ticket=city.report(), by=city.manager, at=MONDAY)
        for _ in range(2):
            sweep(at=SOLUTION_OVER)
        ticket.refresh_from_db()
        assert (ticket.status, ticket.level, ticket.team.slug) == (Status.ESCALATED, Level.SECOND, "presentation")
        assert ticket.assignee is None
        row = Escalation.objects.get()
        assert (row.reason, row.by, row.is_complete) == ("deadline", None, False)
        assert list(row.rooms.all()) == [city.a204]
        assert verbs(ticket)[-2:] == ["deadline_missed", "escalated"]
        assert clock(ticket, Deadline.Kind.SECOND_RESPONSE).due_at == berlin(2026, 3, 6, 9)

    def test_manager_team_and_reporter_hear_of_it(self, city):
        member = city._specialist("Lars", "Leinwand", "presentation")
        work.accept(ticket=city.report(), by=city.manager, at=MONDAY)
        sweep(at=SOLUTION_OVER)
        assert told("escalated") == {member.pk, city.manager.pk, city.teacher.pk}

    def test_it_is_no_first_response(self, city):
        ticket = city.report(impact="school", urgency="blocked")
        sweep(at=berlin(2026, 3, 2, 13))
        assert clock(ticket).met_at is None
        assert ticket.deadlines.get(kind=Deadline.Kind.RESOLUTION).missed_at == berlin(2026, 3, 2, 13)

    def test_an_unfinished_packet_goes_along(self, city):
        ticket = work.accept(ticket=city.report(category=city.network), by=city.manager, at=MONDAY)
        item = checklist_of(ticket.category).items.first().key
        words = {"tried": "Kabel getauscht", ITEM + item: "yes", ITEM + "unknown": "yes", "since": "2026-03-01T08:00"}
        escalate.keep_packet_draft(ticket=ticket, words=words, by=city.manager, at=MONDAY)
        sweep(at=SOLUTION_OVER)
        row = Escalation.objects.get()
        assert (row.tried, row.answers, row.is_complete) == ("Kabel getauscht", {item: "yes"}, False)
        assert row.since == berlin(2026, 3, 1, 8)
        assert not PacketDraft.objects.exists()

    def test_a_category_without_a_team_goes_to_the_one_the_promise_names(self, city):
        other = type(city.network).objects.get(slug="other")
        work.accept(ticket=city.report(category=other), by=city.manager, at=MONDAY)
        sweep(at=SOLUTION_OVER)
        assert Ticket.objects.get().team.slug == "workplaces"

    def test_at_the_second_level_it_stays_there_and_whoever_has_it_is_reminded(self, city):
        ticket = escalate.accept_escalation(ticket=city.escalated(), by=city.specialist, at=MONDAY)
        sweep(at=SOLUTION_OVER)
        assert Escalation.objects.count() == 1
        assert StepTaken.objects.get(action="escalate").outcome == "not_needed"
        assert told("reminded") == {city.specialist.pk}
        assert clock(ticket, Deadline.Kind.RESOLUTION).missed_at == SOLUTION_OVER

    def test_after_a_return_it_is_not_handed_over_a_second_time(self, city):
        ticket = work.accept(ticket=city.report(category=city.network), by=city.manager, at=MONDAY)
        sweep(at=SOLUTION_OVER)
        later = SOLUTION_OVER + timedelta(hours=1)
        ticket = escalate.return_to_first_level(ticket=ticket, text="Bitte prüfen", by=city.specialist, at=later)
        sweep(at=later + timedelta(days=1))
        assert Escalation.objects.count() == 1

    def test_handed_over_while_a_question_is_open_the_clock_of_the_systemhaus_runs(self, city):
        # The time was over before the question, but nobody came to sweep until later.
        ticket = work.accept(ticket=city.report(category=city.network), by=city.manager, at=MONDAY)
        work.ask(ticket=ticket, text="Welcher Raum?", by=city.manager, at=SOLUTION_OVER + timedelta(minutes=1))
        sweep(at=SOLUTION_OVER + timedelta(minutes=30))
        ticket.refresh_from_db()
        assert ticket.status == Status.ESCALATED
        assert clock(ticket, Deadline.Kind.SECOND_RESPONSE).due_at == berlin(2026, 3, 6, 9, 30)
        assert clock(ticket, Deadline.Kind.RESOLUTION).paused_at is None

    def test_a_sweep_that_began_earlier_writes_nothing_before_what_was_done_meanwhile(self, city):
        ticket = city.report(category=city.network)
        asked_at = SOLUTION_OVER + timedelta(seconds=5)
        work.ask(ticket=ticket, text="Welcher Raum?", by=city.manager, at=asked_at)
        sweep(at=SOLUTION_OVER)
        assert verbs(ticket)[-2:] == ["deadline_missed", "escalated"]
        assert set(ticket.events.filter(by=None).values_list("at", flat=True)) == {asked_at}
        assert clock(ticket, Deadline.Kind.SECOND_RESPONSE).due_at is not None

    def test_a_paused_clock_hands_nothing_over(self, city):
        work.ask(ticket=city.report(), text="Welcher Raum?", by=city.manager, at=MONDAY)
        sweep(at=SOLUTION_OVER)
        assert not Escalation.objects.exists()


class TestSecondResponseMissed:
    def test_the_lead_of_the_team_is_told(self, city):
        lead = city.person("Lena", "Leitung")
        network = Team.objects.get(slug="network")
        TeamMembership.objects.create(person=lead, team=network, is_lead=True, starts_on=SINCE)
        city.escalated()
        sweep(at=berlin(2026, 3, 3, 9))
        assert lead.pk in told("deadline_missed")
        assert city.specialist.pk not in told("deadline_missed")

    def test_a_team_without_a_lead_is_told_as_a_whole(self, city):
        city.escalated()
        sweep(at=berlin(2026, 3, 3, 9))
        assert city.specialist.pk in told("deadline_missed")


class TestWaitingForTheReporter:
    def ask(self, city, **facts):
        return work.ask(ticket=city.report(**facts), text="Welcher Raum?", by=city.manager, at=MONDAY)

    def test_the_reporter_is_reminded_after_two_service_days(self, city):
        ticket = self.ask(city)
        for at in (berlin(2026, 3, 4, 8, 59), berlin(2026, 3, 4, 9), berlin(2026, 3, 4, 10)):
            sweep(at=at)
        assert verbs(ticket)[-1] == "reporter_reminded"
        assert told("reporter_reminded") == {city.teacher.pk}

    def test_the_report_is_closed_after_five_and_an_answer_opens_it_again(self, city):
        ticket = self.ask(city)
        fifth = berlin(2026, 3, 9, 9)
        for _ in range(2):
            sweep(at=fifth)
        ticket.refresh_from_db()
        assert (ticket.status, ticket.closed_from, ticket.closed_at) == (Status.CLOSED, "waiting_reporter", fifth)
        assert ticket.events.get(verb="closed").data["because"] == "no_answer"
        assert city.teacher.pk in told("closed")
        answered = work.answer(ticket=ticket, text="A 204", by=city.teacher, at=fifth + timedelta(days=20))
        assert answered.status == Status.REOPENED
        assert clock(answered, Deadline.Kind.RESOLUTION).next_at is not None

    def test_an_answer_ends_the_waiting(self, city):
        ticket = self.ask(city)
        work.answer(ticket=ticket, text="A 204", by=city.teacher, at=MONDAY + timedelta(hours=1))
        assert clock(ticket, Deadline.Kind.ANSWER).ended_at == MONDAY + timedelta(hours=1)
        sweep(at=berlin(2026, 3, 9, 9))
        assert "reporter_reminded" not in verbs(ticket)

    def test_a_further_question_gets_its_own_time(self, city):
        ticket = self.ask(city)
        work.ask(ticket=ticket, text="Und seit wann?", by=city.manager, at=berlin(2026, 3, 6, 9))
        sweep(at=berlin(2026, 3, 9, 9))
        ticket.refresh_from_db()
        assert ticket.status == Status.WAITING_REPORTER
        sweep(at=berlin(2026, 3, 13, 9))
        ticket.refresh_from_db()
        assert ticket.status == Status.CLOSED

    def test_who_called_without_an_account_is_asked_by_whoever_is_responsible(self, city):
        ticket = city.report(by=city.helpdesk, caller_name="Otto Ohnekonto", caller_phone="0231 000-199")
        work.ask(ticket=ticket, text="Welcher Raum?", by=city.helpdesk, at=MONDAY)
        sweep(at=berlin(2026, 3, 4, 9))
        assert told("reminded") == {city.helpdesk.pk}


class TestAfterASolution:
    def test_it_closes_at_the_end_of_the_seventh_day(self, city):
        ticket = finish.resolve(ticket=city.report(), solution="Kabel", cause="cable", by=city.manager, at=MONDAY)
        end = berlin(2026, 3, 10)
        for at in (end - timedelta(seconds=1), end, end):
            sweep(at=at)
        ticket.refresh_from_db()
        assert (ticket.status, ticket.closed_from, ticket.closed_at) == (Status.CLOSED, "resolved", end)
        assert verbs(ticket) == ["reported", "resolved", "closed"]

    def test_who_contests_in_time_keeps_it_open(self, city):
        ticket = finish.resolve(ticket=city.report(), solution="Kabel", cause="cable", by=city.manager, at=MONDAY)
        finish.reopen(ticket=ticket, by=city.teacher, at=berlin(2026, 3, 9, 23, 59))
        sweep(at=berlin(2026, 3, 10))
        ticket.refresh_from_db()
        assert ticket.status == Status.REOPENED

    def test_what_was_used_up_before_the_solution_stays_used_up(self, city):
        ticket = finish.resolve(
            ticket=city.report(), solution="Kabel", cause="cable", by=city.manager, at=berlin(2026, 3, 4, 9)
        )
        ticket = finish.reopen(ticket=ticket, by=city.teacher, at=berlin(2026, 3, 6, 9))
        assert clock(ticket, Deadline.Kind.RESOLUTION).due_at == berlin(2026, 3, 9, 9)


def test_on_the_day_somebody_outside_was_waited_for_whoever_is_responsible_is_reminded(city):
    ticket = work.accept(ticket=city.report(impact="person", urgency="can_wait"), by=city.manager, at=MONDAY)
    ticket = work.wait(ticket=ticket, party="Hersteller", until=date(2026, 3, 7), by=city.manager, at=MONDAY)
    assert clock(ticket, Deadline.Kind.THIRD_PARTY).next_at == berlin(2026, 3, 9, 7, 30)  # the 7th is a Saturday
    sweep(at=berlin(2026, 3, 9, 7, 30))
    assert verbs(ticket)[-1] == "follow_up_due"
    assert told("follow_up_due") == {city.manager.pk}


def test_who_waits_until_today_is_reminded_tomorrow_morning(city):
    ticket = work.accept(ticket=city.report(impact="person", urgency="can_wait"), by=city.manager, at=MONDAY)
    ticket = work.wait(ticket=ticket, party="Hersteller", until=MONDAY.date(), by=city.manager, at=MONDAY)
    assert clock(ticket, Deadline.Kind.THIRD_PARTY).next_at == berlin(2026, 3, 3, 7, 30)


class TestPoison:
    @pytest.fixture
    def poisoned(self, city):
        """A report whose school lost its service hours, so that its clock cannot be worked out."""
        calendar = BusinessCalendar.objects.create(slug="evening", name_de="Abend")
        calendar.opening_hours.create(weekday=0, opens="08:00", closes="20:00")
        city.kant.calendar = calendar
        city.kant.save()
        ticket = city.report(school=city.kant, by=city.kant_teacher)
        calendar.opening_hours.all().delete()
        return ticket

    def test_one_poisonous_row_never_stops_the_others(self, city, poisoned):
        ticket = city.report(at=MONDAY + timedelta(minutes=1))
        swept = sweep(at=OVER + timedelta(days=7))
        assert (swept.taken, swept.failed) == (2, 2)
        assert "deadline_missed" in verbs(ticket)
        assert verbs(poisoned) == ["reported"]

    def test_it_is_parked_after_five_tries_and_can_be_tried_again(self, city, poisoned):
        at = OVER + timedelta(days=7)
        for day in range(6):
            sweep(at=at + timedelta(days=day))
        row = clock(poisoned)
        assert (row.attempts, row.last_error) == (5, "CalendarIsEmpty")
        assert row.parked_at is not None
        assert not Deadline.objects.due(at + timedelta(days=99)).exists()
        BusinessCalendar.objects.get(slug="evening").opening_hours.create(weekday=0, opens="08:00", closes="20:00")
        assert unpark(deadline_id=row.pk, at=at)
        assert take_steps(deadline_id=row.pk, at=berlin(2026, 3, 16, 9))
        assert "deadline_missed" in verbs(poisoned)
        assert not unpark(deadline_id=row.pk, at=at)


def test_no_step_is_taken_that_has_moved_meanwhile(city):
    ticket = city.report()
    calendar = BusinessCalendar.objects.get(is_default=True)
    ClosedDay.objects.create(calendar=calendar, day=MONDAY.date(), name="Betriebsausflug")
    assert not take_steps(deadline_id=clock(ticket).pk, at=HALF)
    assert clock(ticket).next_at == berlin(2026, 3, 3, 11, 45)
    assert Clocks(ticket).rows[0].rungs_taken == set()
