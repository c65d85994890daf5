"""Two reports become one: followers, photos and the shorter time go along, and both histories stay."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.access.world import clean
from tests.city import berlin
from tickets.commands import finish, join, merge, work
from tickets.commands.attach import attach_photos
from tickets.commands.base import StaleTicket
from tickets.lifecycle import StepNotAllowed
from tickets.models import Attachment, Deadline, Follower, Ticket
from tickets.permissions import StepForbidden

NINE = berlin(2026, 3, 2, 9)
TEN = berlin(2026, 3, 2, 10)
ELEVEN = berlin(2026, 3, 2, 11)


@pytest.fixture
def pair(city):
    """A report of the teacher and a later one of the colleague about the same fault."""
    return city.report(at=NINE), city.report(by=city.colleague, at=TEN, room=city.b112)


def merged(source, target, city, by=None, at=ELEVEN, **more):
    merge.merge(ticket=source, into=target, by=by or city.manager, at=at, **more)
    source.refresh_from_db()
    target.refresh_from_db()


def due(ticket, kind=Deadline.Kind.RESOLUTION):
    return ticket.deadlines.get(kind=kind).due_at


def test_the_source_ends_and_knows_where_it_went(city, pair):
    target, source = pair
    merged(source, target, city)
    assert (source.status, source.merged_into, source.is_open) == ("merged", target, False)
    assert target.status == "new"
    assert city.verbs_of(source) == ["reported", "merged"]
    assert city.verbs_of(target) == ["reported", "absorbed"]


def test_whoever_reported_or_followed_the_source_follows_the_target(city, pair):
    target, source = pair
    join.join(ticket=source, by=city.contact, at=TEN, room=city.a204)
    merged(source, target, city)
    assert set(target.followers.affected().values_list("person__first_name", flat=True)) == {"Kolja", "Ina"}
    assert Ticket.objects.followed_by(city.viewer(city.colleague)).get() == target


def test_nobody_follows_what_they_reported_and_nobody_twice(city, pair):
    target, source = pair
    join.join(ticket=source, by=city.teacher, at=TEN)
    join.leave(ticket=target, by=city.colleague, at=TEN)
    merged(source, target, city)
    assert list(target.followers.values_list("person__first_name", "is_affected")) == [("Kolja", True)]


def test_photos_move_and_are_still_found_where_they_were_sent(city, pair):
    target, source = pair
    [photo] = attach_photos(ticket=source, photos=[clean()], by=city.colleague, at=TEN)
    merged(source, target, city)
    for ticket in pair:
        assert Attachment.objects.of(Ticket.objects.filter(pk=ticket.pk)).get() == photo
    photo.refresh_from_db()
    assert (photo.ticket, photo.came_with) == (target, source)


class TestClocks:
    def test_the_clocks_of_the_source_end_uncounted(self, city, pair):
        target, source = pair
        merged(source, target, city)
        rows = source.deadlines.values_list("met_at", "ended_at", named=True)
        assert {(row.met_at, row.ended_at) for row in rows} == {(None, ELEVEN)}
        assert source.due_at is None

    def test_the_earlier_due_time_counts(self, city, pair):
        earlier, later = pair
        promised = due(earlier)
        assert promised < due(later)
        merged(earlier, later, city)
        assert due(later) == promised
        assert later.due_at == due(later, Deadline.Kind.FIRST_RESPONSE)

    def test_one_that_is_due_later_changes_nothing(self, city, pair):
        earlier, later = pair
        promised = due(earlier)
        merged(later, earlier, city)
        assert due(earlier) == promised

    def test_a_more_urgent_source_brings_its_shorter_time(self, city, pair):
        normal, _later = pair
        urgent = city.report(by=city.colleague, at=TEN, urgency="blocked")
        promised = due(urgent)
        merged(urgent, normal, city)
        assert due(normal) == promised
        assert normal.priority == "normal"  # only the time is taken over

    def test_a_pause_before_and_after_counts_once(self, city, pair):
        earlier, later = pair
        work.ask(ticket=earlier, text="Seit wann?", by=city.manager, at=TEN)
        work.answer(ticket=earlier, text="Seit heute.", by=city.teacher, at=TEN + timedelta(minutes=30))
        promised = due(earlier)
        merged(earlier, later, city)
        assert due(later) == promised
        work.ask(ticket=later, text="Welche Tafel?", by=city.manager, at=ELEVEN)
        assert due(later) is None
        work.answer(ticket=later, text="Die linke.", by=city.colleague, at=ELEVEN + timedelta(minutes=20))
        assert due(later) == promised + timedelta(minutes=20)

    def test_a_time_taken_over_twice_is_still_the_first_one(self, city, pair):
        first, second = pair
        third = city.report(by=city.contact, at=ELEVEN)
        promised = due(first)
        merged(first, second, city)
        merged(second, third, city, at=ELEVEN + timedelta(minutes=5))
        assert due(third) == promised


class TestRefused:
    def test_into_itself_or_another_school(self, city, pair):
        target, _source = pair
        elsewhere = city.report(by=city.kant_teacher, school=city.kant)
        for into in (target, elsewhere):
            with pytest.raises(ValidationError) as refused:
                merge.merge(ticket=target, into=into, by=city.helpdesk, at=ELEVEN)
            assert "into" in refused.value.message_dict

    def test_into_what_is_out_of_sight(self, city, pair):
        _target, source = pair
        elsewhere = city.report(by=city.kant_teacher, school=city.kant)
        with pytest.raises(Ticket.DoesNotExist):
            merge.merge(ticket=source, into=elsewhere, by=city.manager, at=ELEVEN)

    def test_in_a_circle_or_into_what_has_ended(self, city, pair):
        target, source = pair
        merged(source, target, city)
        with pytest.raises(StepNotAllowed):
            merge.merge(ticket=target, into=source, by=city.manager, at=ELEVEN)
        finish.close(ticket=target, reason="Doppelt", by=city.manager, at=ELEVEN)
        other = city.report(at=TEN)
        with pytest.raises(StepNotAllowed):
            merge.merge(ticket=other, into=target, by=city.manager, at=ELEVEN)

    def test_of_people_who_do_not_work_on_it(self, city, pair):
        target, source = pair
        with pytest.raises(StepForbidden):
            merge.merge(ticket=source, into=target, by=city.contact, at=ELEVEN)

    def test_of_another_version_than_the_one_seen(self, city, pair):
        target, source = pair
        work.accept(ticket=source, by=city.manager, at=ELEVEN)
        with pytest.raises(StaleTicket):
            merge.merge(ticket=source, into=target, by=city.manager, at=ELEVEN, version=1)

    @pytest.mark.parametrize("hidden", [(True, False), (False, True), (True, True)])
    def test_of_what_is_confidential_with_what_others_wrote(self, city, hidden):
        one = city.report(at=NINE, confidential=hidden[0])
        other = city.report(by=city.colleague, at=TEN, confidential=hidden[1])
        with pytest.raises(ValidationError):
            merge.merge(ticket=other, into=one, by=city.manager, at=ELEVEN)
        assert not Follower.objects.exists()

    def test_confidential_ones_of_the_same_person_may_become_one(self, city):
        one, other = (city.report(at=at, confidential=True) for at in (NINE, TEN))
        merged(other, one, city)
        assert other.merged_into == one
        assert not one.followers.exists()


def test_a_caller_without_an_account_is_counted_at_the_target(city, pair):
    target, _source = pair
    call = city.report(by=city.helpdesk, at=TEN, caller_name="Rolf Ruf", caller_phone="0231 000-7")
    merged(call, target, city, by=city.helpdesk)
    follower = target.followers.get()
    assert (follower.person, follower.caller_name, follower.caller_phone) == (None, "Rolf Ruf", "0231 000-7")
