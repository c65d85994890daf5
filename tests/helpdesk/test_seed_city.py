"""The demo city: real schools, invented people, and reports whose history and clocks are true."""

from array import array
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from accounts.models import AccountEvent, User
from calendars.business_time import BusinessHours
from calendars.reading import hours_of
from campuses.models import Campus
from devices.models import Device
from foundation.berlin import BERLIN, berlin_day
from helpdesk.seed.bulk import Piece, Writer
from helpdesk.seed.campuses import MOST_SCHOOLS, OURS, cluster
from helpdesk.seed.city import Wishes, seed_city
from helpdesk.seed.drafting import draft
from helpdesk.seed.phrases import phrases
from helpdesk.seed.service_time import ServiceTime
from helpdesk.seed.side_by_side import made_side_by_side
from notifications.models import OutboxMessage
from reports.annual.models import ImportedFigure
from reports.models import PeriodFigures, StaleMonth
from reports.verifying import verify
from schools.coverage import roster_on
from schools.duties import viewer_of
from schools.models import Contact, Room, School
from tests.city import berlin
from tests.rehearsals.invariants import broken
from tickets.lifecycle import ENDED, Status
from tickets.models import Attachment, Category, Escalation, Follower, Rating, Ticket, TicketEvent
from tickets.policies import TARGETS
from tickets.queue import Queue
from tickets.sla import SlaClock

pytestmark = pytest.mark.django_db

NOW = berlin(2026, 3, 18, 10, 40)  # a Wednesday
WISHES = Wishes(tickets=60, devices=200, seed=1)
BRECHT, KANT = "169274", "169298"


@pytest.fixture(scope="module")
def photos_at(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker, photos_at):
    """Seed once for all tests of this module; each test is a savepoint within, and in the end all is rolled back."""
    for_the_module = override_settings(
        MEDIA_ROOT=photos_at,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with django_db_blocker.unblock(), for_the_module, transaction.atomic():
        said = []
        seed_city(WISHES, now=NOW, tell=said.append)
        yield said
        transaction.set_rollback(True)


def viewer(account, at=NOW):
    return viewer_of(User.objects.get(email=f"{account}@demo.example"), at)


def test_it_refuses_to_run_outside_the_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError), translation.override("en"):
        call_command("seed_city")


@pytest.mark.parametrize("argument", ["--tickets=-1", "--tickets=viele", "--years=0", "--devices=99999999999"])
def test_impossible_numbers_are_refused(argument):
    with pytest.raises(CommandError):
        call_command("seed_city", argument)


# --- The city ---


def test_every_school_lies_in_one_of_thirteen_campuses_of_bearable_size(seeded):
    sizes = Counter(School.objects.values_list("campus__slug", flat=True))
    assert None not in sizes
    assert len(sizes) == 13
    assert max(sizes.values()) <= MOST_SCHOOLS
    assert {slug: sizes[slug] for slug in ("aplerbeck", "asseln", "kirchlinde", "scharnhorst")} == {
        "aplerbeck": 6,
        "asseln": 6,
        "kirchlinde": 5,
        "scharnhorst": 7,
    }


def test_a_grouping_that_is_ours_says_so(seeded):
    assert Campus.objects.filter(note=OURS).count() == 9
    assert "nicht die der Stadt" in OURS
    assert not Campus.objects.exclude(note__contains="Demo").exists()


def test_invented_facts_of_schools_are_marked(seeded):
    assert not School.objects.filter(demo_facts=False).exists()
    on_site = Counter(School.objects.filter(support_type="on_site").values_list("form", flat=True))
    assert on_site == {"grundschule": 10, "foerderschule": 2}
    assert not School.objects.filter(profile=None).exists()


def test_all_figures_are_counted_and_right(seeded):
    assert PeriodFigures.objects.filter(scope="city").exists() and not StaleMonth.objects.exists()
    assert not verify().different


def test_schools_have_as_many_rooms_as_one_believes(seeded):
    rooms = Counter(Room.objects.values_list("school__number", flat=True))
    assert len(rooms) == School.objects.count()
    assert min(rooms.values()) >= 20
    assert max(rooms.values()) <= 50
    names = set(Room.objects.filter(school__number=BRECHT).values_list("name", flat=True))
    assert {"A 204", "B 112", "Lehrkräftezimmer"} <= names


def test_every_school_has_somebody_to_call_and_no_number_rings(seeded):
    assert set(Contact.objects.values_list("school", flat=True)) == set(School.objects.values_list("pk", flat=True))
    # No local number begins with a zero.
    assert not Contact.objects.exclude(phone="").exclude(phone__startswith="0231 000-").exists()
    assert not User.objects.exclude(phone="").exclude(phone__startswith="0231 000-").exists()
    assert not User.objects.exclude(email__endswith="@demo.example").exists()


def test_devices_are_spread_over_schools_with_labels_of_their_own(seeded):
    assert Device.objects.count() == WISHES.devices
    assert Device.objects.values("school").distinct().count() > 60
    assert not Device.objects.exclude(code__startswith="DEMO-").exists()


# --- The people ---


@pytest.mark.parametrize(
    ("account", "roles", "where"),
    [
        ("lehrkraft", ["teacher"], BRECHT),
        ("lehrkraft2", ["teacher"], BRECHT),
        ("lehrkraft-asseln", ["teacher"], KANT),
        ("ansprechperson", ["contact"], BRECHT),
        ("schulleitung", ["head", "teacher"], BRECHT),
        ("campus", ["campus_manager"], "kirchlinde"),
        ("campus-asseln", ["campus_manager"], "asseln"),
        ("helpdesk", ["helpdesk"], ""),
        ("systemhaus", ["second_level"], "network"),
        ("systemhaus-ipad", ["second_level"], "tablets"),
        ("koordination", ["coordinator"], ""),
        ("stadt", ["city_reader"], ""),
        ("admin", ["administrator"], ""),
    ],
)
def test_each_sign_in_has_its_role_and_the_password_of_the_demo(seeded, account, roles, where):
    seen = viewer(account)
    assert seen.person.check_password("demo")
    assert seen.roles == roles
    schools = School.objects.filter(pk__in=seen.member_schools).values_list("number", flat=True)
    campuses = Campus.objects.filter(pk__in=seen.campuses).values_list("slug", flat=True)
    teams = seen.person.team_memberships.values_list("team__slug", flat=True)
    assert [*schools, *campuses, *teams] == ([where] if where else [])


def test_a_manager_is_on_duty_for_every_school_now_and_while_the_covers_chain(seeded):
    for days in range(7):
        roster = roster_on(berlin_day(NOW) + timedelta(days=days))
        assert not School.objects.unattended(roster).exists()
    schools = School.objects.filter(campus__slug__in=["kirchlinde", "asseln"])
    assert {roster_on(berlin_day(NOW)).manager_of(s.pk, s.campus_id).name for s in schools} == {
        "Mona Mobil",
        "Arne Außendienst",
    }


def test_somebody_covers_for_somebody_who_covers(seeded):
    today, later = (roster_on(berlin_day(NOW) + timedelta(days=days)) for days in (0, 2))
    school = next(School.objects.get(pk=pk) for pk in today.attended_schools)
    first, second, third = (
        roster.manager_of(school.pk, school.campus_id)
        for roster in (roster_on(berlin_day(NOW) - timedelta(days=9)), today, later)
    )
    assert len({first.id, second.id, third.id}) == 3


def test_every_role_stands_in_the_history_of_accounts(seeded):
    people = User.objects.get(email="schulleitung@demo.example")
    granted = people.account_events.filter(verb=AccountEvent.Verb.ROLE_GRANTED)
    assert {event.data["role"] for event in granted} == {"head", "teacher"}


# --- The reports ---


def test_there_is_a_report_in_every_state(seeded):
    assert Ticket.objects.count() == WISHES.tickets
    assert set(Ticket.objects.values_list("status", flat=True)) == set(Status)


def test_the_queues_of_the_two_campuses_are_lively(seeded):
    for account in ("campus", "campus-asseln"):
        queue = Queue(viewer(account))
        dues = [ticket.due_at for ticket in queue.rows]
        assert any(due < NOW for due in dues), "something is late"
        assert any(NOW < due < NOW + timedelta(hours=1) for due in dues), "something is due soon"
        assert any(berlin_day(due) == berlin_day(NOW) for due in dues if due > NOW)
        assert all(tab.count for tab in queue.tabs)


def test_the_sign_ins_find_something_to_do(seeded):
    teacher = Ticket.objects.filter(reporter=viewer("lehrkraft").person)
    assert {"new", "waiting_reporter", "resolved", "withdrawn", "closed"} <= set(
        teacher.values_list("status", flat=True)
    )
    for account in ("systemhaus", "systemhaus-ipad"):
        teams = viewer(account).teams
        assert Ticket.objects.open().filter(level="second", team__in=teams).exists()


def test_what_is_with_the_systemhaus_has_a_team_and_a_day(seeded):
    second = Ticket.objects.filter(level="second")
    assert second.filter(status="escalated", assignee=None).exists()
    assert not second.filter(team=None).exists()
    assert not second.filter(first_escalated_at=None).exists()
    assert not Ticket.objects.exclude(team=None).filter(first_escalated_at=None).exists()


def test_the_second_level_finds_packets_questions_and_what_was_returned_or_waits(seeded):
    packets = Escalation.objects.filter(reason="packet")
    assert not packets.filter(is_complete=False).exists()
    assert all(packet.answers and packet.tried and packet.access and packet.rooms.exists() for packet in packets)
    second = Ticket.objects.open().filter(level="second")
    assert second.exclude(mediator_question="").exists()
    assert second.filter(status="waiting_external", waiting_until__gte=berlin_day(NOW)).exists()
    assert Ticket.objects.filter(level="second", status="resolved").exists()
    assert {"returned", "transferred"} <= set(TicketEvent.objects.values_list("verb", flat=True))
    returned = packets.filter(outcome="returned").values("ticket")
    assert Ticket.objects.open().filter(level="first", pk__in=returned).exists()


def test_faults_are_shared_merged_and_called_in(seeded):
    followers = Follower.objects.affected().filter(ticket__in=Ticket.objects.open())
    assert followers.values("ticket").distinct().count() >= 3
    assert not followers.exclude(ticket__category__is_known_fault=True).exists()
    [merged] = Ticket.objects.filter(status="merged")
    assert Follower.objects.filter(ticket=merged.merged_into, person=merged.reporter).exists()
    [called] = Ticket.objects.exclude(caller_name="")
    assert called.reporter is None and called.school.number == BRECHT


def test_a_few_are_confidential_and_stay_so(seeded):
    confidential = Ticket.objects.filter(confidential=True)
    assert 2 <= confidential.count() <= 3
    for account in ("ansprechperson", "schulleitung", "helpdesk", "koordination", "lehrkraft"):
        seen = Ticket.objects.visible_to(viewer(account))
        assert not seen.filter(confidential=True).exclude(reporter=viewer(account).person).exists()


def test_some_have_photos_that_can_be_read(seeded, settings, photos_at):
    settings.MEDIA_ROOT = photos_at
    photos = list(Attachment.objects.all())
    assert len(photos) >= 2
    assert all(photo.file.read(3) == b"\xff\xd8\xff" for photo in photos)


def test_numbers_rise_with_time_and_nothing_happens_in_the_future(seeded):
    times = list(Ticket.objects.order_by("serial").values_list("created_at", flat=True))
    assert times == sorted(times)
    assert not TicketEvent.objects.filter(at__gt=NOW).exists()
    assert not OutboxMessage.objects.filter(created_at__gt=NOW).exists()


def test_the_state_is_the_one_of_the_last_event_and_the_clocks_follow_from_the_history(seeded):
    assert_true_to_their_history(Ticket.objects.all())


def test_people_are_told_and_only_the_last_day_is_unread(seeded):
    assert OutboxMessage.objects.unread().filter(recipient=viewer("campus").person).exists()
    old = OutboxMessage.objects.notices().filter(created_at__lt=NOW - timedelta(days=4))
    assert old.exists()
    assert not old.filter(read_at=None).exists()


# --- Again, and more ---


def test_the_second_run_changes_nothing_and_says_so(seeded):
    before = everything()
    with translation.override("en"):
        said = []
        assert seed_city(WISHES, now=NOW + timedelta(days=3), tell=said.append) is False
    assert said == ["Everything is already there. Nothing was changed."]
    assert everything() == before


def test_only_what_is_missing_is_added(seeded):
    with translation.override("en"):
        Contact.objects.filter(school__number=BRECHT).delete()
        School.objects.filter(number=KANT).update(campus=None)
        said = []
        seed_city(WISHES, now=NOW, tell=said.append)
        assert said == ["Schools put into a campus: 1 added", "Contact persons: 3 added"]
    assert School.objects.get(number=KANT).campus.note == OURS


def test_a_printed_figure_that_somebody_has_corrected_stays_so(seeded):
    corrected, missing = ImportedFigure.objects.order_by("pk")[:2]
    ImportedFigure.objects.filter(pk=corrected.pk).update(value=corrected.value + 1)
    missing.delete()
    with translation.override("en"):
        said = []
        seed_city(WISHES, now=NOW, tell=said.append)
        assert said == ["Printed figures: 1 added"]
    assert ImportedFigure.objects.get(pk=corrected.pk).value == corrected.value + 1


def test_many_more_are_written_as_true_rows(seeded):
    have = set(Ticket.objects.values_list("pk", flat=True))
    wishes = Wishes(tickets=WISHES.tickets + 400, devices=WISHES.devices + 50, years=3, seed=2)
    seed_city(wishes, now=NOW, tell=lambda line: None)
    new = Ticket.objects.exclude(pk__in=have)
    assert new.count() == 400
    assert Device.objects.count() == wishes.devices
    assert_true_to_their_history(new)
    times = list(new.order_by("serial").values_list("created_at", flat=True))
    assert times == sorted(times)
    assert NOW - timedelta(days=3 * 366) < times[0] < NOW - timedelta(days=1000)
    assert all(ticket.number.startswith(f"DO-{ticket.created_at.year}-") for ticket in new)
    assert new.filter(status="closed").count() > 300
    assert not new.filter(campus=None).exists()


def test_some_have_said_how_they_were_helped_and_some_in_words(seeded):
    assert not Rating.objects.exclude(ticket__status="closed", ticket__confidential=False).exists()
    before = set(Rating.objects.values_list("ticket", flat=True))
    seed_city(replace(WISHES, tickets=WISHES.tickets + 400), now=NOW, tell=lambda line: None)
    answers = Rating.objects.exclude(ticket__in=before).select_related("ticket")
    said = Counter(answers.values_list("value", flat=True))
    assert said["good"] > said["partly"] + said["poor"] > 0
    assert 50 < sum(said.values()) < 200
    assert 0 < answers.exclude(words="").count() < sum(said.values()) / 2
    for rating in answers:
        assert rating.ticket.resolved_at <= rating.at <= NOW
        last = rating.ticket.events.in_order().last()
        assert (last.verb, last.by, last.at, last.data) == ("rated", rating.ticket.reporter, rating.at, {})
    assert TicketEvent.objects.filter(verb="rated").count() == Rating.objects.count()
    assert_true_to_their_history(Ticket.objects.filter(rating__in=answers))


def test_the_same_reports_come_out_however_many_draw_them(seeded):
    pieces = [Piece(first, *[array("q", range(first, first + 30))] * 3) for first in range(0, 120, 30)]

    def drawn(processes):
        writer = Writer(NOW, 3, 120, "1")
        return list(made_side_by_side(writer.rows_of, pieces, processes=processes))

    alone = drawn(1)
    assert drawn(3) == alone
    assert all(len(rows.splitlines()) == 30 for rows, *_ in alone)


def everything():
    models = (School, Campus, User, Room, Contact, Device, Ticket, TicketEvent, OutboxMessage, AccountEvent, Rating)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def assert_true_to_their_history(tickets):
    """Work state and clocks of each ticket out from its events alone."""
    hours = hours_of()
    for ticket in tickets:
        changes = list(ticket.events.in_order().values_list("at", "status"))
        assert changes[0] == (ticket.created_at, "new")
        assert changes[-1][1] == ticket.status
        assert [at for at, _ in changes] == sorted(at for at, _ in changes)
        running = []
        for clock in ticket.deadlines.filter(kind__in=TARGETS):
            is_of_the_team = clock.kind == "second_response"
            stopped = clock.met_at or clock.ended_at
            known = [change for change in changes if stopped is None or change[0] < stopped]
            due = SlaClock.from_history(hours, clock.started_at, known, {"waiting_reporter", *ENDED}).due_at(
                clock.target
            )
            assert (due is None) == (clock.due_at is None)
            assert due is None or abs(due - clock.due_at) < timedelta(seconds=1)
            if stopped is None and due is not None and not is_of_the_team:
                running.append(clock.due_at)
        assert ticket.due_at == (min(running, default=None) if ticket.is_open else None)
        assert broken(ticket.pk, NOW) == []


# --- The pure parts ---


WEEK = {day: [(time(7, 30), time(16))] for day in range(5)}


@pytest.mark.parametrize("minutes", [0.5, 60, 510, 511, 1530, 5100])
@pytest.mark.parametrize(
    "start",
    [berlin(2026, 3, 27, 15, 59), berlin(2026, 3, 29, 2, 30), berlin(2026, 10, 23, 16), berlin(2026, 10, 26, 7, 30)],
)
def test_service_time_as_a_number_agrees_with_the_walk(start, minutes):
    hours = BusinessHours(WEEK, BERLIN, {date(2026, 4, 3): ()})
    service = ServiceTime(hours, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
    length = timedelta(minutes=minutes)
    assert service.after(start, length) == hours.add(start, length)
    assert hours.between(service.before(start, length), start) == length


def test_groups_are_of_one_size_and_always_the_same():
    lot = Random(7)
    points = [(lot.random() * 20, lot.random() * 15) for _ in range(131)]
    groups = cluster(points, 9)
    assert sorted(index for group in groups for index in group) == list(range(131))
    assert {len(group) for group in groups} == {14, 15}
    assert cluster(points, 9) == groups


def test_the_same_lot_draws_the_same_life():
    assert draft(0.0, "normal", 1e6, Random(3)) == draft(0.0, "normal", 1e6, Random(3))
    assert draft(0.0, "normal", 0.0, Random(3)).status == Status.NEW


def test_every_phrase_belongs_to_a_category_of_the_product(seeded):
    slugs = set(Category.objects.values_list("slug", flat=True))
    assert len(phrases()) == 119
    assert {phrase.category for phrase in phrases()} == slugs
