"""The page of a school, and the list of schools."""

from datetime import date, timedelta

import pytest

from campuses.models import CampusAssignment
from schools.models import Contact, Room, School, Site, TechnicalProfile
from schools.portrait import Portrait, by_building
from tests.city import MONDAY
from tickets.models import Ticket
from tickets.views.school import reads_reports

PAGE = "/schools/100001/"


@pytest.fixture
def body(client):
    """Return what somebody reads on a page."""

    def read(person, path=PAGE):
        client.force_login(person)
        answer = client.get(path)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    return read


class TestSchool:
    @pytest.mark.parametrize(
        "who, status",
        [
            ("teacher", 200),
            ("contact", 200),
            ("head", 200),
            ("manager", 200),
            ("helpdesk", 200),
            ("coordinator", 200),
            ("city_reader", 200),
            ("administrator", 200),
            ("specialist", 200),
            ("kant_teacher", 404),
            ("asseln_manager", 404),
            ("stranger", 404),
        ],
    )
    def test_who_sees_it(self, city, client, who, status):
        client.force_login(getattr(city, who))
        assert client.get(PAGE).status_code == status

    def test_who_is_not_signed_in_is_asked_to(self, city, client):
        assert client.get(PAGE).url == f"/login/?next={PAGE}"

    def test_it_shows_who_is_on_duty_and_how_to_reach_them(self, city, body):
        city.manager.phone = "0231 000-47 11"
        city.manager.save()
        page = body(city.contact)
        assert "Mona Mobil" in page and 'href="tel:0231000' in page

    def test_where_nobody_is_on_duty_the_coordination_is_named(self, city, body):
        CampusAssignment.objects.all().delete()
        assert "Koordination" in body(city.contact) or "Coordination" in body(city.contact)

    def test_contacts_can_be_called_and_written_to(self, city, body):
        Contact.objects.create(
            school=city.brecht, name="Frau Kaya", phone="0231 / 50-12 (nachmittags)", email="kaya@schule.example"
        )
        page = body(city.teacher)
        assert 'href="tel:02315012"' in page and 'href="mailto:kaya@schule.example"' in page

    @pytest.mark.parametrize(
        "who, reads", [("contact", True), ("specialist", True), ("teacher", False), ("head", False)]
    )
    def test_only_those_who_help_read_how_to_get_in(self, city, body, who, reads):
        assert ("Schlüssel in der Hausmeisterei" in body(getattr(city, who))) == reads

    @pytest.mark.parametrize("who, offered", [("contact", True), ("manager", True), ("teacher", False)])
    def test_only_those_who_keep_it_are_offered_to_change_it(self, city, body, who, offered):
        assert (f"{PAGE}rooms/" in body(getattr(city, who))) == offered

    @pytest.mark.parametrize("who, offered", [("teacher", True), ("helpdesk", True), ("city_reader", False)])
    def test_only_those_who_may_report_are_offered_to(self, city, body, who, offered):
        assert ("/tickets/new/?school=100001" in body(getattr(city, who))) == offered

    def test_rooms_out_of_use_are_not_shown(self, city, body):
        Room.objects.filter(pk=city.b112.pk).update(active=False)
        page = body(city.teacher)
        assert "A 204" in page and "B 112" not in page

    def test_facts_of_the_demo_are_labelled(self, city, body):
        assert "Demo" not in body(city.contact)
        School.objects.filter(pk=city.brecht.pk).update(demo_facts=True)
        assert "Demo" in body(city.contact)

    def test_a_website_is_a_link_only_when_a_browser_opens_it_as_a_page(self, city, body):
        School.objects.filter(pk=city.brecht.pk).update(website="javascript:alert(1)")
        assert "javascript:" not in body(city.teacher)
        School.objects.filter(pk=city.brecht.pk).update(website="https://www.schule.example/start")
        assert 'href="https://www.schule.example/start"' in body(city.teacher)

    def test_names_are_shown_as_typed_and_never_as_markup(self, city, body):
        Room.objects.filter(pk=city.a204.pk).update(name="<b>A</b>", building="<i>")
        Contact.objects.create(school=city.brecht, name="<script>x</script>", phone='1"2')
        page = body(city.contact)
        assert "<b>A" not in page and "<script>x" not in page and "&lt;b&gt;A" in page

    @pytest.mark.parametrize("number", ["999999", "abc", "1000010000", "%00", "100001%27"])
    def test_numbers_nobody_has_are_not_found(self, city, client, number):
        client.force_login(city.helpdesk)
        assert client.get(f"/schools/{number}/").status_code == 404

    def test_the_attribution_is_there(self, city, body):
        assert "dl-de/by-2-0" in body(city.teacher)


class TestReports:
    def test_each_reads_the_open_reports_of_their_scope(self, city, body):
        own = city.report(description="Eigene Meldung")
        city.report(by=city.colleague, description="Meldung der Kollegin")
        hidden = city.report(by=city.colleague, description="Vertrauliche Meldung", confidential=True)
        done = city.report(description="Erledigte Meldung")
        Ticket.objects.filter(pk=done.pk).update(status="resolved")

        def seen(person):
            page = body(person)
            words = ("Eigene", "Kollegin", "Vertrauliche", "Erledigte")
            return {word for word in words if f"{word} Meldung" in page or f"Meldung der {word}" in page}

        assert own.number and hidden.number
        assert seen(city.teacher) == {"Eigene"}
        assert seen(city.contact) == seen(city.head) == seen(city.helpdesk) == {"Eigene", "Kollegin"}
        assert seen(city.manager) == {"Eigene", "Kollegin", "Vertrauliche"}
        assert seen(city.coordinator) == seen(city.specialist) == seen(city.city_reader) == set()

    def test_the_most_urgent_ten_are_shown_and_the_way_to_the_rest(self, city, body):
        for minute in range(12):
            city.report(at=MONDAY - timedelta(minutes=minute), description=f"Störung {minute:02}")
        page = body(city.contact)
        assert page.count("Störung ") == 10
        assert "Störung 11" in page and "Störung 00" not in page
        assert "/tickets/?school=100001&amp;status=open" in page

    @pytest.mark.parametrize(
        "who, reads",
        [
            ("contact", "all"),
            ("manager", "all"),
            ("helpdesk", "all"),
            ("specialist", "some"),
            ("coordinator", "some"),
            ("teacher", "own"),
            ("city_reader", ""),
            ("administrator", ""),
        ],
    )
    def test_the_heading_says_whose_reports_these_are(self, city, who, reads):
        assert reads_reports(city.viewer(getattr(city, who)), city.brecht) == reads

    @pytest.mark.parametrize("who", ["contact", "teacher", "manager", "helpdesk", "specialist"])
    def test_the_page_takes_the_same_statements_with_few_and_with_many_rows(
        self, city, client, who, django_assert_max_num_queries
    ):
        for number in range(12):
            city.report(description=f"Störung {number}")
        Room.objects.bulk_create(Room(school=city.brecht, name=f"R {number}") for number in range(300))
        Contact.objects.bulk_create(Contact(school=city.brecht, name=f"K {number}") for number in range(20))
        client.force_login(getattr(city, who))
        client.get(PAGE)  # the first visit writes into the session
        with django_assert_max_num_queries(10):
            assert client.get(PAGE).status_code == 200


class TestPortrait:
    def test_it_takes_one_statement(self, city, django_assert_num_queries):
        Site.objects.create(school=city.brecht, name="Hauptstandort", is_main=True)
        viewer = city.viewer(city.contact)
        with django_assert_num_queries(1):
            portrait = Portrait(viewer, "100001")
            shown = (portrait.sites, portrait.contacts, portrait.rooms, portrait.buildings, portrait.profile)
            assert all(shown) and portrait.may_keep and portrait.manager and portrait.school.campus.name

    def test_rooms_lie_in_their_buildings_in_german_order(self, city):
        for name, building in [("Z 1", "Neubau"), ("Ä 1", "neubau"), ("B 1", "Altbau"), ("Aula", "")]:
            Room.objects.create(school=city.widey, name=name, building=building)
        buildings = by_building(Room.objects.filter(school=city.widey).alphabetical())
        assert [(b.name, [room.name for room in b.rooms]) for b in buildings] == [
            ("Altbau", ["B 1"]),
            ("neubau", ["Ä 1", "Z 1"]),
            ("", ["Aula"]),
        ]

    def test_a_school_without_a_profile_shows_an_empty_one(self, city):
        TechnicalProfile.objects.all().delete()
        assert Portrait(city.viewer(city.contact), "100001").profile.access_notes == ""


class TestDirectory:
    LIST = "/schools/"

    def test_one_sees_the_schools_of_ones_scope(self, city, body):
        page = body(city.manager, self.LIST)
        assert "Bert-Brecht" in page and "Widey" in page and "Kant" not in page
        assert "Mona Mobil" in page

    def test_without_a_school_it_says_what_is_next(self, city, body):
        page = body(city.stranger, self.LIST)
        assert "Brecht" not in page and 'role="search"' not in page

    def test_it_is_in_german_order(self, city, body):
        for number, name in (("100010", "Österfeld-Schule"), ("100011", "Oststadt-Schule"), ("100012", "Zeche")):
            School.objects.create(number=number, name=name, form=School.Form.PRIMARY)
        page = body(city.helpdesk, self.LIST)
        places = [page.index(name) for name in ("Immanuel", "Österfeld", "Oststadt", "Widey", "Zeche")]
        assert places == sorted(places)

    @pytest.mark.parametrize(
        "words, found",
        [
            ("brecht", True),
            ("BRECHT gymn", True),
            ("100001", True),
            ("Dorfstr", True),
            ("kant", False),
            ("%", False),
            ("brecht xyz", False),
        ],
    )
    def test_it_is_searched(self, city, body, words, found):
        School.objects.filter(pk=city.brecht.pk).update(street="Dorfstraße 1")
        assert ("Bert-Brecht" in body(city.helpdesk, f"{self.LIST}?q={words.replace('%', '%25')}")) == found

    def test_umlauts_need_not_be_typed(self, city, body):
        School.objects.create(number="100010", name="Große Höhe", form=School.Form.PRIMARY)
        for words in ("Gros Hohe", "grosse", "Höhe"):
            assert "Große Höhe" in body(city.helpdesk, f"{self.LIST}?q={words}"), words

    def test_it_is_narrowed_to_a_campus(self, city, body):
        page = body(city.helpdesk, f"{self.LIST}?campus=asseln")
        assert "Immanuel-Kant" in page and "Bert-Brecht" not in page

    @pytest.mark.parametrize(
        "query", ["campus=nowhere", "q=" + "x" * 500, "page=999", "page=x", "q=%00", "campus=%00"]
    )
    def test_nonsense_in_the_address_does_no_harm(self, city, client, query):
        client.force_login(city.helpdesk)
        assert client.get(f"{self.LIST}?{query}").status_code == 200

    def test_a_page_stays_small_and_takes_few_statements(self, city, client, django_assert_max_num_queries):
        School.objects.bulk_create(
            School(
                number=f"{200000 + number}",
                name=f"Schule mit einem eher langen Namen {number}",
                form=School.Form.ADULT,
                district="Innenstadt-Nord",
                campus=city.asseln,
                opened_on=date(2000, 8, 1),
            )
            for number in range(300)
        )
        client.force_login(city.helpdesk)
        client.get(self.LIST)  # the first visit writes into the session
        with django_assert_max_num_queries(10):
            answer = client.get(self.LIST)
        assert len(answer.content) < 60_000
