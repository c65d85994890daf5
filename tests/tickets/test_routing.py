"""Who has a report: the queue of whoever is on duty for the school at that moment, derived anew each time."""

import re
from datetime import date, timedelta

import pytest

from accounts.models import CityRole
from campuses.models import CampusAssignment
from notifications.models import OutboxMessage
from schools.coverage import roster_on
from schools.models import School, SchoolMembership
from tests.city import MONDAY, SINCE, berlin
from tickets.commands import finish, work
from tickets.models import Ticket
from tickets.permissions import Relation, relations_of
from tickets.queue import Queue
from tickets.routing import responsible_for

SUNDAY, DAY, TUESDAY = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)
TEN = berlin(2026, 3, 2, 10)


def responsible(ticket, day=DAY):
    found = responsible_for(
        Ticket.objects.select_related("school", "assignee", "team").get(pk=ticket.pk), roster_on(day)
    )
    return found.kind, found.name


def queues(city, at=TEN):
    """Return who has something in their queue."""
    return {
        who
        for who, person in city.everybody.items()
        if who not in ("helpdesk", "specialist", "tablet_specialist")
        and Queue(city.viewer(type(person).objects.get(pk=person.pk), at)).rows
    }


def told():
    return {message.recipient_id for message in OutboxMessage.objects.filter(kind="reported")}


def test_a_report_lies_in_the_queue_of_the_campus(city):
    ticket = city.report()
    assert responsible(ticket) == ("queue", "Mona Mobil")
    assert queues(city) == {"manager"}
    assert told() == {city.manager.pk}


def test_what_somebody_took_lies_with_them(city):
    ticket = work.accept(ticket=city.report(), by=city.helpdesk, at=TEN)
    assert responsible(ticket) == ("person", "Hedwig Hörer")
    assert queues(city) == {"manager"}  # and the mediator goes on seeing it


def test_under_cover_the_substitute_has_it_and_afterwards_the_manager_again(city):
    city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht])
    ticket = city.report()
    assert responsible(ticket) == ("queue", "Arne Außendienst")
    assert (queues(city), told()) == ({"asseln_manager"}, {city.asseln_manager.pk})
    tomorrow = TEN + timedelta(days=1)
    assert responsible(ticket, TUESDAY) == ("queue", "Mona Mobil")
    assert queues(city, tomorrow) == {"manager"}


def test_what_an_absent_manager_had_taken_lies_with_the_substitute_meanwhile(city):
    ticket = work.accept(ticket=city.report(at=berlin(2026, 2, 27, 9)), by=city.manager, at=berlin(2026, 2, 27, 10))
    city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht])
    assert responsible(ticket) == ("queue", "Arne Außendienst")
    OutboxMessage.objects.all().delete()
    work.comment(ticket=ticket, text="Kommt noch jemand?", by=city.teacher, at=TEN)
    assert list(OutboxMessage.objects.notices().values_list("recipient", flat=True)) == [city.asseln_manager.pk]
    assert responsible(ticket, TUESDAY) == ("person", "Mona Mobil")


def test_a_chain_of_covers_ends_at_whoever_is_there(city):
    third = city.person("Dora", "Dritte")
    CampusAssignment.objects.create(
        person=third, campus=city.kirchlinde.__class__.objects.create(slug="hoerde", name="Hörde"), starts_on=SINCE
    )
    city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht])
    city.away(city.asseln_manager, cover=third, schools=[city.brecht])
    assert responsible(city.report()) == ("queue", "Dora Dritte")
    assert told() == {third.pk}


def test_a_school_nobody_is_on_duty_for_lands_with_the_coordination_visibly(city, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)
    city.away(city.manager)
    ticket = city.report()
    assert responsible(ticket)[0] == "queue"
    assert (queues(city), told()) == ({"coordinator"}, {city.coordinator.pk})
    client.force_login(city.coordinator)
    assert ticket.title in client.get("/queue/").content.decode()
    ticket = work.accept(ticket=ticket, by=city.coordinator, at=TEN)
    assert ticket.assignee == city.coordinator


def test_without_any_campus_it_is_the_coordinations_too(city):
    School.objects.filter(pk=city.brecht.pk).update(campus=None)
    city.report(school=School.objects.get(pk=city.brecht.pk))
    assert queues(city) == {"coordinator"}


def test_substitutes_who_cover_each_other_leave_it_to_the_coordination(city):
    city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht])
    city.away(city.asseln_manager, cover=city.manager, schools=[city.brecht, city.kant])
    assert responsible(city.report())[1] != "Mona Mobil"
    assert queues(city) == {"coordinator"}


def test_a_confidential_report_nobody_is_on_duty_for_is_not_shown_to_the_coordination(city):
    city.away(city.manager)
    city.report(confidential=True)
    assert (queues(city), told()) == (set(), set())


def test_with_the_campus_queue_and_rights_follow_and_the_figures_do_not(city):
    ticket = city.report()
    School.objects.filter(pk=city.brecht.pk).update(campus=city.asseln)
    assert responsible(ticket) == ("queue", "Arne Außendienst")
    assert queues(city) == {"asseln_manager"}
    ticket.refresh_from_db()
    assert ticket.campus == city.kirchlinde
    with pytest.raises(Ticket.DoesNotExist):
        work.accept(ticket=ticket, by=city.manager, at=TEN)
    work.accept(ticket=ticket, by=city.asseln_manager, at=TEN)


class TestMidnight:
    """Roles hold to the end of their last day in Dortmund, which is 23 or 22 o'clock in London."""

    LAST_MINUTE, MIDNIGHT = berlin(2026, 3, 2, 23, 59), berlin(2026, 3, 3)

    def sees(self, city, person, ticket, at):
        viewer = city.viewer(type(person).objects.get(pk=person.pk), at)
        return Ticket.objects.visible_to(viewer).filter(pk=ticket.pk).exists()

    @pytest.mark.parametrize(
        "who, rows",
        [
            ("contact", SchoolMembership),
            ("head", SchoolMembership),
            ("manager", CampusAssignment),
            ("helpdesk", CityRole),
        ],
    )
    def test_a_role_ends_with_its_last_day(self, city, who, rows):
        ticket, person = city.report(), getattr(city, who)
        rows.objects.filter(person=person).update(ends_on=DAY)
        assert self.sees(city, person, ticket, self.LAST_MINUTE)
        assert not self.sees(city, person, ticket, self.MIDNIGHT)

    def test_the_next_manager_begins_at_midnight(self, city):
        ticket = city.report()
        CampusAssignment.objects.filter(campus=city.kirchlinde).update(ends_on=DAY)
        CampusAssignment.objects.create(campus=city.kirchlinde, person=city.asseln_manager, starts_on=TUESDAY)
        with pytest.raises(Ticket.DoesNotExist):
            work.accept(ticket=ticket, by=city.asseln_manager, at=self.LAST_MINUTE)
        assert work.accept(ticket=ticket, by=city.asseln_manager, at=self.MIDNIGHT).assignee == city.asseln_manager

    def test_the_reporter_keeps_the_own_reports_when_the_role_is_over(self, city):
        ticket = city.report()
        SchoolMembership.objects.filter(person=city.teacher).update(ends_on=DAY)
        assert self.sees(city, city.teacher, ticket, self.MIDNIGHT)

    def test_who_took_it_as_a_substitute_still_has_it_and_can_give_it_back(self, city):
        city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht])
        ticket = work.accept(ticket=city.report(), by=city.asseln_manager, at=TEN)
        assert self.sees(city, city.asseln_manager, ticket, self.MIDNIGHT)
        ticket = work.release(ticket=ticket, by=city.asseln_manager, at=self.MIDNIGHT)
        assert not self.sees(city, city.asseln_manager, ticket, self.MIDNIGHT)


class TestTwoRoles:
    def test_rights_add_up(self, city):
        SchoolMembership.objects.create(
            person=city.manager, school=city.kant, role=SchoolMembership.Role.CONTACT, starts_on=SINCE
        )
        own = city.report()
        other = city.report(by=city.kant_teacher, school=city.kant)
        viewer = city.viewer(city.manager)
        assert set(Ticket.objects.visible_to(viewer)) == {own, other}
        assert Relation.FIRST_LEVEL in relations_of(viewer, own)
        assert relations_of(viewer, other) == {Relation.CONTACT, Relation.READER}

    def test_a_manager_who_reports_at_the_own_campus_takes_it_too(self, city):
        ticket = city.report(by=city.manager)
        assert {Relation.REPORTER, Relation.FIRST_LEVEL} <= relations_of(city.viewer(city.manager), ticket)
        assert not OutboxMessage.objects.exists()  # nobody is told what they did themselves

    def test_a_teacher_of_two_schools_reports_at_both_and_reads_their_own_only(self, city):
        SchoolMembership.objects.create(
            person=city.teacher, school=city.kant, role=SchoolMembership.Role.TEACHER, starts_on=SINCE
        )
        theirs = {city.report(), city.report(school=city.kant)}
        city.report(by=city.kant_teacher, school=city.kant)
        assert set(Ticket.objects.visible_to(city.viewer(city.teacher))) == theirs
        assert city.report(school=city.kant, at=MONDAY).campus == city.asseln


class TestTheQueue:
    """What the queue offers to take can be taken."""

    @pytest.fixture(autouse=True)
    def clock(self, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)

    def offered(self, client, person):
        client.force_login(person)
        return set(re.findall(r'action="/tickets/([\w-]+)/accept/"', client.get("/queue/").content.decode()))

    def test_new_ones_and_those_opened_again_are_offered_to_whoever_is_on_duty_and_to_the_helpdesk(self, city, client):
        new, taken = city.report(), work.accept(ticket=city.report(), by=city.manager, at=TEN)
        back = finish.resolve(ticket=city.report(), solution="x", cause="", by=city.manager, at=TEN)
        back = finish.reopen(ticket=back, by=city.teacher, at=TEN)
        for person in (city.manager, city.helpdesk):
            assert self.offered(client, person) == {new.number, back.number}
        assert taken.number in client.get("/queue/").content.decode()

    def test_an_absent_manager_is_offered_nothing_and_one_who_is_helpdesk_too_everything(self, city, client):
        ticket = city.report()
        city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht])
        assert self.offered(client, city.manager) == set()
        assert self.offered(client, city.asseln_manager) == {ticket.number}
        CityRole.objects.create(person=city.manager, role=CityRole.Role.HELPDESK, starts_on=SINCE)
        assert self.offered(client, city.manager) == {ticket.number}

    def test_who_was_given_it_as_a_substitute_is_not_offered_it_when_the_cover_is_over(
        self, city, client, monkeypatch
    ):
        city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht])
        ticket = work.assign(ticket=city.report(), person=city.asseln_manager, by=city.asseln_manager, at=TEN)
        assert self.offered(client, city.asseln_manager) == {ticket.number}
        monkeypatch.setattr("django.utils.timezone.now", lambda: berlin(2026, 3, 3, 6))
        assert self.offered(client, city.asseln_manager) == set()
        assert ticket.number in client.get("/queue/").content.decode()  # still theirs, until it is given back
        assert self.offered(client, city.manager) == {ticket.number}
