"""Keeping texts: one's own and nobody else's, the shared ones for all who work on reports."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from audit.models import HistoryIsNeverEdited
from tests.city import MONDAY
from tests.settings_pages import complaints, filled
from textmodules import commands
from textmodules.models import TextModule, TextModuleEvent

TEXT = {"title": "Gruß", "body": "Guten Tag, {Nummer} ist da.", "kinds": ["message"]}
SHARED = "/settings/textmodules/textmodule/"


def titles(city, person):
    return set(TextModule.objects.visible_to(city.viewer(person)).values_list("title", flat=True))


@pytest.fixture
def own(city):
    return commands.add_own_text(**TEXT, by=city.manager, at=MONDAY)


@pytest.fixture
def post(client, city):
    """Post as the campus manager, with a key of its own unless told otherwise."""
    client.force_login(city.manager)

    def send(path, **data):
        return client.post(path, {"idempotency_key": str(uuid4()), **data})

    return send


class TestSight:
    def test_a_text_of_ones_own_is_seen_by_nobody_else(self, city, own):
        assert "Gruß" in titles(city, city.manager)
        for person in (city.asseln_manager, city.helpdesk, city.administrator, city.teacher):
            assert "Gruß" not in titles(city, person)

    def test_shared_ones_are_for_all_who_work_on_reports(self, city):
        for person in (city.manager, city.helpdesk, city.specialist, city.coordinator):
            assert "Gerät neu starten" in titles(city, person)
        for person in (city.teacher, city.contact, city.head, city.city_reader, city.administrator, city.stranger):
            assert titles(city, person) == set()

    def test_a_shared_one_out_of_use_is_gone_for_everybody(self, city):
        text = TextModule.objects.shared().get(title="Gerät neu starten")
        words = {"title": text.title, "body": text.body, "kinds": text.kinds}
        commands.change_shared_text(module=text, **words, active=False, by=city.administrator, at=MONDAY)
        assert "Gerät neu starten" not in titles(city, city.manager)

    def test_ones_own_come_first(self, city, own):
        first = TextModule.objects.visible_to(city.viewer(city.manager)).in_order().first()
        assert first == own

    def test_what_comes_with_the_product_can_be_filled_in(self, city):
        texts = TextModule.objects.shared()
        assert len(texts) > 10
        for text in texts:
            text.full_clean()
            assert "!" not in text.body and "{" not in text.example


class TestOwn:
    def test_it_is_written_changed_and_removed(self, city, post, client):
        assert post("/texts/new/", **TEXT).status_code == 302
        text = TextModule.objects.get(owner=city.manager)
        assert "Gruß" in client.get("/texts/").content.decode()
        post(f"/texts/{text.pk}/", **{**TEXT, "title": "Begrüßung", "kinds": ["message", "question"]})
        text.refresh_from_db()
        assert (text.title, text.kinds) == ("Begrüßung", ["message", "question"])
        assert post(f"/texts/{text.pk}/removal/").status_code == 302
        assert not TextModule.objects.filter(owner=city.manager).exists()

    def test_pressed_twice_adds_one(self, city, post):
        key = str(uuid4())
        for _ in range(2):
            assert post("/texts/new/", **TEXT, idempotency_key=key).status_code == 302
        assert TextModule.objects.filter(owner=city.manager).count() == 1

    def test_an_unknown_placeholder_is_refused_and_what_was_typed_stays(self, city, post):
        answer = post("/texts/new/", **{**TEXT, "body": "Guten Tag {Vorname}"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "{Vorname}" in page and "{Campusmanagement}" in page and "Guten Tag {Vorname}" in page

    def test_the_preview_saves_nothing(self, city, post):
        answer = post("/texts/new/", **TEXT, preview="")
        assert answer.status_code == 200
        assert "Guten Tag, DO-2026-4017 ist da." in answer.content.decode()
        assert not TextModule.objects.filter(owner=city.manager).exists()

    def test_a_copy_of_a_shared_one_becomes_ones_own(self, city, post, client):
        shared = TextModule.objects.shared().get(title="Gerät neu starten")
        page = client.get(f"/texts/new/?from={shared.pk}").content.decode()
        assert "Gerät neu starten" in page and "30 Sekunden warten" in page
        post(f"/texts/new/?from={shared.pk}", title=shared.title, body="Kürzer.", kinds="message")
        shared.refresh_from_db()
        assert "30 Sekunden" in shared.body
        assert TextModule.objects.get(owner=city.manager).body == "Kürzer."

    def test_two_of_one_title_would_not_be_told_apart(self, city, own, post):
        assert post("/texts/new/", **{**TEXT, "title": "GRUß"}).status_code == 422
        with pytest.raises(IntegrityError), transaction.atomic():
            TextModule.objects.create(**TEXT, owner=city.manager)
        commands.add_own_text(**TEXT, by=city.helpdesk, at=MONDAY)

    def test_a_list_stays_short_enough_to_find_something(self, city, own, monkeypatch):
        monkeypatch.setattr(commands, "MOST_OWN", 1)
        with pytest.raises(ValidationError):
            commands.add_own_text(**{**TEXT, "title": "Noch einer"}, by=city.manager, at=MONDAY)

    def test_nobody_else_changes_or_removes_it(self, city, own):
        with pytest.raises(TextModule.DoesNotExist):
            commands.change_own_text(module=own, **TEXT, by=city.helpdesk, at=MONDAY)
        with pytest.raises(TextModule.DoesNotExist):
            commands.remove_own_text(module=own, by=city.administrator, at=MONDAY)
        with pytest.raises(PermissionDenied):
            commands.add_own_text(**TEXT, by=city.teacher, at=MONDAY)

    def test_a_shared_one_is_not_changed_as_ones_own(self, city):
        shared = TextModule.objects.shared().first()
        with pytest.raises(PermissionDenied):
            commands.change_own_text(module=shared, **TEXT, by=city.manager, at=MONDAY)
        with pytest.raises(PermissionDenied):
            commands.remove_own_text(module=shared, by=city.manager, at=MONDAY)


class TestShared:
    def test_an_administrator_keeps_them_and_every_wording_stays_on_record(self, city, client):
        client.force_login(city.administrator)
        page = client.get(f"{SHARED}add/")
        assert "{Campusmanagement}" in page.content.decode()
        assert client.post(f"{SHARED}add/", filled(page, **TEXT)).status_code == 302
        text = TextModule.objects.shared().get(title="Gruß")
        page = client.get(f"{SHARED}{text.pk}/change/")
        client.post(f"{SHARED}{text.pk}/change/", filled(page, body="Guten Morgen"))
        text.refresh_from_db()
        assert text.body == "Guten Morgen"
        events = TextModuleEvent.objects.filter(module=text).order_by("pk")
        assert [(event.verb, event.by, event.data["body"]) for event in events] == [
            ("added", city.administrator, TEXT["body"]),
            ("changed", city.administrator, "Guten Morgen"),
        ]
        with pytest.raises(HistoryIsNeverEdited):
            events[0].delete()
        assert "Guten Morgen" in client.get("/settings/textmodules/textmoduleevent/").content.decode()

    def test_the_settings_name_the_placeholders_too(self, city, client):
        client.force_login(city.administrator)
        answer = client.post(f"{SHARED}add/", filled(client.get(f"{SHARED}add/"), **{**TEXT, "body": "{Vorname}"}))
        assert "{Hotline}" in complaints(answer)

    def test_what_people_keep_for_themselves_is_not_among_the_settings(self, city, own, client):
        client.force_login(city.administrator)
        assert "Gruß" not in client.get(SHARED).content.decode()
        assert client.get(f"{SHARED}{own.pk}/change/").status_code == 302

    def test_nobody_but_an_administrator_speaks_for_the_city(self, city):
        shared = TextModule.objects.shared().first()
        for person in (city.coordinator, city.manager, city.specialist):
            with pytest.raises(PermissionDenied):
                commands.add_shared_text(**TEXT, by=person, at=MONDAY)
            with pytest.raises(PermissionDenied):
                commands.change_shared_text(module=shared, **TEXT, active=True, by=person, at=MONDAY)

    def test_the_database_knows_the_kinds(self, city):
        for kinds in ([], ["poem"]):
            with pytest.raises(IntegrityError), transaction.atomic():
                TextModule.objects.create(title="Ohne", body="x", kinds=kinds)
