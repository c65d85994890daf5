"""Who looks after what, who is away and who stands in: the commands of coordination and administration."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AccountEvent
from campuses.models import Absence, Campus, CampusAssignment
from schools import covers
from schools.coverage import manager_on_duty, roster_on
from schools.models import Cover, School
from schools.steering.absences import change_absence, end_absence, enter_absence
from schools.steering.campuses import change_manager, move_school
from schools.steering.load import MOST_SCHOOLS, TooManySchools, loads
from tests.city import DAY, MONDAY, berlin
from tests.settings_pages import filled

WEEK = timedelta(days=7)


@pytest.fixture
def by(city):
    """Say who does it and when, as every command wants to know."""
    return {"by": city.coordinator, "at": MONDAY}


def many_schools(campus, number):
    School.objects.bulk_create(
        School(number=f"3{n:05}", name=f"Schule {n}", form="other", campus=campus) for n in range(number)
    )


class TestManagers:
    def test_a_campus_changes_hands_on_the_day(self, city, by):
        change_manager(campus=city.kirchlinde, person=city.stranger, starts_on=DAY + WEEK, **by)
        assert manager_on_duty(city.brecht, MONDAY).id == city.manager.pk
        assert manager_on_duty(city.brecht, MONDAY + WEEK - timedelta(days=1)).id == city.manager.pk
        assert manager_on_duty(city.brecht, MONDAY + WEEK).id == city.stranger.pk
        assert city.viewer(city.stranger, MONDAY + WEEK).schools_on_duty == {city.brecht.pk, city.widey.pk}

    def test_both_sides_are_on_record(self, city, by):
        change_manager(campus=city.kirchlinde, person=city.stranger, starts_on=DAY, **by)
        events = AccountEvent.objects.filter(by=city.coordinator).order_by("pk").values_list("verb", "person")
        assert list(events) == [("role_withdrawn", city.manager.pk), ("role_granted", city.stranger.pk)]

    def test_a_later_plan_is_taken_back_by_a_new_one(self, city, by):
        change_manager(campus=city.kirchlinde, person=city.stranger, starts_on=DAY + WEEK, **by)
        change_manager(campus=city.kirchlinde, person=city.head, starts_on=DAY + timedelta(days=1), **by)
        assert manager_on_duty(city.brecht, MONDAY).id == city.manager.pk
        assert manager_on_duty(city.brecht, MONDAY + WEEK).id == city.head.pk
        assert not CampusAssignment.objects.filter(person=city.stranger).exists()

    def test_without_a_person_the_coordination_steps_in(self, city, by):
        change_manager(campus=city.kirchlinde, person=None, starts_on=DAY, **by)
        assert manager_on_duty(city.brecht, MONDAY) is None
        assert city.viewer(city.coordinator, berlin(2026, 3, 2, 10)).unattended_schools == {
            city.brecht.pk,
            city.widey.pk,
        }
        with pytest.raises(ValidationError):
            change_manager(campus=city.kirchlinde, person=None, starts_on=DAY, **by)

    def test_the_past_and_the_same_person_are_refused(self, city, by):
        with pytest.raises(ValidationError):
            change_manager(campus=city.kirchlinde, person=city.stranger, starts_on=DAY - timedelta(days=1), **by)
        with pytest.raises(ValidationError):
            change_manager(campus=city.kirchlinde, person=city.manager, starts_on=DAY, **by)
        assert CampusAssignment.objects.count() == 2

    def test_too_many_schools_are_taken_only_if_that_is_meant(self, city, by):
        many_schools(city.kirchlinde, MOST_SCHOOLS - 2)
        with pytest.raises(TooManySchools, match="18"):
            change_manager(campus=city.kirchlinde, person=city.asseln_manager, starts_on=DAY, **by)
        change_manager(campus=city.kirchlinde, person=city.asseln_manager, starts_on=DAY, accepts_load=True, **by)
        assert manager_on_duty(city.brecht, MONDAY).id == city.asseln_manager.pk

    @pytest.mark.parametrize("who", ["manager", "helpdesk", "head", "city_reader", "specialist"])
    def test_nobody_else_decides(self, city, who):
        person = getattr(city, who)
        for command, facts in (
            (change_manager, {"campus": city.kirchlinde, "person": city.stranger, "starts_on": DAY}),
            (move_school, {"school": city.brecht, "campus": city.asseln}),
            (enter_absence, {"person": city.manager, "starts_on": DAY}),
        ):
            with pytest.raises(PermissionDenied):
                command(**facts, by=person, at=MONDAY)


class TestSchools:
    def test_a_school_changes_campus_at_once_with_what_is_open(self, city, by):
        ticket = city.report()
        move_school(school=city.brecht, campus=city.asseln, **by)
        later = MONDAY + timedelta(minutes=1)
        city.brecht.refresh_from_db()
        assert manager_on_duty(city.brecht, MONDAY).id == city.asseln_manager.pk
        assert city.brecht.pk in city.viewer(city.asseln_manager, later).schools_on_duty
        assert city.brecht.pk not in city.viewer(city.manager, later).schools_looked_after
        ticket.refresh_from_db()
        assert ticket.campus == city.kirchlinde  # for the figures
        event = AccountEvent.objects.get(verb="school_moved")
        assert (event.data["school"], event.data["before"], event.data["campus"]) == (
            city.brecht.pk,
            city.kirchlinde.pk,
            city.asseln.pk,
        )

    def test_the_same_campus_is_refused(self, city, by):
        with pytest.raises(ValidationError):
            move_school(school=city.brecht, campus=city.kirchlinde, **by)

    def test_one_school_too_many_has_to_be_meant(self, city, by):
        many_schools(city.asseln, MOST_SCHOOLS - 1)
        with pytest.raises(TooManySchools):
            move_school(school=city.brecht, campus=city.asseln, **by)
        move_school(school=city.brecht, campus=city.asseln, accepts_load=True, **by)

    def test_the_settings_move_a_school_on_record_too(self, city, client):
        client.force_login(city.administrator)
        path = f"/settings/schools/school/{city.brecht.pk}/change/"
        assert client.post(path, filled(client.get(path), campus=city.asseln.pk)).status_code == 302
        city.brecht.refresh_from_db()
        assert city.brecht.campus == city.asseln
        assert AccountEvent.objects.get(verb="school_moved").data["before"] == city.kirchlinde.pk


class TestAbsences:
    def test_it_is_entered_changed_and_ended_on_record(self, city, by):
        row = enter_absence(person=city.manager, starts_on=DAY, ends_on=DAY + WEEK, **by)
        assert manager_on_duty(city.brecht, MONDAY) is None
        change_absence(absence=row, starts_on=DAY, ends_on=None, **by)
        assert manager_on_duty(city.brecht, MONDAY + 4 * WEEK) is None
        end_absence(absence=row, by=city.coordinator, at=MONDAY + WEEK)
        assert manager_on_duty(city.brecht, MONDAY + WEEK).id == city.manager.pk
        verbs = AccountEvent.objects.filter(person=city.manager).order_by("pk").values_list("verb", flat=True)
        assert list(verbs) == ["absence_entered", "absence_changed", "absence_ended"]

    def test_ended_on_its_first_day_it_leaves_only_history(self, city, by):
        row = enter_absence(person=city.manager, starts_on=DAY, **by)
        covers.cover_all_schools(absence=row, substitute=city.asseln_manager, starts_on=DAY, **by)
        end_absence(absence=row, **by)
        assert not Absence.objects.exists() and not Cover.objects.exists()
        verbs = AccountEvent.objects.filter(person=city.asseln_manager).values_list("verb", flat=True)
        assert list(verbs).count("role_withdrawn") == 2

    def test_days_that_are_over_and_closed_accounts_are_refused(self, city, by):
        with pytest.raises(ValidationError):
            enter_absence(person=city.manager, starts_on=DAY - WEEK, ends_on=DAY - timedelta(days=1), **by)
        city.stranger.is_active = False
        city.stranger.save()
        with pytest.raises(ValidationError):
            enter_absence(person=city.stranger, starts_on=DAY, **by)

    def test_what_has_begun_keeps_its_first_day(self, city, by):
        row = enter_absence(person=city.manager, starts_on=DAY - WEEK, **by)
        with pytest.raises(ValidationError):
            change_absence(absence=row, starts_on=DAY, ends_on=None, **by)
        later = enter_absence(person=city.asseln_manager, starts_on=DAY + WEEK, **by)
        assert change_absence(absence=later, starts_on=DAY, ends_on=None, **by).starts_on == DAY

    def test_covers_follow_the_days_of_the_absence(self, city, by):
        row = enter_absence(person=city.manager, starts_on=DAY, ends_on=DAY + WEEK, **by)
        covers.cover_school(
            absence=row, school=city.brecht, substitute=city.asseln_manager, starts_on=DAY, ends_on=DAY + WEEK, **by
        )
        covers.cover_school(
            absence=row, school=city.widey, substitute=city.asseln_manager, starts_on=DAY + timedelta(days=6), **by
        )
        change_absence(absence=row, starts_on=DAY, ends_on=DAY + timedelta(days=2), **by)
        assert Cover.objects.get().ends_on == DAY + timedelta(days=2)
        change_absence(absence=row, starts_on=DAY, ends_on=DAY + WEEK, **by)
        assert manager_on_duty(city.brecht, MONDAY + timedelta(days=5)) is None


class TestCovers:
    @pytest.fixture
    def absence(self, city):
        return Absence.objects.create(person=city.manager, starts_on=DAY, ends_on=DAY + timedelta(days=4))

    def cover(self, city, absence, **facts):
        facts = {"school": city.brecht, "substitute": city.asseln_manager, "starts_on": DAY, **facts}
        return covers.cover_school(absence=absence, **facts, by=city.coordinator, at=MONDAY)

    def test_a_cover_without_a_last_day_grows_with_the_absence(self, city, absence, by):
        self.cover(city, absence)
        change_absence(absence=absence, starts_on=DAY, ends_on=DAY + 3 * WEEK, **by)
        assert manager_on_duty(city.brecht, MONDAY + 2 * WEEK).id == city.asseln_manager.pk

    @pytest.mark.parametrize("first, last", [(-1, 2), (3, 5), (5, 6), (5, None)])
    def test_days_outside_the_absence_are_refused(self, city, absence, first, last):
        ends_on = None if last is None else DAY + timedelta(days=last)
        with pytest.raises(ValidationError) as refused:
            self.cover(city, absence, starts_on=DAY + timedelta(days=first), ends_on=ends_on)
        assert set(refused.value.error_dict) == {"starts_on"}

    def test_a_school_of_somebody_else_is_refused(self, city, absence):
        with pytest.raises(ValidationError, match="Kant"):
            self.cover(city, absence, school=city.kant)

    def test_a_closed_account_stands_in_nowhere(self, city, absence):
        city.asseln_manager.is_active = False
        city.asseln_manager.save()
        with pytest.raises(ValidationError) as refused:
            self.cover(city, absence)
        assert set(refused.value.error_dict) == {"substitute"}

    def test_a_second_substitute_is_refused_by_name(self, city, absence):
        self.cover(city, absence)
        with pytest.raises(ValidationError, match="Arne"):
            self.cover(city, absence, substitute=city.stranger)

    def test_a_chain_may_be_entered_link_by_link(self, city, absence, by):
        self.cover(city, absence)
        second = enter_absence(person=city.asseln_manager, starts_on=DAY, ends_on=DAY, **by)
        assert manager_on_duty(city.brecht, MONDAY) is None
        self.cover(city, second, substitute=city.stranger)
        assert manager_on_duty(city.brecht, MONDAY).id == city.stranger.pk


class TestLoads:
    def test_schools_are_counted_per_person_with_covers_apart(self, city, by):
        third = Campus.objects.create(slug="dritter", name="Dritter")
        many_schools(third, 3)
        change_manager(campus=third, person=city.manager, starts_on=DAY, **by)
        city.away(city.asseln_manager, cover=city.manager, schools=[city.kant])
        campus_of = dict(School.objects.values_list("pk", "campus"))
        found = loads(roster_on(DAY), campus_of)
        assert (found[city.manager.pk].own, found[city.manager.pk].covered) == (5, 1)
        assert (found[city.asseln_manager.pk].own, found[city.asseln_manager.pk].covered) == (1, 0)
        assert not found[city.manager.pk].is_too_much

    def test_a_closed_account_is_on_duty_nowhere(self, city):
        city.manager.is_active = False
        city.manager.save()
        assert roster_on(date(2026, 3, 2)).manager_of(city.brecht.pk, city.kirchlinde.pk) is None
        assert city.brecht.pk in city.viewer(city.coordinator).unattended_schools
