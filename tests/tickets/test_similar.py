"""What is open already, told while somebody types: found by words where one reads them, else by category and room."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.city import MONDAY
from tickets.commands import finish, join
from tickets.models import Category, Ticket
from tickets.similar import Asked, Similar

ADDRESS = "/tickets/similar/"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY + timedelta(hours=1))


@pytest.fixture
def find(city):
    """Return the similar reports of somebody: the numbers of those seen in full, and of those one may join."""

    def ask(person, school=None, **sent):
        found = Similar(
            city.viewer(person), school or city.brecht, Asked.filled_in({k: str(v) for k, v in sent.items()})
        )
        return [row.number for row in found.seen], [fault.number for fault in found.faults]

    return ask


def test_the_same_fault_in_the_same_room_is_found_by_everybody_who_may_know(city, find):
    fault = city.report()
    asked = {"category": "display", "room": city.a204.pk}
    assert find(city.colleague, **asked) == ([], [fault.number])
    assert find(city.manager, **asked) == ([fault.number], [])
    assert find(city.contact, **asked) == ([fault.number], [])
    assert find(city.teacher, **asked) == ([fault.number], [])


def test_another_room_s_board_is_another_fault_but_the_network_is_one(city, find):
    city.report(room=city.b112)
    network = city.report(category=city.network, room=city.b112)
    assert find(city.colleague, category="display", room=city.a204.pk) == ([], [])
    assert find(city.manager, category="display", room=city.a204.pk) == ([], [])
    assert find(city.colleague, category="network", room=city.a204.pk) == ([], [network.number])
    assert find(city.manager, category="network", room=city.a204.pk) == ([network.number], [])


def test_words_find_what_one_reads_and_never_what_one_may_not(city, find):
    fault = city.report(category=city.display, description="Der Projektor summt entsetzlich")
    words = {"description": "es summt ein Projektor"}
    assert find(city.manager, **words) == ([fault.number], [])
    assert find(city.teacher, **words) == ([fault.number], [])
    assert find(city.colleague, **words) == ([], [])
    # Whether the words fit changes nothing about a fault one only knows of.
    known = {"category": "printer", "room": city.a204.pk}
    assert find(city.colleague, **known) == find(city.colleague, **known, **words) == ([], [])


def test_what_is_confidential_over_or_elsewhere_is_not_found(city, find):
    secret = city.report(confidential=True, by=city.contact)
    over = city.report()
    finish.resolve(ticket=over, by=city.manager, at=MONDAY, solution="Kabel", cause="")
    city.report(by=city.kant_teacher, school=city.kant, room=city.kant_room)
    asked = {"category": "display", "room": city.a204.pk, "description": "Bild, Ton, Tafel"}
    for person in (city.colleague, city.teacher, city.head, city.helpdesk):
        assert find(person, **asked) == ([], []), person
    assert find(city.contact, **asked) == ([secret.number], [])  # their own


def test_what_was_joined_or_is_not_there_is_not_told_again(city, find):
    fault = city.report(category=city.network)
    other = city.report(category=city.network, by=city.contact)
    join.join(ticket=fault, by=city.colleague, at=MONDAY)
    join.leave(ticket=other, by=city.colleague, at=MONDAY)
    assert find(city.colleague, category="network") == ([], [])


def test_a_private_matter_is_found_by_those_who_see_it_only(city, find):
    tablet = city.report(category=Category.objects.get(slug="tablet"))
    assert find(city.colleague, category="tablet", room=city.a204.pk) == ([], [])
    assert find(city.manager, category="tablet", room=city.a204.pk) == ([tablet.number], [])


def test_odd_entries_are_no_entries(city, find):
    city.report()
    for odd in (
        {"category": "\x00"},
        {"room": "9" * 40},
        {"room": "other", "other_room": "x"},
        {"description": "' | !("},
    ):
        assert find(city.manager, **odd) == ([], [])
    assert find(city.manager) == ([], [])


def test_two_statements_are_enough(city, django_assert_max_num_queries):
    for _ in range(5):
        city.report()
        city.report(category=city.network)
    asked = Asked.filled_in({"category": "display", "room": str(city.a204.pk), "description": "Projektor"})
    for person in (city.colleague, city.contact, city.helpdesk):
        viewer = city.viewer(person)
        with django_assert_max_num_queries(2):
            assert Similar(viewer, city.brecht, asked).count == 3


class TestAsking:
    @pytest.fixture
    def ask(self, city):
        def post(person=None, **sent):
            client = Client()
            if person:
                client.force_login(person)
            return client.post(ADDRESS, {"school": city.brecht.number, **sent})

        return post

    def test_the_answer_is_a_fragment_and_nothing_new_is_no_answer(self, city, ask):
        fault = city.report(title="Rotkehlchen")
        answer = ask(city.colleague, category="display")
        html = answer.content.decode()
        assert answer.status_code == 200 and "<html" not in html
        assert fault.fault_title in html and "Rotkehlchen" not in html and "no-store" in answer["Cache-Control"]
        shown = html.split('name="shown" value="')[1].split('"')[0]
        assert ask(city.colleague, category="display", shown=shown).status_code == 204
        gone = ask(city.colleague, category="printer", shown=shown)
        assert gone.status_code == 200 and fault.number not in gone.content.decode()

    def test_it_never_leads_away_and_never_complains(self, city, ask):
        assert ask().status_code == 204
        assert ask(city.colleague, school="100003", category="display").status_code == 204
        assert ask(city.stranger, category="display").status_code == 204
        assert ask(city.colleague, category="\x00", room="x" * 5000, description="y" * 100_000).status_code == 204

    def test_what_is_typed_is_written_nowhere(self, city, ask, caplog):
        with caplog.at_level("DEBUG"):
            ask(city.manager, category="display", description="Rotkehlchen auf dem Beamer")
        assert "Rotkehlchen" not in "".join(
            record.getMessage() for record in caplog.records if record.name != "django.db.backends"
        )
        assert not Ticket.objects.exists()
