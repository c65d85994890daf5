"""Campuses, their managers and absences under /settings/."""

from datetime import date

import pytest

from accounts.models import AccountEvent
from campuses.models import Absence, Campus, CampusAssignment
from tests.settings_pages import complaints, filled

ASSIGN = "/settings/campuses/campusassignment/"
ABSENT = "/settings/campuses/absence/"
CAMPUS = "/settings/campuses/campus/"


@pytest.fixture
def ada(city, client):
    client.force_login(city.administrator)
    return client


def assignment(city, **changes):
    facts = {"campus": city.kirchlinde.pk, "person": city.stranger.pk, "starts_on": "2027-01-01", "ends_on": ""}
    return {**facts, **changes}


def test_an_overlapping_assignment_is_refused_with_a_sentence(city, ada):
    answer = ada.post(f"{ASSIGN}add/", assignment(city))
    assert answer.status_code == 200
    assert CampusAssignment.objects.filter(campus=city.kirchlinde).count() == 1
    assert "Campus" in complaints(answer) or "campus" in complaints(answer)


def test_an_assignment_that_ends_before_it_begins_is_refused(city, ada):
    answer = ada.post(f"{ASSIGN}add/", assignment(city, starts_on="2027-02-01", ends_on="2027-01-01"))
    assert answer.status_code == 200 and complaints(answer)


@pytest.mark.parametrize("changes", [{"starts_on": ""}, {"starts_on": "never"}, {"person": ""}, {"person": "0"}])
def test_a_gap_in_the_form_is_told_and_nothing_breaks(city, ada, changes):
    answer = ada.post(f"{ASSIGN}add/", assignment(city, **changes))
    assert answer.status_code == 200 and complaints(answer)


def test_one_manager_follows_the_other_and_both_changes_are_on_record(city, ada):
    old = CampusAssignment.objects.get(campus=city.kirchlinde)
    page = ada.get(f"{ASSIGN}{old.pk}/change/")
    assert ada.post(f"{ASSIGN}{old.pk}/change/", filled(page, ends_on="2026-12-31")).status_code == 302
    assert ada.post(f"{ASSIGN}add/", assignment(city)).status_code == 302
    assert CampusAssignment.objects.get(person=city.stranger).starts_on == date(2027, 1, 1)
    verbs = AccountEvent.objects.filter(by=city.administrator).values_list("verb", "person", "data__role")
    assert set(verbs) == {
        ("role_withdrawn", city.manager.pk, "campus_manager"),
        ("role_granted", city.stranger.pk, "campus_manager"),
    }


def test_a_last_day_cannot_be_moved_into_the_next_assignment(city, ada):
    old = CampusAssignment.objects.get(campus=city.kirchlinde)
    CampusAssignment.objects.filter(pk=old.pk).update(ends_on=date(2026, 12, 31))
    CampusAssignment.objects.create(campus=city.kirchlinde, person=city.stranger, starts_on=date(2027, 1, 1))
    page = ada.get(f"{ASSIGN}{old.pk}/change/")
    answer = ada.post(f"{ASSIGN}{old.pk}/change/", filled(page, ends_on="2027-01-01"))
    assert answer.status_code == 200 and complaints(answer)
    old.refresh_from_db()
    assert old.ends_on == date(2026, 12, 31)


def test_saving_without_a_change_records_nothing(city, ada):
    old = CampusAssignment.objects.get(campus=city.kirchlinde)
    page = ada.get(f"{ASSIGN}{old.pk}/change/")
    assert ada.post(f"{ASSIGN}{old.pk}/change/", filled(page)).status_code == 302
    assert not AccountEvent.objects.filter(by=city.administrator).exists()


def test_a_person_whose_account_is_closed_is_not_assigned(city, ada):
    city.stranger.is_active = False
    city.stranger.save()
    answer = ada.post(f"{ASSIGN}add/", assignment(city, campus=Campus.objects.create(slug="neu", name="Neu").pk))
    assert answer.status_code == 302  # back to the form, with the sentence as a message
    assert not CampusAssignment.objects.filter(person=city.stranger).exists()


def test_an_absence_cannot_be_entered_twice(city, ada):
    facts = {"person": city.manager.pk, "starts_on": "2026-12-01", "ends_on": "2026-12-05"}
    assert ada.post(f"{ABSENT}add/", facts).status_code == 302
    again = ada.post(f"{ABSENT}add/", {**facts, "starts_on": "2026-12-05", "ends_on": ""})
    assert again.status_code == 200 and complaints(again)
    assert Absence.objects.count() == 1


def test_a_campus_keeps_its_short_name_and_is_never_deleted(city, ada):
    page = ada.get(f"{CAMPUS}{city.asseln.pk}/change/")
    ada.post(f"{CAMPUS}{city.asseln.pk}/change/", filled(page, name="  Asseln\x00 Ost ", slug="anders"))
    city.asseln.refresh_from_db()
    assert (city.asseln.name, city.asseln.slug) == ("Asseln Ost", "asseln")
    assert ada.post(f"{CAMPUS}{city.asseln.pk}/delete/", {"post": "yes"}).status_code == 403
