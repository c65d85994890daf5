"""The pages on which the coordination steers, as somebody who presses their buttons sees them."""

import re
from datetime import timedelta

import pytest

from accounts.models import AccountEvent
from campuses.models import Absence, CampusAssignment
from schools.coverage import manager_on_duty
from schools.models import Cover, School
from tests.city import DAY, MONDAY

ABSENCES = "/campuses/absences/"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


@pytest.fixture
def kori(city, client):
    client.force_login(city.coordinator)
    return client


def text(answer):
    words = re.sub(r"<(script|style|title).*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(words.split())


def enter(kori, city, **changes):
    facts = {"person": city.manager.pk, "starts_on": "2026-03-02", "ends_on": "2026-03-06"}
    return kori.post(f"{ABSENCES}new/", {**facts, **changes})


def cover(kori, city, absence, **changes):
    facts = {"substitute": city.asseln_manager.pk, "schools": [city.brecht.pk, city.widey.pk]}
    return kori.post(f"{ABSENCES}{absence.pk}/", {**facts, "starts_on": "2026-03-02", "ends_on": "", **changes})


class TestOverview:
    def test_it_names_who_is_on_duty_and_what_is_open(self, city, kori):
        city.report()
        city.report(by=city.teacher, confidential=True)
        page = text(kori.get("/campuses/"))
        assert "Mona Mobil" in page and "Arne Außendienst" in page
        assert "1 offene Meldung" in page or "1 open report" in page

    def test_schools_without_anybody_stand_on_top(self, city, kori):
        city.away(city.asseln_manager)
        page = kori.get("/campuses/").content.decode()
        assert page.index("Immanuel-Kant-Gymnasium") < page.index('id="campuses"')
        assert 'href="/queue/"' in page

    def test_more_than_seventeen_schools_are_told_per_person_over_all_campuses(self, city, kori):
        School.objects.bulk_create(
            School(number=f"3{n:05}", name=f"Schule {n}", form="other", campus=city.kirchlinde) for n in range(15)
        )
        assert "notice--warning" not in kori.get("/campuses/").content.decode()
        CampusAssignment.objects.filter(campus=city.asseln).update(person=city.manager)
        page = kori.get("/campuses/").content.decode()
        assert "notice--warning" in page and "18 " in text(kori.get("/campuses/"))

    def test_it_is_where_the_coordination_begins(self, city, kori):
        assert kori.get("/").url == "/campuses/"
        assert 'href="/campuses/"' in kori.get("/tickets/").content.decode()

    def test_the_administration_reads_without_counts_of_reports(self, city, client):
        city.report()
        client.force_login(city.administrator)
        page = client.get("/campuses/")
        assert page.status_code == 200 and page.context["counted"] is False
        assert client.get("/campuses/responsibility/").status_code == 403


class TestMap:
    @pytest.fixture
    def placed(self, city):
        for school, latitude, longitude, district in (
            (city.brecht, 51.55, 7.37, "Huckarde"),
            (city.widey, 51.54, 7.36, "Huckarde"),
            (city.kant, 51.53, 7.59, "Brackel"),
        ):
            School.objects.filter(pk=school.pk).update(latitude=latitude, longitude=longitude, district=district)

    def test_every_school_is_a_link_with_a_title(self, city, kori, placed):
        city.report()
        page = kori.get("/campuses/map/").content.decode()
        assert page.count("<title>") == 3 + 1
        assert page.count('href="/schools/100001/"') == 2  # on the map and in the list
        assert "Bert-Brecht-Gymnasium · 2 Kirchlinde · Mona Mobil" in page
        assert " style=" not in page

    def test_it_narrows_by_campus_and_district(self, city, kori, placed):
        assert "Widey" not in kori.get("/campuses/map/?campus=asseln").content.decode()
        page = kori.get("/campuses/map/?district=Huckarde").content.decode()
        assert "Widey" in page and "Kant" not in page
        assert kori.get("/campuses/map/?campus=nowhere&district=%00").status_code == 200

    def test_a_school_without_coordinates_stands_in_the_list(self, city, kori):
        assert "Bert-Brecht-Gymnasium" in kori.get("/campuses/map/").content.decode()

    def test_what_nobody_is_on_duty_for_is_marked(self, city, kori, placed):
        city.away(city.asseln_manager)
        assert kori.get("/campuses/map/").content.decode().count("atlas__ring") == 1


class TestCampus:
    def test_it_shows_managers_over_time_and_schools(self, city, kori):
        page = text(kori.get("/campuses/kirchlinde/"))
        assert "Mona Mobil" in page and "Widey-Grundschule" in page and "Kant" not in page
        assert kori.get("/campuses/nirgends/").status_code == 404

    def test_another_manager_from_a_day_on(self, city, kori):
        path = "/campuses/kirchlinde/manager/"
        posted = {"person": city.asseln_manager.pk, "starts_on": "2026-03-09"}
        assert kori.post(path, posted).url == "/campuses/kirchlinde/"
        assert manager_on_duty(city.brecht, MONDAY + timedelta(days=7)).id == city.asseln_manager.pk
        assert manager_on_duty(city.brecht, MONDAY).id == city.manager.pk

    def test_somebody_new_is_named_by_address(self, city, kori):
        path = "/campuses/kirchlinde/manager/"
        posted = {"email": city.stranger.email.upper(), "starts_on": "2026-03-02"}
        assert kori.post(path, posted).status_code == 302
        assert manager_on_duty(city.brecht, MONDAY).id == city.stranger.pk
        assert kori.post(path, {**posted, "email": "niemand@city.example"}).status_code == 422
        assert kori.post(path, {**posted, "person": city.asseln_manager.pk}).status_code == 422

    def test_nobody_is_chosen_and_never_left_over(self, city, kori):
        path = "/campuses/kirchlinde/manager/"
        assert kori.post(path, {"person": "", "starts_on": "2026-03-02"}).status_code == 422
        assert kori.post(path, {"person": "-", "starts_on": "2026-03-02"}).status_code == 302
        assert manager_on_duty(city.brecht, MONDAY) is None

    def test_too_many_schools_are_asked_about_once(self, city, kori):
        School.objects.bulk_create(
            School(number=f"3{n:05}", name=f"Schule {n}", form="other", campus=city.kirchlinde) for n in range(15)
        )
        path = "/campuses/kirchlinde/manager/"
        posted = {"person": city.asseln_manager.pk, "starts_on": "2026-03-02", "idempotency_key": "einmal"}
        asked = kori.post(path, posted)
        assert asked.status_code == 422 and "18" in text(asked) and 'name="accepts_load"' in asked.content.decode()
        assert kori.post(path, {**posted, "accepts_load": "on", "idempotency_key": "zweimal"}).status_code == 302
        assert manager_on_duty(city.brecht, MONDAY).id == city.asseln_manager.pk

    def test_a_school_moves_by_a_form(self, city, kori):
        assert kori.post("/schools/100001/campus/", {"campus": "asseln"}).url == "/campuses/asseln/"
        city.brecht.refresh_from_db()
        assert city.brecht.campus == city.asseln
        assert AccountEvent.objects.filter(verb="school_moved", by=city.coordinator).count() == 1
        assert kori.post("/schools/100001/campus/", {"campus": "asseln"}).status_code == 422
        assert kori.post("/schools/100001/campus/", {"campus": "nirgends"}).status_code == 422


class TestAbsences:
    def test_from_the_first_entry_to_the_last_cover(self, city, kori):
        entered = enter(kori, city)
        absence = Absence.objects.get()
        assert entered.url == f"{ABSENCES}{absence.pk}/"
        page = kori.get(entered.url)
        assert "notice--danger" in page.content.decode()
        assert cover(kori, city, absence).status_code == 302
        assert "notice--success" in kori.get(entered.url).content.decode()
        assert manager_on_duty(city.brecht, MONDAY).id == city.asseln_manager.pk
        keys = list(Cover.objects.values_list("pk", flat=True))
        kori.post(f"{ABSENCES}{absence.pk}/covers/end/", {"cover": keys[:1]})
        assert Cover.objects.count() == 1
        kori.post(f"{ABSENCES}{absence.pk}/end/")
        assert not Absence.objects.exists() and manager_on_duty(city.brecht, MONDAY).id == city.manager.pk

    def test_a_second_press_of_the_same_form_changes_nothing(self, city, kori):
        for _ in range(2):
            assert enter(kori, city, idempotency_key="einmal").status_code == 302
        assert Absence.objects.count() == 1

    @pytest.mark.parametrize(
        "changes",
        [
            {"ends_on": "2026-03-01", "starts_on": "2026-02-20"},
            {"ends_on": "2026-03-01"},
            {"starts_on": ""},
            {"starts_on": "never"},
            {"person": ""},
            {"person": "999999"},
        ],
    )
    def test_nonsense_is_refused_with_a_sentence(self, city, kori, changes):
        answer = enter(kori, city, **changes)
        assert answer.status_code == 422 and 'class="errors"' in answer.content.decode()
        assert not Absence.objects.exists()

    def test_days_entered_twice_are_refused(self, city, kori):
        enter(kori, city)
        assert enter(kori, city, starts_on="2026-03-06", ends_on="").status_code == 422

    def test_days_are_changed(self, city, kori):
        enter(kori, city)
        absence = Absence.objects.get()
        path = f"{ABSENCES}{absence.pk}/days/"
        assert kori.post(path, {"starts_on": "2026-03-03", "ends_on": "2026-03-20"}).status_code == 302
        absence.refresh_from_db()
        assert (absence.starts_on, absence.ends_on) == (DAY + timedelta(days=1), DAY + timedelta(days=18))
        assert kori.post(path, {"starts_on": "2026-03-03", "ends_on": "2026-02-20"}).status_code == 422

    def test_what_has_begun_may_be_shortened(self, city, kori):
        absence = Absence.objects.create(person=city.manager, starts_on=DAY - timedelta(days=5))
        path = f"{ABSENCES}{absence.pk}/days/"
        assert kori.post(path, {"ends_on": "2026-03-02"}).status_code == 302
        absence.refresh_from_db()
        assert (absence.starts_on, absence.ends_on) == (DAY - timedelta(days=5), DAY)

    @pytest.mark.parametrize(
        "changes",
        [
            {"schools": []},
            {"substitute": ""},
            {"starts_on": "2026-03-01"},
            {"ends_on": "2026-03-09"},
            {"schools": ["999999"]},
        ],
    )
    def test_a_cover_that_cannot_help_is_refused(self, city, kori, changes):
        enter(kori, city)
        answer = cover(kori, city, Absence.objects.get(), **changes)
        assert answer.status_code == 422 and not Cover.objects.exists()

    def test_two_substitutes_at_one_school_are_refused_by_name(self, city, kori):
        enter(kori, city)
        absence = Absence.objects.get()
        cover(kori, city, absence)
        again = cover(kori, city, absence, substitute=city.helpdesk.pk)
        assert again.status_code == 422 and "Arne Außendienst" in text(again)

    def test_nobody_is_offered_for_themselves(self, city, kori):
        enter(kori, city)
        absence = Absence.objects.get()
        assert cover(kori, city, absence, substitute=city.manager.pk).status_code == 422

    def test_a_chain_is_told_day_by_day(self, city, kori):
        enter(kori, city)
        first = Absence.objects.get()
        cover(kori, city, first)
        enter(kori, city, person=city.asseln_manager.pk, starts_on="2026-03-04", ends_on="2026-03-05")
        second = Absence.objects.exclude(pk=first.pk).get()
        page = text(kori.get(f"{ABSENCES}{first.pk}/"))
        assert "Arne Außendienst →" in page
        lines = kori.get(f"{ABSENCES}{first.pk}/").context["shown"].schools
        assert [part.on_duty and part.on_duty.name for part in lines[0].stretches] == [
            "Arne Außendienst",
            None,
            "Arne Außendienst",
        ]
        # The school of the first one lies with the second one too, so somebody may stand in there.
        assert (
            cover(
                kori, city, second, substitute=city.helpdesk.pk, starts_on="2026-03-04", schools=[city.brecht.pk]
            ).status_code
            == 302
        )
        lines = kori.get(f"{ABSENCES}{first.pk}/").context["shown"].schools
        assert [person.name for person in lines[0].stretches[1].substitutes] == ["Arne Außendienst", "Hedwig Hörer"]
        assert manager_on_duty(city.brecht, MONDAY + timedelta(days=2)).id == city.helpdesk.pk

    def test_the_form_offers_the_schools_and_days_nobody_was_asked_for(self, city, kori):
        enter(kori, city)
        absence = Absence.objects.get()
        cover(kori, city, absence, schools=[city.brecht.pk])
        cover(kori, city, absence, schools=[city.widey.pk], ends_on="2026-03-03")
        form = kori.get(f"{ABSENCES}{absence.pk}/").context["form"]
        assert form.initial == {
            "starts_on": DAY + timedelta(days=2),
            "ends_on": None,
            "schools": [str(city.widey.pk)],
        }

    def test_the_load_of_a_substitute_is_shown(self, city, kori):
        enter(kori, city)
        page = text(kori.get(f"{ABSENCES}{Absence.objects.get().pk}/"))
        assert "Arne Außendienst (1 " in page

    def test_an_absence_that_is_over_has_no_page(self, city, kori):
        absence = Absence.objects.create(
            person=city.manager, starts_on=DAY - timedelta(days=9), ends_on=DAY - timedelta(days=8)
        )
        assert kori.get(f"{ABSENCES}{absence.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["manager", "helpdesk", "head", "teacher", "specialist", "city_reader"])
@pytest.mark.parametrize(
    "path", ["/campuses/", "/campuses/map/", "/campuses/kirchlinde/", ABSENCES, f"{ABSENCES}new/"]
)
def test_nobody_else_has_these_pages(city, client, who, path):
    client.force_login(getattr(city, who))
    assert client.get(path).status_code == 403
