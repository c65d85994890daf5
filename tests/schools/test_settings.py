"""Schools, rooms, roles at schools and covers under /settings/."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.admin_site import site
from accounts.models import AccountEvent
from campuses.models import Absence
from devices.models import Device
from schools import covers
from schools.models import Contact, Cover, MovableDay, Room, School, SchoolMembership, Site
from schools.withdrawal import withdraw
from tests.city import MONDAY
from tests.settings_pages import complaints, filled
from tickets.models import Ticket

SCHOOL = "/settings/schools/school/"
ROOM = "/settings/schools/room/"
ROLE = "/settings/schools/schoolmembership/"
COVER = "/settings/schools/cover/"
DAY = date(2026, 3, 2)


@pytest.fixture
def ada(city, client):
    client.force_login(city.administrator)
    return client


def test_every_page_opens_without_inline_script_or_style(city, ada):
    absence = Absence.objects.create(person=city.manager, starts_on=DAY)
    Cover.objects.create(absence=absence, school=city.brecht, substitute=city.stranger, starts_on=DAY)
    Device.objects.create(code="D 1", kind=Device.Kind.TABLET, school=city.brecht)
    Site.objects.create(school=city.brecht, name="Hauptstandort")
    seen = 0
    for model in site._registry:
        if model._meta.app_label not in ("schools", "campuses", "devices", "calendars", "tickets"):
            continue
        base = f"/settings/{model._meta.app_label}/{model._meta.model_name}/"
        row = model._base_manager.order_by("pk").first()
        pages = [base, f"{base}?q=a", f"{base}add/"] + ([f"{base}{row.pk}/change/"] if row else [])
        for page in pages:
            answer = ada.get(page, follow=True)
            assert answer.status_code == 200, page
            text = answer.content.decode()
            assert " style=" not in text and "<style" not in text and " onclick=" not in text, page
            seen += 1
    assert seen > 30


def test_reports_are_not_among_the_settings():
    assert Ticket not in site._registry


class TestSchools:
    def test_a_school_is_added_and_keeps_its_number(self, city, ada):
        page = ada.get(f"{SCHOOL}add/")
        posted = filled(page, number="123456", name="Neue Schule", form="grundschule")
        assert ada.post(f"{SCHOOL}add/", posted).status_code == 302
        school = School.objects.get(number="123456")
        page = ada.get(f"{SCHOOL}{school.pk}/change/")
        ada.post(f"{SCHOOL}{school.pk}/change/", filled(page, number="654321", name="Andere Schule"))
        school.refresh_from_db()
        assert (school.number, school.name) == ("123456", "Andere Schule")

    @pytest.mark.parametrize("changes", [{"number": "12"}, {"number": "100001"}, {"website": "javascript:x"}])
    def test_nonsense_is_refused(self, city, ada, changes):
        posted = filled(ada.get(f"{SCHOOL}add/"), number="123456", name="Neu", form="grundschule")
        answer = ada.post(f"{SCHOOL}add/", {**posted, **changes})
        assert answer.status_code == 200 and complaints(answer)

    def test_the_main_site_moves_from_one_row_to_another(self, city, ada):
        first = Site.objects.create(school=city.brecht, name="A", is_main=True)
        second = Site.objects.create(school=city.brecht, name="B")
        path = f"{SCHOOL}{city.brecht.pk}/change/"
        posted = filled(ada.get(path))
        both = {**posted, "sites-1-is_main": "on"}
        assert complaints(ada.post(path, both))
        del both["sites-0-is_main"]
        assert ada.post(path, both).status_code == 302
        first.refresh_from_db(), second.refresh_from_db()
        assert (first.is_main, second.is_main) == (False, True)

    def test_contacts_and_movable_days_stand_on_the_page(self, city, ada):
        path = f"{SCHOOL}{city.brecht.pk}/change/"
        rows = {"contacts-TOTAL_FORMS": 2, "contacts-1-name": "Herr Sommer", "contacts-1-order": 5}
        rows |= {"movable_days-TOTAL_FORMS": 1, "movable_days-0-day": "2027-02-08"}
        posted = filled(ada.get(path), **rows)
        assert ada.post(path, posted).status_code == 302
        assert Contact.objects.filter(school=city.brecht, name="Herr Sommer").exists()
        assert MovableDay.objects.get().day == date(2027, 2, 8)

    def test_schools_and_rooms_are_never_deleted(self, city, ada):
        assert ada.post(f"{SCHOOL}{city.brecht.pk}/delete/", {"post": "yes"}).status_code == 403
        assert ada.post(f"{ROOM}{city.a204.pk}/delete/", {"post": "yes"}).status_code == 403


class TestRooms:
    def test_a_second_room_of_that_name_is_refused(self, city, ada):
        answer = ada.post(f"{ROOM}add/", {"school": city.brecht.pk, "name": "a204", "active": "on"})
        assert "A 204" in complaints(answer)
        assert ada.post(f"{ROOM}add/", {"school": city.widey.pk, "name": "a204", "active": "on"}).status_code == 302

    def test_a_room_stays_at_its_school_and_its_site_too(self, city, ada):
        foreign = Site.objects.create(school=city.kant, name="Fremd")
        path = f"{ROOM}{city.a204.pk}/change/"
        answer = ada.post(path, filled(ada.get(path), site=foreign.pk))
        assert complaints(answer)
        assert ada.post(path, filled(ada.get(path), school=city.kant.pk, name="A 205")).status_code == 302
        city.a204.refresh_from_db()
        assert (city.a204.school, city.a204.name) == (city.brecht, "A 205")

    def test_many_rooms_go_out_of_use_at_once(self, city, ada):
        ada.post(ROOM, {"action": "retire", "_selected_action": [city.a204.pk, city.b112.pk]})
        assert not Room.objects.in_use().filter(school=city.brecht).exists()


class TestRoles:
    def facts(self, city, **changes):
        facts = {"person": city.stranger.pk, "school": city.brecht.pk, "role": "contact"}
        return {**facts, "starts_on": "2026-03-02", "ends_on": "", **changes}

    def test_a_role_is_granted_ended_and_withdrawn_on_record(self, city, ada):
        assert ada.post(f"{ROLE}add/", self.facts(city)).status_code == 302
        row = SchoolMembership.objects.get(person=city.stranger)
        path = f"{ROLE}{row.pk}/change/"
        assert ada.post(path, filled(ada.get(path), ends_on="2030-01-31", role="head")).status_code == 302
        row.refresh_from_db()
        assert (row.role, row.ends_on) == ("contact", date(2030, 1, 31))
        ada.post(ROLE, {"action": "end_now", "_selected_action": [row.pk]})
        row.refresh_from_db()
        assert row.ends_on < date(2030, 1, 31)
        events = AccountEvent.objects.filter(person=city.stranger, by=city.administrator).order_by("pk")
        assert [event.verb for event in events] == ["role_granted", "role_withdrawn", "role_withdrawn"]
        assert events[0].data["school"] == city.brecht.pk

    def test_the_same_role_twice_is_refused_with_a_sentence(self, city, ada):
        answer = ada.post(f"{ROLE}add/", self.facts(city, person=city.contact.pk))
        assert answer.status_code == 200 and complaints(answer)

    def test_a_role_that_began_today_leaves_only_its_history(self, city):
        row = SchoolMembership.objects.create(person=city.stranger, school=city.kant, role="teacher", starts_on=DAY)
        withdraw(row=row, by=city.administrator, at=MONDAY)
        assert not SchoolMembership.objects.filter(pk=row.pk).exists()
        assert AccountEvent.objects.get(person=city.stranger).verb == "role_withdrawn"

    def test_what_has_ended_cannot_be_withdrawn(self, city):
        row = SchoolMembership.objects.get(person=city.contact)
        withdraw(row=row, by=city.administrator, at=MONDAY)
        with pytest.raises(ValidationError):
            withdraw(row=row, by=city.administrator, at=MONDAY)

    @pytest.mark.parametrize("who", ["contact", "head", "manager", "helpdesk", "coordinator"])
    def test_only_an_administrator_withdraws_roles_at_schools(self, city, who):
        row = SchoolMembership.objects.get(person=city.teacher)
        with pytest.raises(PermissionDenied):
            withdraw(row=row, by=getattr(city, who), at=MONDAY)


class TestCovers:
    @pytest.fixture
    def absence(self, city):
        return Absence.objects.create(person=city.manager, starts_on=DAY, ends_on=DAY + timedelta(days=4))

    def facts(self, city, absence, **changes):
        facts = {"absence": absence.pk, "substitute": city.asseln_manager.pk, "school": city.brecht.pk}
        return {**facts, "starts_on": "2026-03-02", "ends_on": "2026-03-06", **changes}

    def test_one_substitute_for_all_schools_is_one_form(self, city, ada, absence):
        assert ada.post(f"{COVER}add/", self.facts(city, absence, school="")).status_code == 302
        assert set(Cover.objects.values_list("school", flat=True)) == {city.brecht.pk, city.widey.pk}
        assert AccountEvent.objects.filter(person=city.asseln_manager, verb="role_granted").count() == 2

    def test_two_substitutes_at_one_school_are_refused(self, city, ada, absence):
        assert ada.post(f"{COVER}add/", self.facts(city, absence)).status_code == 302
        again = ada.post(f"{COVER}add/", self.facts(city, absence, substitute=city.stranger.pk))
        assert again.status_code == 200 and complaints(again)
        # For all schools at once: all or none.
        ada.post(f"{COVER}add/", self.facts(city, absence, substitute=city.stranger.pk, school=""))
        assert Cover.objects.count() == 1

    def test_nobody_stands_in_for_themselves(self, city, ada, absence):
        answer = ada.post(f"{COVER}add/", self.facts(city, absence, substitute=city.manager.pk))
        assert answer.status_code == 200 and complaints(answer)

    def test_a_cover_ends_earlier_or_at_once_on_record(self, city, ada, absence):
        ada.post(f"{COVER}add/", self.facts(city, absence))
        row = Cover.objects.get()
        path = f"{COVER}{row.pk}/change/"
        assert ada.post(path, filled(ada.get(path), ends_on="2026-03-04")).status_code == 302
        withdraw(row=row, by=city.coordinator, at=MONDAY)
        assert not Cover.objects.exists()
        verbs = AccountEvent.objects.filter(person=city.asseln_manager).order_by("pk").values_list("verb", flat=True)
        assert list(verbs) == ["role_granted", "role_withdrawn", "role_withdrawn"]

    def test_a_manager_without_schools_needs_no_cover_for_all(self, city):
        absence = Absence.objects.create(person=city.stranger, starts_on=DAY)
        with pytest.raises(ValidationError):
            covers.cover_all_schools(
                absence=absence, substitute=city.manager, starts_on=DAY, by=city.coordinator, at=MONDAY
            )

    @pytest.mark.parametrize("who", ["manager", "asseln_manager", "helpdesk", "head"])
    def test_only_coordination_and_administration_decide(self, city, absence, who):
        with pytest.raises(PermissionDenied):
            covers.cover_all_schools(
                absence=absence,
                substitute=city.asseln_manager,
                starts_on=DAY,
                by=getattr(city, who),
                at=MONDAY,
            )
