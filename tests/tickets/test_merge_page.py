"""Merging in the browser: likely reports first, both side by side, and one press that cannot be undone."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from tests.access.world import clean
from tests.city import MONDAY
from tickets.commands import finish, join, merge, work
from tickets.commands.attach import attach_photos
from tickets.merge_page import MergePage


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY + timedelta(hours=1))


@pytest.fixture
def signed_in():
    def enter(person):
        client = Client()
        client.force_login(person)
        return client

    return enter


@pytest.fixture
def pair(city):
    """Two reports of the same fault by two people."""
    first = city.report(category=city.network, description="Kein WLAN im Kursraum", at=MONDAY)
    second = city.report(
        by=city.colleague, category=city.network, description="WLAN weg", at=MONDAY + timedelta(minutes=5)
    )
    return first, second


def press(client, source, target, **more):
    body = {"idempotency_key": str(uuid.uuid4()), "version": source.version, "into": target.number, **more}
    return client.post(f"/tickets/{source.number}/merge/", body)


class TestChoosing:
    def page(self, city, ticket, person=None, **asked):
        return [row.number for row in MergePage(ticket, city.viewer(person or city.manager), **asked).candidates]

    def test_likely_ones_come_first(self, city, pair):
        first, second = pair
        other = city.report(category=city.display, room=city.b112)
        same_room = city.report(category=city.display)
        assert self.page(city, second) == [first.number, same_room.number, other.number]

    def test_it_is_searched_by_number_and_words(self, city, pair):
        first, second = pair
        city.report(category=city.network)
        assert self.page(city, second, words="Kursraum") == [first.number]
        assert self.page(city, second, words=first.number) == [first.number]
        assert self.page(city, second, words=second.number) == []

    def test_only_what_is_open_at_the_school_and_as_confidential_is_offered(self, city, pair):
        first, second = pair
        city.report(school=city.widey, by=city.manager, category=city.network)
        city.report(category=city.network, confidential=True)
        finish.resolve(ticket=first, by=city.manager, at=MONDAY, solution="Kabel", cause="")
        assert self.page(city, second) == []

    def test_a_confidential_one_goes_with_confidential_ones_of_the_same_person_only(self, city, pair):
        own = [city.report(confidential=True) for _ in range(2)]
        city.report(confidential=True, by=city.colleague)
        assert self.page(city, own[0]) == [own[1].number]

    def test_it_takes_the_same_statements_with_few_and_with_many(
        self, city, pair, signed_in, django_assert_max_num_queries
    ):
        client = signed_in(city.manager)
        client.get("/account/")
        for _ in range(12):
            city.report(category=city.network)
        for asked in ("", f"?into={pair[0].number}", "?q=WLAN"):
            with django_assert_max_num_queries(10):
                assert client.get(f"/tickets/{pair[1].number}/merge/{asked}").status_code == 200


class TestMerging:
    def test_both_are_shown_and_then_one_is_left(self, city, pair, signed_in):
        first, second = pair
        join.join(ticket=second, by=city.contact, at=MONDAY)
        client = signed_in(city.manager)
        page = client.get(f"/tickets/{second.number}/merge/?into={first.number}").content.decode()
        for told in (first.title, second.title, city.colleague.name, "2 wartende Personen", "nicht rückgängig"):
            assert told in page
        answer = press(client, second, first)
        assert (answer.status_code, answer.url) == (302, f"/tickets/{first.number}/")
        target = client.get(answer.url).content.decode()
        assert f"Die Meldung {second.number} geht hier weiter" in target
        assert "Hierher zusammengelegt" in target and f'href="/tickets/{second.number}/"' in target
        assert "3 betroffen" in target
        second.refresh_from_db()
        assert second.merged_into == first

    def test_pressed_twice_it_happens_once_and_answers_alike(self, city, pair, signed_in):
        client, key = signed_in(city.manager), str(uuid.uuid4())
        answers = [press(client, pair[1], pair[0], idempotency_key=key) for _ in range(2)]
        assert [(answer.status_code, answer["Location"]) for answer in answers] == [
            (302, f"/tickets/{pair[0].number}/")
        ] * 2
        assert city.verbs_of(pair[0]).count("absorbed") == 1

    def test_what_cannot_be_is_refused_in_words(self, city, pair, signed_in):
        first, second = pair
        client = signed_in(city.manager)
        elsewhere = city.report(school=city.widey, by=city.manager, category=city.network)
        secret = city.report(category=city.network, confidential=True)
        for into in (second, elsewhere, secret):
            answer = press(client, second, into)
            assert answer.status_code == 422 and "Es wurde nichts geändert" in answer.content.decode()
        assert press(client, second, first, into="").status_code == 422
        assert press(client, second, first, into="DO-1\x00").status_code == 422
        second.refresh_from_db()
        assert second.is_open

    def test_who_comes_too_late_is_told(self, city, pair, signed_in):
        first, second = pair
        client = signed_in(city.manager)
        work.accept(ticket=second, by=city.manager, at=MONDAY)
        assert press(client, second, first).status_code == 412
        second.refresh_from_db()
        finish.resolve(ticket=second, by=city.manager, at=MONDAY, solution="Kabel", cause="")
        second.refresh_from_db()
        answer = press(client, second, first)
        assert answer.status_code == 409 and "Gelöst" in answer.content.decode()
        assert client.get(f"/tickets/{second.number}/merge/").status_code == 409

    def test_photos_are_found_at_both(self, city, pair, signed_in):
        first, second = pair
        [photo] = attach_photos(ticket=second, photos=[clean()], by=city.colleague, at=MONDAY)
        merge.merge(ticket=second, into=first, by=city.manager, at=MONDAY)
        target = signed_in(city.manager).get(f"/tickets/{first.number}/").content.decode()
        assert f"/tickets/{first.number}/photos/{photo.key}/" in target and f"kam mit {second.number}" in target
        reporter = signed_in(city.colleague)
        own = reporter.get(f"/tickets/{second.number}/").content.decode()
        address = f"/tickets/{second.number}/photos/{photo.key}/"
        assert address in own and "kam mit" not in own
        assert reporter.get(address).status_code == 200
        # Who follows the target reads no photo of it.
        assert reporter.get(f"/tickets/{first.number}/photos/{photo.key}/").status_code == 404

    def test_a_chain_leads_to_its_end(self, city, pair, signed_in):
        first, second = pair
        third = city.report(by=city.contact, category=city.network)
        merge.merge(ticket=second, into=first, by=city.manager, at=MONDAY)
        merge.merge(ticket=first, into=third, by=city.manager, at=MONDAY)
        page = signed_in(city.colleague).get(f"/tickets/{second.number}/").content.decode()
        assert f'href="/tickets/{third.number}/"' in page
        assert f'href="/tickets/{first.number}/"' not in page
