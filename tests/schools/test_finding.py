"""Who calls, and from where: found by a few letters."""

import pytest

from schools.finding import Finder
from schools.models import Contact, School, SchoolMembership
from tests.city import SINCE


@pytest.fixture
def find(city):
    """Ask as the helpdesk: find("taf brecht")."""
    School.objects.filter(pk=city.brecht.pk).update(district="Huckarde", street="Sumbecks Holz 5")
    Contact.objects.create(school=city.kant, name="Hanno Heizung", function="Hausmeisterei", phone="(0231) 000-77")
    city.helpdesk.phone = city.teacher.phone = "0231 555-1234"
    city.teacher.save()

    def ask(typed, person=city.helpdesk, **narrowed):
        return Finder(city.viewer(person), typed, **narrowed)

    return ask


def names(found):
    return [school.name for school in found.schools], [caller.name for caller in found.people]


@pytest.mark.parametrize(
    "typed",
    ["brecht", "Bert-B", "bbg", "100001", "gym huck", "sumbecks", "BRECHT gymnasium", "echt", "brehct"],
)
def test_a_school_is_found_by_what_people_call_it(find, typed):
    assert find(typed).schools[0].name == "Bert-Brecht-Gymnasium"


def test_the_number_begins_and_the_best_comes_first(find):
    assert len(find("1000").schools) == 3
    assert names(find("gym"))[0] == ["Bert-Brecht-Gymnasium", "Immanuel-Kant-Gymnasium"]
    assert find("wgs").schools[0].name == "Widey-Grundschule"


@pytest.mark.parametrize("typed", ["taf", "Tafel", "tilda taf", "tafel til", "tafel brecht", "til bbg", "taffel"])
def test_a_person_is_found_with_their_school(find, city, typed):
    [caller] = find(typed).people
    assert (caller.person, caller.school) == (city.teacher, city.brecht)


def test_umlauts_may_be_typed_in_any_way(find, city):
    person = city.person("Jörg", "Müßig-Öhler")
    SchoolMembership.objects.create(person=person, school=city.kant, role="teacher", starts_on=SINCE)
    for typed in ("müßig", "mussig", "muessig", "MÜSSIG", "öhler", "oehler kant", "joerg", "musig"):
        assert [caller.person for caller in find(typed).people] == [person], typed


def test_a_telephone_number_leads_to_whom_it_belongs(find, city):
    assert [caller.person for caller in find("+49 231 5551234").people] == [city.teacher]
    [caller] = find("023100077").contacts
    assert (caller.name, caller.school) == ("Hanno Heizung", city.kant)


def test_offices_and_caretakers_are_found_too(find):
    assert [caller.name for caller in find("haus kant").contacts] == ["Hanno Heizung"]
    assert [caller.name for caller in find("sekretariat").contacts] == ["Sekretariat Beispiel"]
    assert find("haus brecht").contacts == []
    assert find("kant").contacts == []


def test_somebody_with_two_roles_at_a_school_is_named_once_and_at_two_schools_twice(find, city):
    for school, role in ((city.brecht, "head"), (city.kant, "teacher")):
        SchoolMembership.objects.create(person=city.teacher, school=school, role=role, starts_on=SINCE)
    assert [caller.school for caller in find("tafel").people] == [city.brecht, city.kant]


def test_at_a_known_school_only_its_own_people_are_looked_for(find, city):
    found = find("a", school=city.kant)
    assert names(found) == ([], ["Anton Asseln"])
    assert find("tafel", school=city.kant).people == []


@pytest.mark.parametrize("typed", ["", "  ", "-", "\x00", "%", "_", "'", "\\", "x" * 5000, "١٢٣٤٥", "a b c d e f g h"])
def test_anything_may_be_typed(find, typed):
    found = find(typed)
    assert names(found) == ([], []) and found.contacts == []


def test_who_is_gone_and_what_is_closed_is_not_found(find, city):
    city.teacher.is_active = False
    city.teacher.save()
    assert find("tafel").people == []
    SchoolMembership.objects.filter(person=city.colleague).update(ends_on=SINCE)
    assert find("kreide").people == []
    School.objects.filter(pk=city.kant.pk).update(closes_on=SINCE)
    assert find("kant").schools == [] and find("asseln").people == []


def test_nobody_finds_more_than_they_may_name(find, city):
    assert find("tafel", city.kant_teacher).people == []
    assert find("brecht", city.kant_teacher).schools == []
    assert find("sekretariat", city.kant_teacher).contacts == []
    assert find("kreide", city.stranger).people == []


@pytest.mark.parametrize("typed", ["brecht", "tafel brecht", "taffel", "haus kant", "0231 5551", "xyzw"])
def test_a_search_takes_few_statements(find, django_assert_max_num_queries, typed):
    found = find(typed)
    with django_assert_max_num_queries(5):
        assert len([found.schools_first, found.schools, found.people, found.contacts]) == 4
