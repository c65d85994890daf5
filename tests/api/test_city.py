"""Schools, rooms, categories and people, as far as whoever asks may know them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campuses.models import Campus
from foundation.berlin import berlin_day
from schools.models import Room, School
from tests.city import MONDAY
from tickets.commands.checklists import publish_checklist
from tickets.models import Category


def rows(someone, address, **filters):
    return someone.get(address, filters).json()["results"]


def test_a_school_is_told_by_number_name_form_support_and_campus(city, program):
    teacher = program(city.teacher)
    (school,) = rows(teacher, "schools/")
    assert school == {
        "number": "100001",
        "name": "Bert-Brecht-Gymnasium",
        "form": "gymnasium",
        "support_type": "full",
        "campus": "kirchlinde",
    }
    detail = teacher.get("schools/100001/").json()
    assert detail["attribution"].startswith("Schuldaten")
    assert {name: detail[name] for name in school} == school


@pytest.mark.parametrize("number", ["100003", "999999"])
def test_a_school_of_others_does_not_exist(city, program, number):
    assert program(city.teacher).get(f"schools/{number}/").status_code == 404


def test_who_works_for_the_whole_city_sees_all_schools_in_german_order(city, program):
    names = [school["name"] for school in rows(program(city.helpdesk), "schools/")]
    assert names == ["Bert-Brecht-Gymnasium", "Immanuel-Kant-Gymnasium", "Widey-Grundschule"]
    assert [s["number"] for s in rows(program(city.helpdesk), "schools/", campus="asseln")] == ["100003"]
    assert [s["number"] for s in rows(program(city.helpdesk), "schools/", q="kant gymn")] == ["100003"]
    assert program(city.helpdesk).get("schools/", {"campus": "nirgends"}).status_code == 400


def test_pages_of_schools_reach_each_once(city, program):
    for number in range(60):
        School.objects.create(
            number=f"2{number:05}", name="Ärzteschule" if number % 2 else "Abendschule", form="other"
        )
    helpdesk, address, seen = program(city.helpdesk), "/api/v1/schools/", []
    while address:
        page = helpdesk.get(address).json()
        seen += [school["number"] for school in page["results"]]
        address = page["next"] and page["next"].partition("8000")[2]
    assert len(seen) == len(set(seen)) == 63
    assert seen == list(School.objects.alphabetical().values_list("number", flat=True))


def test_a_campus_is_told_with_who_looks_after_it_and_who_is_on_duty(city, program):
    teacher = program(city.teacher)
    assert rows(teacher, "campuses/") == [
        {
            "slug": "asseln",
            "name": "Asseln",
            "manager": "Arne Außendienst",
            "on_duty": ["Arne Außendienst"],
            "schools": 1,
        },
        {"slug": "kirchlinde", "name": "Kirchlinde", "manager": "Mona Mobil", "on_duty": ["Mona Mobil"], "schools": 2},
    ]


def test_a_campus_says_who_stands_in(city, program):
    today = berlin_day(timezone.now())
    city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht], on=today)
    city.away(city.asseln_manager, on=today + timedelta(days=1))
    Campus.objects.create(slug="leer", name="Leer")
    found = {campus["slug"]: campus for campus in rows(program(city.coordinator), "campuses/")}
    assert (found["kirchlinde"]["manager"], found["kirchlinde"]["on_duty"]) == ("Mona Mobil", ["Arne Außendienst"])
    assert (found["leer"]["manager"], found["leer"]["on_duty"], found["leer"]["schools"]) == (None, [], 0)


def test_rooms_are_those_in_use_of_the_schools_one_sees(city, program):
    Room.objects.create(school=city.brecht, name="Alt", active=False)
    manager = program(city.manager)
    assert [room["name"] for room in rows(manager, "rooms/", school="100001")] == ["A 204", "B 112"]
    assert rows(program(city.kant_teacher), "rooms/") == [
        {"id": city.kant_room.pk, "name": "K 1", "building": "", "school": "100003"}
    ]
    assert manager.get("rooms/", {"school": "100003"}).status_code == 400


def test_categories_are_told_with_team_and_tips(city, program):
    found = {category["slug"]: category for category in rows(program(city.stranger), "categories/")}
    assert len(found) == 13
    assert found["network"]["team"] == "network"
    assert found["other"]["team"] is None
    assert found["security"]["confidential_at_first"] is True
    assert found["network"]["tips"]


def test_a_teacher_may_name_nobody_but_themselves(city, program):
    assert [person["name"] for person in rows(program(city.teacher), "people/")] == ["Tilda Tafel"]
    assert rows(program(city.teacher), "people/", q="Kolja") == []


def test_an_it_contact_names_the_members_of_the_school(city, program):
    names = {person["name"] for person in rows(program(city.contact), "people/")}
    assert names == {"Tilda Tafel", "Kolja Kreide", "Ina Index", "Hella Haupt"}


def test_the_first_level_names_who_works_for_a_school_and_is_at_it(city, program):
    manager = program(city.manager)
    names = {person["name"] for person in rows(manager, "people/", school="100001")}
    assert names >= {"Tilda Tafel", "Mona Mobil", "Hedwig Hörer"}
    assert "Arne Außendienst" not in names
    (mona,) = rows(manager, "people/", q="mona")
    assert set(mona) == {"id", "name", "email"}
    assert mona["email"] == city.manager.email


def test_categories_are_told_with_the_version_of_their_checklist_in_use(city, program):
    asking = program(city.stranger)
    network = {category["slug"]: category for category in rows(asking, "categories/")}["network"]
    assert network["checklist"]["version"] == 1
    assert network["checklist"]["items"][1] == {
        "key": "other_device",
        "text": "Anderes Gerät im selben Raum geprüft: gleicher Fehler",
    }
    items = [{"key": "fuse", "text_de": "Sicherung an", "text_en": "The fuse is on"}]
    publish_checklist(category=city.network, items=items, by=city.administrator, at=MONDAY)
    Category.objects.create(slug="garden", name_de="Schulgarten", name_en="School garden")
    told = {
        category["slug"]: category["checklist"]
        for category in asking.get("categories/", Accept_Language="en").json()["results"]
    }
    assert told["network"] == {"version": 2, "items": [{"key": "fuse", "text": "The fuse is on"}]}
    assert told["garden"] is None


@pytest.mark.parametrize("address", ["campuses/", "schools/", "rooms/", "people/", "categories/"])
def test_lists_are_read_only_and_cheap(city, program, count_sql, address):
    helpdesk = program(city.helpdesk)
    assert helpdesk.post(address).status_code == 405
    assert helpdesk.get(address, {"name": "x"}).status_code == 400
    count, answer, sql = count_sql(lambda: helpdesk.get(address))
    assert answer.status_code == 200
    assert count <= 4, sql
