"""Ways round to words that are not one's own: a telephone call, a changed category, a role that ended, a merge."""

import pytest
from django.core.exceptions import ValidationError

from schools.models import SchoolMembership
from tests.access.world import clean
from tests.city import berlin
from textmodules.models import Kind
from tickets.commands import join, merge, work
from tickets.commands.attach import attach_photos
from tickets.lifecycle import Step
from tickets.models import Attachment, Category, Ticket, TicketEvent
from tickets.permissions import steps_for
from tickets.text_modules import TextChoice

TEN = berlin(2026, 3, 2, 10)
ELEVEN = berlin(2026, 3, 2, 11)
PUBLIC = [Kind.MESSAGE]


def read_by_followers(ticket):
    events = TicketEvent.objects.for_followers().filter(ticket=ticket)
    return [event.text for event in events.in_order() if event.text]


def follows(city, person, ticket, at=ELEVEN):
    return Ticket.objects.followed_by(city.viewer(person, at)).filter(pk=ticket.pk).exists()


def test_a_call_opens_no_report_that_is_no_known_fault(city):
    theft = city.report(category=Category.objects.get(slug="device-incident"))
    with pytest.raises(ValidationError):
        join.join_caller(ticket=theft, person=city.colleague, by=city.helpdesk, at=TEN)
    assert not follows(city, city.colleague, theft)


def test_what_was_said_while_nobody_could_join_stays_between_two(city):
    ticket = city.report(category=Category.objects.get(slug="account"))
    work.comment(ticket=ticket, text="Guten Tag Tilda Tafel, Ihr Passwort liegt bereit.", by=city.manager, at=TEN)
    work.classify(ticket=ticket, category=city.network, by=city.manager, at=TEN)
    work.comment(ticket=ticket, text="Das WLAN kommt um 12 Uhr wieder.", by=city.manager, at=ELEVEN)
    join.join(ticket=ticket, by=city.colleague, at=ELEVEN)
    assert read_by_followers(ticket) == ["Das WLAN kommt um 12 Uhr wieder."]


def test_what_was_said_in_confidence_stays_there(city):
    ticket = city.report(category=city.network, confidential=True)
    work.comment(ticket=ticket, text="Nur für Tilda.", by=city.manager, at=TEN)
    work.restrict(ticket=ticket, confidential=False, by=city.manager, at=TEN)
    work.comment(ticket=ticket, text="Für alle.", by=city.manager, at=ELEVEN)
    assert read_by_followers(ticket) == ["Für alle."]


def test_who_comes_by_a_merge_reads_nothing_from_before_it(city):
    tablet = Category.objects.get(slug="tablet")
    target, source = city.report(category=tablet), city.report(by=city.colleague, category=tablet, at=TEN)
    work.comment(ticket=target, text="Liebe Tilda, wie besprochen.", by=city.manager, at=TEN)
    merge.merge(ticket=source, into=target, by=city.manager, at=ELEVEN)
    work.comment(ticket=target, text="Beide Tablets sind getauscht.", by=city.manager, at=ELEVEN)
    assert follows(city, city.colleague, target)
    assert read_by_followers(target) == ["Beide Tablets sind getauscht."]


def test_whoever_leaves_the_school_follows_nothing_there(city):
    ticket = city.report(category=city.network)
    join.join(ticket=ticket, by=city.colleague, at=TEN)
    assert follows(city, city.colleague, ticket)
    SchoolMembership.objects.filter(person=city.colleague).delete()
    city.colleague._viewer = None  # the next request
    assert not follows(city, city.colleague, ticket)
    work.comment(ticket=ticket, text="Der neue Schlüssel gilt ab morgen.", by=city.manager, at=ELEVEN)
    assert not Ticket.objects.joinable_by(city.viewer(city.colleague, ELEVEN)).filter(pk=ticket.pk).exists()


def test_the_history_names_no_report_that_has_become_confidential(city, client):
    source, target = city.report(by=city.colleague), city.report(at=TEN)
    merge.merge(ticket=source, into=target, by=city.manager, at=ELEVEN)
    work.restrict(ticket=target, confidential=True, by=city.manager, at=ELEVEN)
    client.force_login(city.contact)
    for address in ("/tickets/{0}/", "/api/v1/tickets/{0}/", "/api/v1/tickets/{0}/events/"):
        answer = client.get(address.format(source.number))
        assert answer.status_code == 200
        assert target.number not in answer.content.decode()


def test_a_moved_photo_does_not_name_who_sent_it(city, client):
    target, source = city.report(), city.report(by=city.colleague, at=TEN)
    attach_photos(ticket=source, photos=[clean()], by=city.colleague, at=TEN)
    merge.merge(ticket=source, into=target, by=city.manager, at=ELEVEN)
    names = {}
    for person in (city.teacher, city.manager):
        client.force_login(person)
        [photo] = client.get(f"/api/v1/tickets/{target.number}/attachments/").json()["results"]
        names[person.first_name] = photo["added_by"]
    assert names == {"Tilda": None, "Mona": "Kolja Kreide"}


def test_photos_of_a_confidential_report_stay_with_those_who_see_it(city):
    one, other = (city.report(at=at, confidential=True) for at in (TEN, ELEVEN))
    [photo] = attach_photos(ticket=other, photos=[clean()], by=city.teacher, at=ELEVEN)
    merge.merge(ticket=other, into=one, by=city.manager, at=ELEVEN)
    assert Attachment.objects.of([other]).get() == photo
    assert not Attachment.objects.of([one]).exists()


def test_a_text_for_those_who_join_holds_no_place_somebody_typed(city):
    ticket = city.report(category=city.network, room=None, place="neben Frau Geheim")
    viewer = city.viewer(city.manager)
    assert TextChoice(viewer, PUBLIC, ticket=ticket).value("room", "de") == ""
    assert TextChoice(viewer, [Kind.INTERNAL], ticket=ticket).value("room", "de") == "neben Frau Geheim"


def test_a_coordinator_gives_no_confidential_report_of_their_own_away(city):
    SchoolMembership.objects.create(
        person=city.coordinator, school=city.brecht, role=SchoolMembership.Role.TEACHER, starts_on=TEN.date()
    )
    ticket = city.report(by=city.coordinator, at=TEN, confidential=True)
    assert Step.ASSIGN not in steps_for(city.viewer(city.coordinator, TEN), ticket)
