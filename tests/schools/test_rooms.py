"""The IT contact keeps rooms, contacts and access right."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from campuses.models import Absence
from schools import commands
from schools.models import Contact, Room, School, Site, TechnicalProfile
from tests.city import MONDAY, SINCE

ROOMS = "/schools/100001/rooms/"
CONTACTS = "/schools/100001/contacts/"
ACCESS = "/schools/100001/access/"


def names(school, **wanted):
    return sorted(Room.objects.filter(school=school, **wanted).values_list("name", flat=True))


@pytest.fixture
def post(client, city):
    """Post as the IT contact, with a key of its own unless told otherwise."""
    client.force_login(city.contact)

    def send(path, **data):
        return client.post(path, {"idempotency_key": str(uuid4()), **data})

    return send


class TestRooms:
    def test_a_room_is_added_and_the_building_stays_filled_in(self, city, post, client):
        answer = post(ROOMS, name=" C  301 ", building="Neubau")
        assert (answer.status_code, answer.url) == (302, f"{ROOMS}?building=Neubau")
        assert names(city.brecht) == ["A 204", "B 112", "C 301"]
        assert 'value="Neubau"' in client.get(answer.url).content.decode()

    def test_pressed_twice_adds_one_room(self, city, post):
        key = str(uuid4())
        first, second = (post(ROOMS, name="C 301", idempotency_key=key) for _ in range(2))
        assert first.status_code == second.status_code == 302
        assert second.headers["Idempotent-Replayed"] == "true"
        assert names(city.brecht).count("C 301") == 1

    @pytest.mark.parametrize("name", ["A 204", "a204", " A  2 04 ", "A\u00a0204"])
    def test_a_second_room_of_that_name_is_refused_with_everything_typed_kept(self, city, post, name):
        answer = post(ROOMS, name=name, building="Hauptgebäude")
        body = answer.content.decode()
        assert answer.status_code == 422
        assert "A 204" in body and 'value="Hauptgebäude"' in body
        assert names(city.brecht) == ["A 204", "B 112"]

    def test_another_school_may_have_a_room_of_that_name(self, city):
        commands.add_room(school=city.widey, name="A 204", by=city.manager, at=MONDAY)
        assert names(city.widey) == ["A 204"]

    @pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\u200b"])
    def test_a_name_that_is_none_is_refused(self, city, post, name):
        assert post(ROOMS, name=name).status_code == 422
        assert names(city.brecht) == ["A 204", "B 112"]

    def test_renaming_keeps_the_reports_of_the_room(self, city, post):
        ticket = city.report()
        answer = post(f"{ROOMS}{city.a204.pk}/", name="A 205", building="Altbau")
        assert answer.status_code == 302
        ticket.refresh_from_db()
        assert (ticket.room.name, ticket.room.building) == ("A 205", "Altbau")

    def test_a_room_may_change_its_own_spelling(self, city, post):
        assert post(f"{ROOMS}{city.a204.pk}/", name="a204").status_code == 302
        assert names(city.brecht) == ["B 112", "a204"]

    def test_a_room_cannot_take_the_name_of_another(self, city, post):
        answer = post(f"{ROOMS}{city.a204.pk}/", name="b112")
        assert answer.status_code == 422
        assert names(city.brecht) == ["A 204", "B 112"]

    def test_a_room_without_a_question_for_its_site_keeps_it(self, city, post):
        site = Site.objects.create(school=city.brecht, name="Hauptstandort", is_main=True)
        Room.objects.filter(pk=city.a204.pk).update(site=site)
        post(f"{ROOMS}{city.a204.pk}/", name="A 205")
        assert Room.objects.get(pk=city.a204.pk).site == site

    def test_a_school_of_two_sites_says_at_which_a_room_is(self, city, post):
        Site.objects.create(school=city.brecht, name="Hauptstandort", is_main=True)
        second = Site.objects.create(school=city.brecht, name="Dependance")
        foreign = Site.objects.create(school=city.kant, name="Fremd")
        post(ROOMS, name="D 1", site=second.pk)
        assert Room.objects.get(name="D 1").site == second
        assert post(ROOMS, name="D 2", site=foreign.pk).status_code == 422

    def test_a_room_out_of_use_keeps_its_reports_and_comes_back(self, city, post, client):
        ticket = city.report()
        answer = post(f"{ROOMS}{city.a204.pk}/use/", active="no")
        assert names(city.brecht, active=True) == ["B 112"]
        ticket.refresh_from_db()
        assert ticket.room == city.a204
        # The page offers the way back.
        assert f"{ROOMS}{city.a204.pk}/use/" in client.get(answer.url).content.decode()
        post(f"{ROOMS}{city.a204.pk}/use/", active="yes")
        assert names(city.brecht, active=True) == ["A 204", "B 112"]

    def test_the_name_of_a_room_out_of_use_is_not_given_away(self, city, post):
        commands.use_room(room=city.a204, active=False, by=city.contact, at=MONDAY)
        answer = post(ROOMS, name="A204")
        assert answer.status_code == 422
        assert names(city.brecht) == ["A 204", "B 112"]

    def test_a_room_of_another_school_is_not_found_here(self, city, post):
        assert post(f"{ROOMS}{city.kant_room.pk}/", name="Meins").status_code == 404
        assert post(f"{ROOMS}{city.kant_room.pk}/use/", active="no").status_code == 404

    def test_a_command_does_all_or_nothing(self, city):
        with pytest.raises(ValidationError):
            commands.add_room(school=city.brecht, name="x" * 61, by=city.contact, at=MONDAY)
        assert names(city.brecht) == ["A 204", "B 112"]

    def test_the_page_takes_the_same_statements_with_many_rooms(self, city, client, django_assert_max_num_queries):
        Room.objects.bulk_create(Room(school=city.brecht, name=f"R {number}") for number in range(200))
        client.force_login(city.contact)
        client.get(ROOMS)  # the first visit writes into the session
        with django_assert_max_num_queries(10):
            client.get(ROOMS)


class TestContacts:
    def test_a_contact_is_added_changed_and_removed(self, city, post):
        post(CONTACTS, name="Herr Sommer", function="Hausmeisterei", phone="0231 000-101")
        contact = Contact.objects.get(name="Herr Sommer")
        assert contact.school == city.brecht
        post(f"{CONTACTS}{contact.pk}/", name="Frau Winter", email="winter@schule.example")
        contact.refresh_from_db()
        assert (contact.name, contact.function, contact.phone) == ("Frau Winter", "", "")
        post(f"{CONTACTS}{contact.pk}/removal/")
        assert not Contact.objects.filter(pk=contact.pk).exists()

    def test_removing_twice_gives_the_first_answer_again(self, city, post):
        contact, key = Contact.objects.get(), str(uuid4())
        answers = [post(f"{CONTACTS}{contact.pk}/removal/", idempotency_key=key) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]

    @pytest.mark.parametrize(
        "facts",
        [
            {"name": "", "phone": "0231 1"},
            {"name": "Frau Kaya"},
            {"name": "Frau Kaya", "phone": "keine"},
            {"name": "Frau Kaya", "email": "kaya@"},
            {"name": "Frau Kaya", "phone": "0231 000", "reachable": "x" * 121},
        ],
    )
    def test_a_contact_nobody_can_reach_is_refused(self, city, post, facts):
        answer = post(CONTACTS, **facts)
        assert answer.status_code == 422
        assert all(value in answer.content.decode() for value in facts.values())
        assert Contact.objects.count() == 1

    def test_a_contact_of_another_school_is_not_found_here(self, city, post):
        foreign = Contact.objects.create(school=city.kant, name="Fremd", phone="0231 000")
        assert post(f"{CONTACTS}{foreign.pk}/", name="Meins", phone="0231 000").status_code == 404
        assert post(f"{CONTACTS}{foreign.pk}/removal/").status_code == 404
        assert Contact.objects.filter(pk=foreign.pk).exists()


class TestAccess:
    def test_the_contact_says_how_to_get_in(self, city, post):
        post(ACCESS, access_notes="Keller\r\nRaum K 3", iserv_host=" HTTPS://BBG.example/ ")
        profile = TechnicalProfile.objects.get(school=city.brecht)
        assert (profile.access_notes, profile.iserv_host) == ("Keller\nRaum K 3", "bbg.example")

    def test_the_measured_facts_stay(self, city, post):
        TechnicalProfile.objects.filter(school=city.brecht).update(broadband="fibre")
        post(ACCESS, access_notes="", iserv_host="")
        assert TechnicalProfile.objects.get(school=city.brecht).broadband == "fibre"

    def test_a_school_without_a_profile_gets_one(self, city):
        commands.describe_access(school=city.widey, iserv_host="", access_notes="Klingeln", by=city.manager, at=MONDAY)
        assert city.widey.profile.access_notes == "Klingeln"

    @pytest.mark.parametrize("host", ["kein server", "localhost", "a..b", "-x.example", "javascript:alert(1)"])
    def test_what_is_no_server_is_refused(self, city, post, host):
        answer = post(ACCESS, access_notes="Mein langer Text", iserv_host=host)
        assert answer.status_code == 422
        assert "Mein langer Text" in answer.content.decode()

    def test_a_megabyte_of_text_is_refused_with_a_sentence(self, city, post):
        assert post(ACCESS, access_notes="x" * 1_000_000, iserv_host="").status_code == 422


class TestRights:
    PAGES = (ROOMS, CONTACTS, ACCESS)

    @pytest.mark.parametrize(
        "who, status",
        [
            ("contact", 200),
            ("manager", 200),
            ("helpdesk", 200),
            ("teacher", 403),
            ("head", 403),
            ("coordinator", 403),
            ("city_reader", 403),
            ("administrator", 403),
            ("specialist", 403),
            ("kant_teacher", 404),
            ("asseln_manager", 404),
            ("stranger", 404),
        ],
    )
    def test_who_opens_the_pages(self, city, client, who, status):
        client.force_login(getattr(city, who))
        assert {client.get(page).status_code for page in self.PAGES} == {status}
        sent = {"name": "Z 1", "phone": "0231 000", "access_notes": "neu", "idempotency_key": str(uuid4())}
        expected = 302 if status == 200 else status
        sent_to = [client.post(page, {**sent, "idempotency_key": str(uuid4())}).status_code for page in self.PAGES]
        assert set(sent_to) == {expected}
        assert Room.objects.filter(name="Z 1").exists() == (status == 200)

    @pytest.mark.parametrize("page", PAGES)
    def test_who_is_not_signed_in_is_asked_to(self, city, client, page):
        assert client.get(page).url.startswith("/login/")
        assert client.post(page, {"name": "Z 1"}).url.startswith("/login/")

    def test_an_absent_manager_does_not_keep_the_school(self, city):
        Absence.objects.create(person=city.manager, starts_on=SINCE)
        with pytest.raises(PermissionDenied):
            commands.add_room(school=city.brecht, name="Z 1", by=city.manager, at=MONDAY)

    def test_a_command_does_not_know_schools_one_cannot_see(self, city):
        with pytest.raises(School.DoesNotExist):
            commands.add_room(school=city.kant, name="Z 1", by=city.contact, at=MONDAY)
