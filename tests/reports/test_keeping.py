"""What is kept equals what brute force counts, whatever happens, by whatever door, and whoever is killed meanwhile."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from random import Random
from types import SimpleNamespace

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import connection, transaction

from pulse.models import Heartbeat
from reports import keeping
from reports.keeping import CITY_EVERY, keep_figures
from reports.models import CITY_LATE, PeriodFigures, Scope, StaleMonth
from reports.periods import Period
from reports.tasks import keep
from reports.truth import counted, differences, kept
from reports.verifying import verify
from schools.models import Room, School
from tests.city import MONDAY, berlin
from tickets.commands import finish, merge, sweep, work
from tickets.lifecycle import OPEN, Status, StepNotAllowed
from tickets.models import Category, Deadline, Ticket
from tickets.models.ticket_queries import UNCOUNTED
from tickets.permissions import StepForbidden

pytestmark = pytest.mark.django_db
YEARS = [Period.named("2024-2025"), Period.named("2025-2026")]
NOT_POSSIBLE = (PermissionDenied, StepForbidden, StepNotAllowed, ValidationError, ObjectDoesNotExist)
LATER = MONDAY + timedelta(days=30)


def wrong():
    return [row for year in YEARS for row in differences(counted(year), kept(year))]


def marks():
    """Take the marks there are away, and return whose months they were."""
    found = set(StaleMonth.objects.exclude(school=None).values_list("school__number", "month"))
    StaleMonth.objects.all().delete()
    return {(school, f"{month:%Y-%m}") for school, month in found}


# --- By lot ---


class Life:
    """A small city in which things happen by lot, through the commands and past them."""

    def __init__(self, city, lot):
        self.city, self.lot = city, lot
        self.at = datetime(2025, 8, 4, 6, tzinfo=UTC) + timedelta(minutes=lot.randrange(60 * 24 * 90))
        self.schools = {city.brecht: (city.teacher, city.manager), city.kant: (city.kant_teacher, city.asseln_manager)}

    def go_on(self):
        self.at += timedelta(minutes=self.lot.randrange(1, 4000))
        happens = self.lot.choice([self.report] * 4 + [self.respond, self.solve, self.solve, self.solve] + self.rare)
        try:
            with transaction.atomic():
                happens()
        except NOT_POSSIBLE:  # now, for this one; something else happens then
            pass

    @property
    def rare(self):
        of_reports = [self.reopen, self.join, self.withdraw, self.hide, self.classify, self.close, self.hand_over]
        return [*of_reports, self.sweep, self.rename, self.reform, self.move, self.empty_a_room, self.by_hand]

    def any(self, *statuses, **conditions):
        found = Ticket.objects.filter(**({"status__in": statuses} if statuses else {}), **conditions)
        return self.lot.choice(list(found.order_by("pk")) or [None]) or self.report()

    def staff(self, ticket):
        return next(staff for school, (_teacher, staff) in self.schools.items() if school == ticket.school)

    def report(self):
        school = self.lot.choice(list(self.schools))
        room = self.lot.choice([None, *school.rooms.order_by("pk")])
        category = self.lot.choice([self.city.display, self.city.network])
        place = {"room": room} if room else {"room": None, "place": "Aula"}
        facts = {"school": school, "category": category, "confidential": self.lot.random() < 0.1, **place}
        return self.city.report(at=self.at, by=self.schools[school][0], **facts)

    def respond(self):
        ticket = self.any(Status.NEW)
        work.accept(ticket=ticket, by=self.staff(ticket), at=self.at)

    def solve(self):
        ticket = self.any(Status.NEW, Status.IN_PROGRESS, Status.REOPENED)
        finish.resolve(ticket=ticket, solution="Ja", cause="", by=self.staff(ticket), at=self.at)

    def reopen(self):
        ticket = self.any(Status.RESOLVED)
        finish.reopen(ticket=ticket, reason="Nein", by=self.staff(ticket), at=self.at)

    def join(self):
        one = self.any(*OPEN, confidential=False)
        other = self.any(*OPEN, confidential=False, school=one.school)
        merge.merge(ticket=one, into=other, by=self.staff(one), at=self.at)

    def withdraw(self):
        ticket = self.any(Status.NEW)
        finish.withdraw(ticket=ticket, by=ticket.reporter, at=self.at)

    def hide(self):
        ticket = self.any(*OPEN)
        Ticket.objects.filter(pk=ticket.pk).update(confidential=not ticket.confidential)

    def classify(self):
        ticket = self.any(Status.IN_PROGRESS)
        work.classify(ticket=ticket, category=self.city.network, by=self.staff(ticket), at=self.at)

    def close(self):
        ticket = self.any(*OPEN)
        finish.close(ticket=ticket, reason="Kein Fehler", by=self.staff(ticket), at=self.at)

    def hand_over(self):
        ticket = self.any(Status.IN_PROGRESS, category=self.city.network)
        self.city.escalated(ticket, by=self.staff(ticket), at=self.at)

    def sweep(self):
        sweep.sweep(at=self.at)

    def rename(self):
        Room.objects.filter(pk=self.city.a204.pk).update(name=f"Raum {self.lot.random():.6f}")

    def reform(self):
        school = self.lot.choice(list(self.schools))
        School.objects.filter(pk=school.pk).update(form=self.lot.choice(["gymnasium", "realschule"]))

    def move(self):
        school = self.lot.choice(list(self.schools))
        School.objects.filter(pk=school.pk).update(
            district=self.lot.choice(["Hörde", "Mengede", ""]),
            campus=self.lot.choice([self.city.asseln, self.city.kirchlinde]),
        )

    def empty_a_room(self):
        Ticket.objects.filter(room=self.city.b112).update(room=self.city.a204)

    def by_hand(self):
        ticket = self.any()
        with connection.cursor() as cursor:
            cursor.execute(
                self.lot.choice(
                    [
                        "UPDATE tickets_ticket SET created_at = created_at - interval '40 days' WHERE id = %s",
                        "UPDATE tickets_deadline SET used = used * 1.5 WHERE ticket_id = %s",
                        "UPDATE tickets_deadline SET missed_at = due_at WHERE ticket_id = %s",
                    ]
                ),
                [ticket.pk],
            )


@pytest.mark.parametrize("seed", range(8))
def test_what_is_kept_equals_brute_force_after_every_few_steps(city, seed):
    lot = Random(seed)
    life = Life(city, lot)
    for _round in range(6):
        for _step in range(lot.randrange(1, 12)):
            life.go_on()
        keep_figures(at=LATER + _round * CITY_EVERY)
        assert not wrong(), (seed, _round)
        assert not StaleMonth.objects.exists()
    assert PeriodFigures.objects.filter(scope=Scope.CITY, months=12).exists()


# --- Marks ---


def test_what_changes_no_figure_leaves_no_mark(city):
    ticket = city.report()
    assert marks() == {("100001", "2026-03")}
    work.comment(ticket=ticket, text="Ich sehe nach", internal=True, by=city.manager, at=MONDAY)
    Ticket.objects.update(version=7, title="Anders", due_at=MONDAY, place="Flur")
    Deadline.objects.update(next_at=MONDAY, due_at=LATER, attempts=2)
    School.objects.update(name="Anders", website="https://schule.example")
    assert marks() == set()


def test_a_month_is_one_of_the_clock_on_the_wall(city):
    city.report(at=berlin(2025, 11, 1, 0, 30))  # in UTC still October
    city.report(at=berlin(2026, 3, 31, 23, 59))
    assert marks() == {("100001", "2025-11"), ("100001", "2026-03")}


def test_a_report_that_counts_nowhere_leaves_no_mark(city):
    ticket = city.report(confidential=True)
    finish.resolve(ticket=ticket, solution="Ja", cause="", by=city.manager, at=MONDAY)
    assert marks() == set()
    Ticket.objects.update(confidential=False)
    assert marks() == {("100001", "2026-03")}


@pytest.mark.parametrize("status", Status)
def test_the_triggers_know_what_is_open_and_what_counts(city, status):
    """They hold the states in words of their own, as migrations do."""
    ticket = city.report()
    where = {"merged_into": ticket, "status": status} if status == Status.MERGED else {"status": status}
    for solved in (None, MONDAY):
        Ticket.objects.update(status=Status.CLOSED, resolved_at=solved, merged_into=None)
        marks()
        Ticket.objects.update(**where)
        assert bool(marks()) == (status in OPEN or status in UNCOUNTED), status


def test_a_change_by_sql_leaves_marks_of_before_and_after(city):
    ticket = city.report()
    marks()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_ticket SET created_at = '2025-05-05', school_id = %s", [city.kant.pk])
    assert marks() == {("100001", "2026-03"), ("100003", "2025-05")}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_deadline SET used = '1 hour' WHERE kind = 'first_response'")
        assert marks() == {("100003", "2025-05")}
        cursor.execute("UPDATE tickets_deadline SET missed_at = now() WHERE kind = 'resolution'")
        assert marks() == {("100003", "2025-05")}
        cursor.execute("DELETE FROM tickets_deadline")  # nothing points at them yet
        assert marks() == {("100003", "2025-05")}
    Ticket.objects.filter(pk=ticket.pk).update(room=None)
    marks()


def test_many_reports_at_once_leave_one_mark_a_school_and_month(city):
    one = city.report()
    marks()
    written = [field.attname for field in Ticket._meta.concrete_fields if not field.generated]
    facts = {name: getattr(one, name) for name in written if name not in ("id", "serial")}
    Ticket.objects.bulk_create(Ticket(**facts) for _ in range(50))
    assert StaleMonth.objects.count() == 1


def test_what_was_reported_before_there_were_triggers_is_marked_by_the_migration(city):
    city.report()
    city.report(at=berlin(2025, 11, 1, 0, 30))
    city.report(school=city.kant, by=city.kant_teacher, confidential=True)
    marks()
    with connection.cursor() as cursor:
        cursor.execute(import_module("reports.migrations.0003_count_what_is_there").EVERYTHING)
    assert marks() == {("100001", "2026-03"), ("100001", "2025-11")}


def test_a_school_of_another_form_counts_there_and_no_more_here(city):
    city.report()
    keep_figures(at=MONDAY)
    School.objects.filter(pk=city.brecht.pk).update(form="gesamtschule", district="Hörde")
    keep_figures(at=MONDAY + CITY_EVERY)
    told = PeriodFigures.objects.filter(scope__in=[Scope.FORM, Scope.DISTRICT], months=12)
    assert {(row.scope, row.key) for row in told} == {("form", "gesamtschule"), ("district", "Hörde")}


def test_a_category_that_was_changed_takes_its_report_along(city):
    ticket = work.accept(ticket=city.report(), by=city.manager, at=MONDAY)
    keep_figures(at=MONDAY)
    work.classify(ticket=ticket, category=Category.objects.get(slug="printer"), by=city.manager, at=MONDAY)
    keep_figures(at=LATER)
    row = PeriodFigures.objects.of_school(city.brecht).get(months=12)
    assert list(row.by_kind) == [Category.objects.get(slug="printer").pk]


# --- The keeper ---


def test_a_keeper_that_is_killed_has_lost_nothing(city, monkeypatch):
    city.report()
    monkeypatch.setattr(keeping, "build_schools", lambda *_, **__: 1 / 0)  # as if it were killed while it counts
    assert keep_figures(at=MONDAY).failed == 1
    assert not PeriodFigures.objects.exists() and StaleMonth.objects.filter(school=city.brecht).exists()
    monkeypatch.undo()
    assert keep_figures(at=MONDAY).schools == 1
    assert not wrong() and not StaleMonth.objects.exists()


def test_a_school_year_that_cannot_be_counted_keeps_no_other_one_waiting(city, monkeypatch):
    city.report()
    city.report(school=city.kant, by=city.kant_teacher)
    build = keeping.build_schools

    def fail_at_brecht(year, *, school, as_of):
        if school == city.brecht.pk:
            raise ArithmeticError
        build(year, school=school, as_of=as_of)

    monkeypatch.setattr(keeping, "build_schools", fail_at_brecht)
    done = keep_figures(at=MONDAY)
    assert (done.schools, done.failed) == (1, 1)
    assert set(StaleMonth.objects.values_list("school", flat=True)) == {city.brecht.pk}


def test_the_city_is_counted_every_few_minutes_and_not_at_every_change(city):
    for minutes, expected in ((0, 1), (1, 1), (4, 1), (5, 4), (6, 4)):
        city.report()
        keep_figures(at=MONDAY + timedelta(minutes=minutes))
        assert PeriodFigures.objects.get(scope=Scope.CITY, months=12).reported == expected, minutes
        school = PeriodFigures.objects.of_school(city.brecht).get(months=12)
        assert school.reported == Ticket.objects.count()
    assert StaleMonth.objects.get().school is None


def test_what_waits_longest_comes_first_and_time_ends_a_round(city):
    city.report(school=city.kant, by=city.kant_teacher)
    city.report()
    assert [school for school, _year in keeping.stale_schools()] == [city.kant.pk, city.brecht.pk]
    assert keep_figures(at=MONDAY, seconds=0).schools == 0


def test_a_tick_counts_and_leaves_a_sign_of_life(city):
    city.report()
    keep()
    keep()
    sign = Heartbeat.objects.get(name=Heartbeat.FIGURES)
    assert sign.totals == {"rounds": 2, "schools": 1, "cities": 1, "failed": 0} and sign.facts == {"failed": 0}


# --- The proof ---


def test_a_figure_that_was_falsified_is_found(city):
    ticket = city.report()
    finish.resolve(ticket=ticket, solution="Ja", cause="", by=city.manager, at=MONDAY + timedelta(hours=1))
    keep_figures(at=MONDAY)
    assert not verify().different and verify().compared == verify(city.brecht).compared * 6
    PeriodFigures.objects.of_school(city.brecht).filter(months=1).update(solved=2)
    PeriodFigures.objects.filter(scope=Scope.CITY, months=12).update(solved_usual=timedelta(minutes=59))
    found = verify().different
    assert [(place[0], place[2].months, name) for place, name, *_values in found] == [
        ("city", 12, "solved_usual"),
        ("school", 1, "solved"),
    ]
    assert len(verify(city.brecht).different) == 1
    PeriodFigures.objects.filter(months=6).delete()
    assert {name for place, name, *_ in verify().different if place[2].months == 6} == {"reported"}


def test_what_waits_to_be_counted_is_named_and_not_judged(city):
    city.report()
    keep_figures(at=MONDAY)
    city.report(at=berlin(2026, 4, 1, 9))
    verdict = verify()
    assert not verdict.different
    school = {place[2].name for place in verdict.pending if place[0] == "school"}
    assert school == {"2025-2026", "2025-2026-2", "2026-03", "2026-04"}  # all of the year is counted at once
    assert verify(city.brecht).compared == 0 and verify(city.kant).pending == []


# --- Schools and the city share the time ---


def test_a_city_that_has_waited_long_gets_its_turn_however_many_schools_wait(city, monkeypatch):
    def report_at_three_schools():
        for school in (city.brecht, city.kant, city.widey):
            city.report(by=city.helpdesk, school=school)

    def counted_at(at, scope):
        return PeriodFigures.objects.filter(scope=scope, months=12, as_of=at).count()

    report_at_three_schools()
    keep_figures(at=LATER)
    report_at_three_schools()
    for after, schools, cities in ((timedelta(seconds=20), 3, 0), (CITY_LATE, 2, 1)):
        at = LATER + after
        StaleMonth.objects.update(marked_at=LATER)
        # Counting a school takes four seconds here.
        clock = SimpleNamespace(monotonic=lambda at=at: 4.0 * counted_at(at, Scope.SCHOOL))
        monkeypatch.setattr(keeping, "time", clock)
        kept = keep_figures(at=at, seconds=10)
        assert (kept.schools, kept.cities, counted_at(at, Scope.CITY)) == (schools, cities, cities)
        report_at_three_schools()


def test_a_change_the_city_does_not_learn_of_is_late_after_a_quarter_of_an_hour():
    StaleMonth.objects.create(school=None, month=YEARS[1].first, marked_at=MONDAY)
    assert not StaleMonth.objects.due(MONDAY + CITY_LATE - timedelta(seconds=1)).exists()
    assert StaleMonth.objects.due(MONDAY + CITY_LATE).exists()
