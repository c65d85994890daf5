"""What the frame of every page says: the own schools in German order, and who is on duty for each."""

from schools.models import School, SchoolMembership
from tests.city import MONDAY, SINCE


def test_own_schools_stand_once_in_german_order_with_whoever_is_on_duty(city, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    schools = [
        School.objects.create(number=number, name=name, form=School.Form.PRIMARY, campus=campus)
        for number, name, campus in (
            ("100010", "Zeche", None),
            ("100011", "Österfeld", city.asseln),
            ("100012", "Oststadt", city.kirchlinde),
        )
    ]
    for school in schools:
        for role in (SchoolMembership.Role.TEACHER, SchoolMembership.Role.HEAD):
            SchoolMembership.objects.create(person=city.stranger, school=school, role=role, starts_on=SINCE)
    viewer = city.viewer(city.stranger)
    assert [(school.name, school.number) for school in viewer.own_schools] == [
        ("Österfeld", "100011"),
        ("Oststadt", "100012"),
        ("Zeche", "100010"),
    ]
    assert {school.pk for school in viewer.own_schools} == viewer.member_schools
    client.force_login(city.stranger)
    page = client.get("/tickets/").content.decode()
    assert "Österfeld: <strong>Arne Außendienst" in page
    assert "Oststadt: <strong>Mona Mobil" in page
    assert "Zeche: <strong>Koordination" in page


def test_who_belongs_to_no_school_is_offered_none(city, client):
    assert city.viewer(city.helpdesk).own_schools == city.viewer(city.manager).own_schools == ()
    client.force_login(city.helpdesk)
    assert "/schools/100001/" not in client.get("/tickets/").content.decode()
