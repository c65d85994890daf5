"""A fault that is known already: joined with one tap, followed without learning who reported it or what they wrote."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from schools.models import SchoolMembership
from tests.city import MONDAY, SINCE
from tickets.commands import finish, join, merge, work
from tickets.known_faults import followed_by
from tickets.models import Category, Follower
from tickets.report_page import ReportPage

REPORT = "/tickets/new/"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY + timedelta(hours=1))


@pytest.fixture
def signed_in(city):
    def enter(person):
        client = Client()
        client.force_login(person)
        return client

    return enter


@pytest.fixture
def fault(city):
    """No network in A 204, as the teacher reported it."""
    return city.report(category=city.network, title="Rotkehlchen", description="Rotkehlchen!", place="")


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def tap(client, number, step, **sent):
    return client.post(f"/tickets/{number}/{step}/", {"idempotency_key": f"{number}-{step}", **sent})


class TestReportPage:
    def test_a_colleague_reads_what_is_known_in_composed_words_only(self, city, signed_in, fault):
        page = text(signed_in(city.colleague).get(REPORT))
        assert "Schon gemeldet an Ihrer Schule" in page
        assert fault.fault_title in page and f"/tickets/{fault.number}/join/" in page
        assert "Rotkehlchen" not in page and city.teacher.first_name not in page

    def test_one_s_own_report_is_told_as_one_s_own(self, city, signed_in, fault):
        page = text(signed_in(city.teacher).get(REPORT))
        assert "Von Ihnen gemeldet" in page and f'href="/tickets/{fault.number}/"' in page
        assert "/join/" not in page

    def test_a_fault_elsewhere_a_confidential_one_and_a_private_matter_are_not_known(self, city, signed_in):
        city.report(school=city.kant, category=city.network, by=city.kant_teacher)
        city.report(category=city.network, confidential=True)
        city.report(category=Category.objects.get(slug="tablet"))
        assert "Schon gemeldet" not in text(signed_in(city.colleague).get(REPORT))

    def test_what_fits_comes_first_and_the_rest_opens_on_demand(self, city, signed_in):
        of_network = city.report(category=city.network, room=city.b112)
        for _ in range(5):
            city.report(category=city.display)
        known = ReportPage(city.viewer(city.colleague), city.brecht).known_faults(category="network")
        assert known.all[0].number == of_network.number
        assert len(known.first) + len(known.more) == 6 and known.more
        assert "weitere Störung" in text(signed_in(city.colleague).get(REPORT))

    def test_it_is_one_statement_with_the_tiles(self, city, django_assert_num_queries, fault):
        join.join(ticket=fault, by=city.colleague, at=MONDAY, room=city.b112)
        viewer = city.viewer(city.contact)
        with django_assert_num_queries(1):
            page = ReportPage(viewer, city.brecht)
            [known] = page.known_faults().all
            assert page.tiles
        assert (known.affected, known.rooms) == (2, ("A 204", "B 112"))


class TestOneTap:
    def test_it_counts_and_leads_to_what_happens_next(self, city, signed_in, fault):
        client = signed_in(city.colleague)
        answer = tap(client, fault.number, "join", **{"from": "report"})
        assert answer.status_code == 302
        page = text(client.get(answer.url))
        assert "Sie sind als betroffen eingetragen" in page and "Rückgängig" in page
        assert Follower.objects.get().person == city.colleague
        assert "Sie sind auch betroffen" in text(client.get(REPORT))

    def test_pressed_twice_it_counts_once(self, city, signed_in, fault):
        client = signed_in(city.colleague)
        assert [tap(client, fault.number, "join").status_code for _ in range(2)] == [302, 302]
        assert Follower.objects.count() == 1 and city.verbs_of(fault).count("joined") == 1

    def test_the_room_that_was_chosen_is_remembered(self, city, signed_in, fault):
        client = signed_in(city.colleague)
        client.post(f"/tickets/{fault.number}/join/?room={city.b112.pk}", {})
        assert Follower.objects.get().room == city.b112
        for wrong in (city.kant_room.pk, "A 204", "9" * 30):
            client.post(f"/tickets/{fault.number}/join/", {"room": wrong})
            assert Follower.objects.get().room == city.b112

    def test_not_at_my_place_is_counted_and_not_offered_again(self, city, signed_in, fault):
        client = signed_in(city.colleague)
        answer = tap(client, fault.number, "leave", **{"from": "report"})
        page = text(client.get(answer.url))
        assert fault.fault_title not in page and "Rückgängig" in page
        assert not Follower.objects.get().is_affected
        tap(client, fault.number, "join")
        assert Follower.objects.get().is_affected

    def test_a_fault_that_is_over_is_refused_in_words(self, city, signed_in, fault):
        finish.resolve(ticket=fault, by=city.manager, at=MONDAY, solution="Neu gestartet", cause="")
        contact = tap(signed_in(city.contact), fault.number, "join")
        assert contact.status_code == 409 and "Gelöst" in contact.content.decode()
        assert tap(signed_in(city.colleague), fault.number, "join").status_code == 404

    def test_elsewhere_it_does_not_exist(self, city, signed_in, fault):
        hidden = city.report(category=city.network, confidential=True)
        tablet = city.report(category=Category.objects.get(slug="tablet"))
        for person in (city.kant_teacher, city.stranger, city.city_reader, city.asseln_manager):
            assert tap(signed_in(person), fault.number, "join").status_code == 404
        for ticket in (hidden, tablet):
            for step in ("join", "leave"):
                assert tap(signed_in(city.colleague), ticket.number, step).status_code == 404
        assert tap(signed_in(city.manager), fault.number, "join").status_code == 403
        assert not Follower.objects.exists()


class TestFaultPage:
    @pytest.fixture
    def followed(self, city, fault):
        join.join(ticket=fault, by=city.colleague, at=MONDAY)
        return fault

    def test_only_who_follows_it_reads_it(self, city, signed_in, fault):
        client = signed_in(city.colleague)
        assert client.get(f"/tickets/{fault.number}/").status_code == 404
        tap(client, fault.number, "join")
        assert client.get(f"/tickets/{fault.number.lower()}/").status_code == 200
        tap(client, fault.number, "leave")
        assert client.get(f"/tickets/{fault.number}/").status_code == 404

    def test_the_staff_is_read_and_nobody_else(self, city, signed_in, followed):
        said = {"at": MONDAY, "ticket": followed}
        work.comment(by=city.manager, text="Der Router wird getauscht.", **said)
        work.comment(by=city.manager, text="Unter uns: schon wieder.", internal=True, **said)
        work.comment(by=city.teacher, text="Mein Kurs wartet.", **said)
        work.comment(by=city.contact, text="Herr Tafel hat recht.", **said)
        work.ask(by=city.manager, text="Frau Tafel, welche Lampe?", **said)
        work.answer(by=city.teacher, text="Die rote Lampe.", **said)
        page = text(signed_in(city.colleague).get(f"/tickets/{followed.number}/"))
        assert "Der Router wird getauscht." in page and city.manager.name in page
        for hidden in ("Unter uns", "Mein Kurs", "hat recht", "Lampe", "Tilda", "Tafel", "Index", "Rotkehlchen"):
            assert hidden not in page, hidden

    def test_the_solution_is_told_and_the_notice_leads_there(self, city, signed_in, followed):
        finish.resolve(ticket=followed, by=city.manager, at=MONDAY, solution="Kabel getauscht.", cause="cable")
        client = signed_in(city.colleague)
        notices = text(client.get("/notices/"))
        assert followed.fault_title in notices
        opened = client.post(re.search(r'action="(/notices/[^"]+/)"', notices.partition("<ul")[2])[1])
        assert opened.url == f"/tickets/{followed.number}/"
        assert "Rotkehlchen" not in notices and "Ihre Meldung" not in notices
        assert "Kabel getauscht." in text(client.get(f"/tickets/{followed.number}/"))

    def test_what_becomes_confidential_is_gone_from_everywhere(self, city, signed_in, followed):
        work.restrict(ticket=followed, confidential=True, by=city.manager, at=MONDAY)
        client = signed_in(city.colleague)
        assert client.get(f"/tickets/{followed.number}/").status_code == 404
        for address in ("/tickets/", REPORT):
            assert followed.number not in text(client.get(address))
        assert followed_by(city.viewer(city.colleague)) == []

    def test_it_takes_few_statements(self, city, signed_in, followed, django_assert_max_num_queries):
        client = signed_in(city.colleague)
        client.get("/account/")
        for number in range(5):
            work.comment(ticket=followed, by=city.manager, text=f"Stand {number}", at=MONDAY)
        with django_assert_max_num_queries(10):
            client.get(f"/tickets/{followed.number}/")


class TestList:
    def test_what_one_follows_stands_above_one_s_own(self, city, signed_in, fault):
        own = city.report(by=city.colleague, title="Eigene Meldung")
        join.join(ticket=fault, by=city.colleague, at=MONDAY)
        page = text(signed_in(city.colleague).get("/tickets/"))
        assert page.index(fault.fault_title) < page.index(own.title)
        assert "Rotkehlchen" not in page
        assert fault.fault_title not in text(signed_in(city.colleague).get("/tickets/?q=WLAN"))

    def test_the_staff_reads_how_many_have_it(self, city, signed_in, fault):
        join.join(ticket=fault, by=city.colleague, at=MONDAY)
        for person in (city.manager, city.helpdesk, city.contact):
            assert "2 betroffen" in text(signed_in(person).get("/tickets/"))


def test_the_reporter_of_a_merged_report_reads_on_as_a_follower(city, signed_in, fault):
    second = city.report(by=city.colleague, category=city.network, title="Zaunkönig")
    merge.merge(ticket=second, into=fault, by=city.manager, at=MONDAY)
    client = signed_in(city.colleague)
    own = text(client.get(f"/tickets/{second.number}/"))
    assert "Zaunkönig" in own and f'href="/tickets/{fault.number}/"' in own
    target = text(client.get(f"/tickets/{fault.number}/"))
    assert fault.fault_title in target and "Rotkehlchen" not in target and "Zaunkönig" not in target


def test_somebody_with_two_schools_joins_at_both(city, signed_in, fault):
    SchoolMembership.objects.create(
        person=city.kant_teacher, school=city.brecht, role=SchoolMembership.Role.TEACHER, starts_on=SINCE
    )
    client = signed_in(city.kant_teacher)
    assert fault.fault_title in text(client.get(f"{REPORT}?school=100001"))
    assert fault.fault_title not in text(client.get(f"{REPORT}?school=100003"))
