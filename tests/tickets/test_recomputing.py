"""Somebody changes by what clocks run, and the open reports follow in the background."""

from datetime import date, timedelta

import pytest

from calendars.models import BusinessCalendar, ClosedDay, Recomputation
from calendars.recomputing import ask_to_recompute
from teams.models import Team
from tests.city import MONDAY, berlin
from tests.rehearsals.invariants import broken
from tests.settings_pages import filled
from tickets.commands import escalate, finish, merge, work
from tickets.commands.policies import first_ladder, publish_policy
from tickets.commands.recompute import recompute_some
from tickets.commands.sweep import sweep
from tickets.models import Deadline, PolicyVersion, SlaPolicy, StepTaken, Ticket

pytestmark = pytest.mark.django_db

Kind = Deadline.Kind
TEN = MONDAY + timedelta(hours=1)


def publish(city, policy=None, *, valid_from=date(2026, 1, 1), resolution=60, **facts):
    """Publish a promise that answers within half an hour and solves within `resolution` minutes."""
    return publish_policy(
        policy=policy or SlaPolicy.objects.get(support_type="", kind=""),
        valid_from=valid_from,
        paused_in=facts.pop("paused_in", ["waiting_reporter"]),
        answer_minutes=2550,
        automatic_team=Team.objects.get(slug="workplaces"),
        targets=[
            {
                "priority": priority,
                "first_response_minutes": 30,
                "resolution_minutes": resolution,
                "second_response_minutes": 30,
            }
            for priority in ("low", "normal", "high", "critical")
        ],
        ladder=facts.pop("ladder", first_ladder()),
        by=city.administrator,
        at=TEN,
    )


def recompute(at=TEN, **facts) -> int:
    """Do all that is asked for; return in how many steps."""
    steps = 0
    while recompute_some(at=at, **facts):
        steps += 1
    return steps


def due(ticket, kind=Kind.RESOLUTION):
    return ticket.deadlines.get(kind=kind).due_at


class TestPromises:
    def test_open_reports_get_the_new_times_and_forget_no_minute(self, city):
        asked_at = MONDAY + timedelta(minutes=20)
        ticket = work.ask(ticket=city.report(), text="Welcher Raum?", by=city.manager, at=asked_at)
        ticket = work.answer(ticket=ticket, text="A 204", by=city.teacher, at=MONDAY + timedelta(minutes=50))
        publish(city)
        recompute()
        assert due(ticket) == MONDAY + timedelta(minutes=90)  # an hour, and half an hour's pause
        ticket.refresh_from_db()
        assert ticket.due_at == due(ticket)
        assert broken(ticket.pk, TEN) == []

    def test_what_was_kept_keeps_the_promise_it_was_kept_by(self, city):
        ticket = work.accept(ticket=city.report(), by=city.manager, at=MONDAY)
        old = PolicyVersion.objects.get()
        publish(city)
        recompute()
        rows = dict(ticket.deadlines.values_list("kind", "policy_version__number"))
        assert rows == {Kind.FIRST_RESPONSE: 1, Kind.RESOLUTION: 2}
        assert ticket.deadlines.get(kind=Kind.FIRST_RESPONSE).policy_version == old

    def test_a_promise_holds_for_reports_from_its_day_on(self, city):
        before = city.report()
        publish(city, valid_from=date(2026, 3, 3))
        after = city.report(at=berlin(2026, 3, 3, 9))
        recompute(at=berlin(2026, 3, 3, 9))
        assert due(before) == berlin(2026, 3, 5, 9)
        assert due(after) == berlin(2026, 3, 3, 10)

    def test_a_promise_for_a_kind_goes_before_one_for_a_support_type(self, city):
        publish(city, SlaPolicy.objects.create(name="Vollsupport", support_type="full"), resolution=120)
        publish(city, SlaPolicy.objects.create(name="Beratung", kind="advice"), resolution=240)
        advice = type(city.network).objects.get(slug="advice")
        assert due(city.report()) == MONDAY + timedelta(minutes=120)
        assert due(city.report(category=advice)) == MONDAY + timedelta(minutes=240)

    def test_another_category_follows_the_promise_of_its_kind(self, city):
        publish(city, SlaPolicy.objects.create(name="Beratung", kind="advice"), resolution=240)
        advice = type(city.network).objects.get(slug="advice")
        ticket = work.classify(ticket=city.report(), category=advice, by=city.manager, at=TEN)
        assert due(ticket) == MONDAY + timedelta(minutes=240)

    def test_a_time_that_has_passed_by_now_is_the_truth_and_has_its_consequences_once(self, city):
        ticket = work.accept(ticket=city.report(), by=city.manager, at=MONDAY)
        publish(city, resolution=45)
        recompute()
        for _ in range(2):
            sweep(at=TEN)
        assert city.verbs_of(ticket)[-2:] == ["deadline_missed", "escalated"]
        assert "reminded" not in city.verbs_of(ticket)

    def test_a_reminder_that_was_sent_is_not_sent_again_after_the_time_was_made_longer(self, city):
        ticket = city.report()
        sweep(at=berlin(2026, 3, 2, 13, 15))
        publish(city, resolution=2000, ladder=first_ladder())
        recompute(at=berlin(2026, 3, 2, 13, 20))
        sweep(at=berlin(2026, 3, 2, 13, 30))
        assert list(
            StepTaken.objects.filter(deadline__ticket=ticket, percent=50).values_list("outcome", flat=True)
        ) == ["done"]

    def test_a_clock_pauses_where_the_new_version_says_so(self, city):
        ticket = work.accept(ticket=city.report(), by=city.manager, at=MONDAY)
        ticket = work.wait(ticket=ticket, party="Hersteller", until=date(2026, 3, 9), by=city.manager, at=TEN)
        publish(city, paused_in=["waiting_external"], resolution=600)
        recompute()
        row = ticket.deadlines.get(kind=Kind.RESOLUTION)
        assert (row.due_at, row.paused_at, row.next_at) == (None, TEN, None)

    def test_a_clock_taken_over_by_a_merge_keeps_its_promise(self, city):
        urgent = city.report(by=city.colleague, impact="school", urgency="blocked")
        ticket = city.report()
        merge.merge(ticket=urgent, into=ticket, by=city.manager, at=MONDAY + timedelta(minutes=5))
        promised = due(ticket)
        publish(city, resolution=2000)
        recompute()
        assert due(ticket) == promised

    def test_the_second_level_and_what_waits_follow_too(self, city):
        ticket = city.escalated()
        asked = work.ask(ticket=city.report(), text="Welcher Raum?", by=city.manager, at=MONDAY)
        publish(city)
        recompute()
        assert due(ticket, Kind.SECOND_RESPONSE) == MONDAY + timedelta(minutes=30)
        assert due(asked, Kind.ANSWER) == berlin(2026, 3, 9, 9)


class TestServiceTimes:
    @pytest.fixture
    def ada(self, city, client, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)
        client.force_login(city.administrator)
        return client

    def test_a_further_closed_day_moves_the_open_reports(self, city):
        ticket = city.report()
        calendar = BusinessCalendar.objects.get(is_default=True)
        ClosedDay.objects.create(calendar=calendar, day=date(2026, 3, 3), name="Betriebsausflug")
        ask_to_recompute("calendar", at=TEN, name=calendar.name)
        recompute()
        assert due(ticket) == berlin(2026, 3, 6, 9)

    def test_service_times_of_a_school_are_asked_for_by_its_page(self, city, ada):
        ticket, other = city.report(), city.report(school=city.kant, by=city.kant_teacher)
        evening = BusinessCalendar.objects.create(slug="evening", name_de="Abend")
        for weekday in range(5):
            evening.opening_hours.create(weekday=weekday, opens="16:00", closes="20:00")
        path = f"/settings/schools/school/{city.brecht.pk}/change/"
        assert ada.post(path, filled(ada.get(path), calendar=evening.pk)).status_code == 302
        job = Recomputation.objects.unfinished().get()
        assert (job.reason, job.school, job.requested_by) == ("school", city.brecht.pk, city.administrator)
        recompute()
        job.refresh_from_db()
        assert (job.total, job.done) == (1, 1)
        assert due(ticket, Kind.FIRST_RESPONSE) == berlin(2026, 3, 4, 16, 30)
        assert due(other, Kind.FIRST_RESPONSE) == berlin(2026, 3, 3, 9)

    def test_a_page_saved_without_a_change_of_times_asks_for_nothing(self, city, ada):
        path = f"/settings/schools/school/{city.brecht.pk}/change/"
        assert ada.post(path, filled(ada.get(path), focus="Musik")).status_code == 302
        assert not Recomputation.objects.exists()


class TestInTheBackground:
    def test_it_goes_on_where_it_was_and_shows_how_far_it_is(self, city):
        tickets = [city.report() for _ in range(5)]
        finish.resolve(ticket=tickets[0], solution="Kabel", cause="cable", by=city.manager, at=MONDAY)
        finish.withdraw(ticket=tickets[1], by=city.teacher, at=MONDAY)
        publish(city)
        job = Recomputation.objects.get()
        assert job.percent == 0
        assert recompute_some(at=TEN, batch=2)
        job.refresh_from_db()
        assert (job.total, job.done, job.percent, job.finished_at) == (4, 2, 50, None)
        recompute(batch=2)
        job.refresh_from_db()
        assert (job.done, job.percent, job.finished_at) == (4, 100, TEN)
        assert job.moved == 6  # both clocks of the three that are open
        assert not recompute_some(at=TEN)

    def test_the_same_is_not_asked_for_twice_before_it_has_begun(self, city):
        publish(city)
        publish(city)
        assert Recomputation.objects.count() == 1

    def test_the_statements_do_not_grow_with_the_reports(self, city, django_assert_max_num_queries):
        for _ in range(30):
            city.report()
        publish(city)
        with django_assert_max_num_queries(20):
            recompute_some(at=TEN)

    def test_it_comes_to_the_same_as_working_out_each_step(self, city):
        ticket = escalate.accept_escalation(ticket=city.escalated(), by=city.specialist, at=MONDAY)
        rows = list(ticket.deadlines.order_by("pk").values())
        ask_to_recompute("upgrade", at=TEN)
        recompute(at=MONDAY)
        assert list(ticket.deadlines.order_by("pk").values()) == rows

    def test_what_passed_before_there_was_a_ladder_is_noted_and_told_to_nobody(self, city):
        ticket = city.report()
        StepTaken.objects.all().delete()
        Deadline.objects.update(next_at=None)
        Recomputation.objects.create(reason="upgrade", leaves_past=True, requested_at=TEN)
        late = berlin(2026, 3, 20, 9)
        recompute(at=late)
        sweep(at=late)
        assert city.verbs_of(ticket) == ["reported"]
        assert set(StepTaken.objects.values_list("outcome", flat=True)) == {"before"}
        assert Ticket.objects.get().is_open
