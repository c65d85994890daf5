"""The first level hands a report over in the browser: what is known stands there, gaps are named, nothing is lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from devices.models import Device
from foundation.berlin import BERLIN
from schools.models import Room
from teams.models import Team
from tests.access.world import clean
from tests.city import MONDAY, berlin
from tickets.commands import escalate, work
from tickets.commands.checklists import publish_checklist
from tickets.models import Category, Escalation, PacketDraft


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


@pytest.fixture
def ticket(city):
    return city.report(category=city.network, at=berlin(2026, 3, 2, 7, 50))


@pytest.fixture
def mona(city, client):
    client.force_login(city.manager)
    return client


def page_of(ticket):
    return f"/tickets/{ticket.number}/escalate/"


@pytest.fixture
def entries(city):
    """Return what the form of a report sends when everything is filled in, with changes on top."""

    def filled(ticket, **changes):
        packet = city.packet(ticket)
        return {
            "version": ticket.version,
            "idempotency_key": "k1",
            **{f"checklist.{key}": answer for key, answer in packet.answers.items()},
            "tried": packet.tried,
            "since": packet.since.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M"),
            "access": packet.access,
            "rooms": [room.pk for room in packet.rooms],
            "team": ticket.category.team.slug if ticket.category.team else "",
            **changes,
        }

    return filled


def summary(answer) -> dict[str, str]:
    """Return what the summary on top names: the field each line leads to, and its sentence."""
    found = re.findall(r'<li><a href="#id_([^"]+)">([^<]+)</a>', answer.content.decode().split("</ul>")[0])
    return {name.removesuffix("_0"): sentence for name, sentence in found}


class TestWhatIsKnown:
    def test_room_time_access_device_and_remarks_stand_there_already(self, city, mona, ticket):
        tablet = Device.objects.create(code="DO-1", kind="tablet", school=city.brecht, room=city.a204)
        ticket.device = tablet
        ticket.save()
        work.comment(ticket=ticket, by=city.manager, at=MONDAY, text="Switch neu gestartet.", internal=True)
        answer = mona.get(page_of(ticket))
        form = answer.context["form"]
        known = {name: form[name].value() for name in ("rooms", "since", "access", "devices", "tried", "team")}
        assert known == {
            "rooms": [str(city.a204.pk)],
            "since": "2026-03-02T07:50",
            "access": "Schlüssel in der Hausmeisterei",
            "devices": ["DO-1"],
            "tried": "Switch neu gestartet.",
            "team": "network",
        }

    def test_the_second_time_begins_with_what_went_along_the_first_time(self, city, mona, ticket, entries):
        mona.post(page_of(ticket), entries(ticket, tried="Neu gestartet.", access="Ab 14 Uhr"))
        ticket.refresh_from_db()
        back = {"ticket": ticket, "by": city.specialist, "at": MONDAY}
        escalate.return_to_first_level(**back, text="Bitte das Kabel tauschen.")
        form = mona.get(page_of(ticket)).context["form"]
        assert form["tried"].value() == "Neu gestartet."
        assert form["access"].value() == "Ab 14 Uhr"
        assert form["checklist.power"].value() == "yes"

    def test_the_telephone_of_the_team_is_one_tap_away(self, city, mona, ticket):
        Team.objects.filter(slug="network").update(phone="0231 000-555")
        assert 'href="tel:0231000555"' in mona.get(page_of(ticket)).content.decode()

    def test_the_page_takes_ten_statements_with_two_rooms_as_with_sixty(self, city, mona, ticket):
        mona.get("/account/")
        for number in (0, 60):
            Room.objects.bulk_create(Room(school=city.brecht, name=f"C {name}") for name in range(number))
            Device.objects.bulk_create(
                Device(code=f"C-{code}", kind="tablet", school=city.brecht, room=city.a204) for code in range(number)
            )
            with CaptureQueriesContext(connection) as captured:
                answer = mona.get(page_of(ticket))
            assert len(captured) <= 10, [query["sql"] for query in captured]
        assert len(answer.context["form"].rooms_in_reach) == 8
        assert len(answer.context["form"].other_rooms) == 54


class TestHandingOver:
    def test_a_complete_packet_goes_to_the_team_of_the_category(self, city, mona, ticket, entries):
        answer = mona.post(page_of(ticket), entries(ticket, spoken_with="Siri Switch"), follow=True)
        assert answer.status_code == 200
        ticket.refresh_from_db()
        packet = Escalation.objects.get()
        assert (ticket.status, ticket.team.slug, packet.by) == ("escalated", "network", city.manager)
        assert (packet.answers, packet.spoken_with) == (city.packet(ticket).answers, "Siri Switch")
        assert packet.since == berlin(2026, 3, 2, 7, 50)
        assert [room.name for room in packet.rooms.all()] == ["A 204"]

    def test_what_was_tapped_as_tried_goes_along_before_the_words(self, city, mona, ticket, entries):
        tips = ticket.category.tips[:2]
        mona.post(page_of(ticket), entries(ticket, tips=tips, tried="Dose geprüft."))
        assert Escalation.objects.get().tried == "\n".join([*tips, "Dose geprüft."])

    def test_pressed_twice_it_is_handed_over_once(self, city, mona, ticket, entries):
        first, second = (mona.post(page_of(ticket), entries(ticket)) for _ in range(2))
        assert first.status_code == second.status_code == 302
        assert Escalation.objects.count() == 1

    def test_devices_are_named_by_their_numbers_too(self, city, mona, ticket, entries):
        Device.objects.create(code="DO-7", kind="network", school=city.brecht)
        answer = mona.post(page_of(ticket), entries(ticket, device_codes="do-7, DO-8"))
        assert summary(answer).keys() == {"device_codes"} and "DO-8" in summary(answer)["device_codes"]
        mona.post(page_of(ticket), entries(ticket, device_codes="do-7", idempotency_key="k2"))
        assert Escalation.objects.get().devices.get().code == "DO-7"

    def test_where_the_category_has_no_team_it_is_chosen(self, city, mona, entries):
        ticket = city.report(category=Category.objects.get(slug="advice"))
        answer = mona.post(page_of(ticket), entries(ticket))
        assert answer.status_code == 422 and summary(answer).keys() == {"team"}
        mona.post(page_of(ticket), entries(ticket, team="tablets", idempotency_key="k2"))
        assert Escalation.objects.get().team.slug == "tablets"


class TestGaps:
    def test_each_gap_is_named_with_the_way_to_its_field_and_everything_typed_stays(self, city, mona, ticket):
        sent = {"version": ticket.version, "idempotency_key": "k1", "checklist.power": "no", "tried": "Neu gestartet."}
        answer = mona.post(page_of(ticket), sent)
        assert answer.status_code == 422
        open_items = {f"checklist.{item.key}" for item in answer.context["form"].page.items} - {"checklist.power"}
        assert summary(answer).keys() == {*open_items, "since", "access", "rooms"}
        body = answer.content.decode()
        assert all(f'id="id_{name}' in body for name in summary(answer))
        assert "Neu gestartet." in body
        assert answer.context["form"]["checklist.power"].value() == "no"
        ticket.refresh_from_db()
        assert (ticket.status, ticket.version, Escalation.objects.count()) == ("new", 1, 0)

    def test_page_and_api_name_the_same_gaps(self, city, mona, ticket):
        answer = mona.post(page_of(ticket), {"version": ticket.version, "idempotency_key": "k1", "team": "network"})
        api = mona.post(
            f"/api/v1/tickets/{ticket.number}/escalate/",
            {"checklist": {}, "tried": "", "access": "", "rooms": []},
            content_type="application/json",
        )
        assert api.status_code == 422
        assert summary(answer).keys() == api.json()["errors"].keys()

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("since", "gestern"),
            ("since", "2031-01-01T00:00"),
            ("rooms", "99999"),
            ("team", "unheard-of"),
            ("tried", "x" * 5001),
            ("checklist.power", "perhaps"),
        ],
    )
    def test_what_cannot_be_right_is_named_as_well(self, city, mona, ticket, name, value, entries):
        answer = mona.post(page_of(ticket), entries(ticket, **{name: value}))
        assert answer.status_code == 422 and list(summary(answer)) == [name]
        assert not Escalation.objects.exists()


def test_handing_over_is_in_reach_of_the_thumb_and_the_bar_is_never_crowded(city, mona, ticket):
    for bar in (["accept", "escalate", "resolve"], ["ask", "escalate", "resolve"]):
        assert mona.get(f"/tickets/{ticket.number}/").context["page"].bar == bar
        if "accept" in bar:
            work.accept(ticket=ticket, by=city.manager, at=MONDAY)


class TestKeeping:
    def test_a_colleague_goes_on_where_the_first_one_stopped(self, city, client, ticket):
        client.force_login(city.manager)
        words = {"tried": "Kabel getauscht.", "checklist.power": "yes", "rooms": [city.b112.pk], "keep": "1"}
        answer = client.post(page_of(ticket), {"version": 1, "idempotency_key": "k1", **words})
        assert answer.status_code == 302
        client.force_login(city.helpdesk)
        shown = client.get(page_of(ticket))
        assert city.manager.name in shown.content.decode()
        form = shown.context["form"]
        assert form["tried"].value() == "Kabel getauscht." and form["checklist.power"].value() == "yes"
        assert form["rooms"].value() == [str(city.b112.pk)]
        assert city.manager.name in client.get(f"/tickets/{ticket.number}/").content.decode()

    def test_an_incomplete_packet_is_kept_and_goes_with_the_complete_one(self, city, mona, ticket, entries):
        mona.post(page_of(ticket), {"version": 1, "idempotency_key": "k1", "tried": "Neu gestartet."})
        assert PacketDraft.objects.get().words["tried"] == "Neu gestartet."
        mona.post(page_of(ticket), entries(ticket, idempotency_key="k2"))
        assert not PacketDraft.objects.exists()

    def test_one_press_answers_the_rest_with_yes_without_a_script(self, city, mona, ticket):
        pressed = {"version": 1, "idempotency_key": "k1", "checklist.power": "no", "all_yes": "1"}
        assert mona.post(page_of(ticket), pressed).status_code == 302
        form = mona.get(page_of(ticket)).context["form"]
        assert form["checklist.power"].value() == "no" and form["checklist.cable"].value() == "yes"

    def test_photos_stay_with_the_report_once_though_the_packet_is_refused(self, city, mona, ticket):
        sent = {"version": 1, "idempotency_key": "k1"}
        for _ in range(2):
            photo = clean()
            answer = mona.post(page_of(ticket), {**sent, "photos": SimpleUploadedFile("a.jpg", photo.data)})
            assert answer.status_code == 422
        assert ticket.attachments.count() == 1


class TestMeanwhile:
    def test_a_stale_version_answers_412_with_every_entry(self, city, mona, ticket, entries):
        work.accept(ticket=ticket, by=city.helpdesk, at=MONDAY)
        answer = mona.post(page_of(ticket), entries(ticket, tried="Dose geprüft."))
        assert answer.status_code == 412 and "Dose geprüft." in answer.content.decode()
        assert PacketDraft.objects.get().by == city.manager
        ticket.refresh_from_db()
        assert mona.post(page_of(ticket), entries(ticket, idempotency_key="k2")).status_code == 302

    def test_too_late_answers_409_and_shows_what_was_written(self, city, mona, ticket, entries):
        sent = entries(ticket, tried="Dose geprüft.")
        city.escalated(ticket)
        for version in (1, 2):
            answer = mona.post(page_of(ticket), {**sent, "version": version, "idempotency_key": f"late{version}"})
            assert answer.status_code == 409 and "Dose geprüft." in answer.content.decode()
        assert mona.get(page_of(ticket)).status_code == 409

    def test_a_checklist_that_changes_meanwhile_asks_for_what_is_new(self, city, mona, ticket, entries):
        sent = entries(ticket)
        items = [
            {"key": "power", "text_de": "Strom da", "text_en": "Power"},
            {"key": "new", "text_de": "N", "text_en": "M"},
        ]
        publish_checklist(category=city.network, items=items, by=city.administrator, at=MONDAY)
        answer = mona.post(page_of(ticket), sent)
        assert answer.status_code == 422 and list(summary(answer)) == ["checklist.new"]

    def test_what_a_colleague_kept_meanwhile_is_shown_beside_the_own_entries(self, city, client, ticket, entries):
        client.force_login(city.helpdesk)
        client.post(page_of(ticket), {"version": 1, "keep": "1", "tried": "Am Telefon: Router leuchtet rot."})
        client.force_login(city.manager)
        for press in ({}, {"keep": "1"}):
            mine = entries(ticket, tried="Dose geprüft.", idempotency_key="m1", **press)
            answer = client.post(page_of(ticket), mine)
            body = answer.content.decode()
            assert answer.status_code == 412
            assert "Router leuchtet rot." in body and "Dose geprüft." in body and city.helpdesk.name in body
        assert PacketDraft.objects.get().by == city.helpdesk and not Escalation.objects.exists()
        seen = re.search(r'name="draft_seen" value="([^"]+)"', body)[1]
        again = entries(ticket, tried="Dose geprüft.", idempotency_key="m2", draft_seen=seen)
        assert client.post(page_of(ticket), again).status_code == 302
        assert Escalation.objects.get().tried == "Dose geprüft."

    def test_a_form_to_mend_keeps_the_version_it_was_opened_with(self, city, mona, ticket):
        work.accept(ticket=ticket, by=city.helpdesk, at=MONDAY)
        answer = mona.post(page_of(ticket), {"version": 1, "idempotency_key": "k1"})
        assert answer.status_code == 422 and 'name="version" value="1"' in answer.content.decode()


class TestWhoMay:
    def test_only_the_first_level_hands_over(self, city, client, ticket, entries):
        for person, status in (
            (city.teacher, 403),
            (city.contact, 403),
            (city.kant_teacher, 404),
            (city.helpdesk, 200),
        ):
            client.force_login(person)
            assert client.get(page_of(ticket)).status_code == status, person
            if status != 200:
                assert client.post(page_of(ticket), entries(ticket)).status_code == status
                assert client.post(page_of(ticket), {"keep": "1"}).status_code == status
        assert not PacketDraft.objects.exists()

    def test_the_rooms_of_another_school_are_no_choice(self, city, mona, ticket, entries):
        answer = mona.post(page_of(ticket), entries(ticket, rooms=[city.kant_room.pk]))
        assert answer.status_code == 422 and list(summary(answer)) == ["rooms"]
