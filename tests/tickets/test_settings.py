"""Categories and promises under /settings/."""

import pytest

from calendars.models import Recomputation
from teams.models import Team
from tests.settings_pages import complaints, filled
from tickets.models import Category, PolicyVersion, SlaPolicy

CATEGORY = "/settings/tickets/category/"
POLICY = "/settings/tickets/slapolicy/"
VERSION = "/settings/tickets/policyversion/"


@pytest.fixture
def ada(city, client):
    client.force_login(city.administrator)
    return client


def change(client, path, **changes):
    return client.post(path, filled(client.get(path), **changes))


class TestCategories:
    def test_names_and_tips_are_edited_and_the_short_name_stays(self, city, ada):
        path = f"{CATEGORY}{city.display.pk}/change/"
        answer = change(ada, path, name_de="Bild und Ton", tips_de="Kabel prüfen\r\n\r\nNeu starten", slug="anders")
        assert answer.status_code == 302
        category = Category.objects.get(pk=city.display.pk)
        assert (category.slug, category.name_de) == ("display", "Bild und Ton")
        assert category.tips == ["Kabel prüfen", "Neu starten"]

    def test_only_icons_the_pages_have_can_be_chosen(self, city, ada):
        assert complaints(change(ada, f"{CATEGORY}{city.display.pk}/change/", icon="unheard_of"))

    def test_a_tile_opens_categories_one_floor_deep(self, city, ada):
        path = f"{CATEGORY}{city.display.pk}/change/"
        refined = Category.objects.exclude(under=None).first()
        assert complaints(change(ada, path, under=city.display.pk))
        assert complaints(change(ada, path, under=refined.pk))
        assert complaints(change(ada, f"{CATEGORY}{refined.under_id}/change/", under=city.display.pk))
        assert change(ada, path, under=refined.under_id).status_code == 302

    def test_a_category_ends_by_going_out_of_use(self, city, ada):
        assert ada.post(f"{CATEGORY}{city.display.pk}/delete/", {"post": "yes"}).status_code == 403


class TestPromises:
    @pytest.fixture
    def path(self, city):
        return f"{VERSION}{PolicyVersion.objects.get().pk}/change/"

    def test_a_change_is_the_next_version_and_the_old_one_stays(self, ada, path):
        answer = change(ada, path, **{"targets-0-resolution_minutes": "777", "paused_in": ["waiting_external"]})
        assert answer.status_code == 302
        old, new = PolicyVersion.objects.order_by("number")
        assert (old.number, new.number, new.paused_in) == (1, 2, ["waiting_external"])
        assert not old.targets.filter(resolution_minutes=777).exists()
        assert new.targets.filter(resolution_minutes=777).count() == 1
        assert new.targets.count() == old.targets.count() == 4
        assert new.ladder.count() == old.ladder.count()

    def test_the_open_reports_are_worked_out_anew_afterwards(self, ada, path):
        change(ada, path, **{"targets-0-resolution_minutes": "777"})
        assert Recomputation.objects.unfinished().get().reason == "policy"

    def test_what_was_not_changed_is_not_published(self, ada, path):
        assert change(ada, path).status_code == 302
        assert PolicyVersion.objects.count() == 1
        assert not Recomputation.objects.exists()

    def test_every_priority_keeps_its_times(self, ada, path):
        assert "Es fehlt" in complaints(change(ada, path, **{"targets-0-DELETE": "on"}))
        twice = filled(ada.get(path))
        assert complaints(change(ada, path, **{"targets-0-priority": twice["targets-1-priority"]}))
        assert PolicyVersion.objects.count() == 1

    def test_a_first_response_after_the_solution_makes_no_sense(self, ada, path):
        assert complaints(change(ada, path, **{"targets-0-resolution_minutes": "1"}))

    def test_clocks_never_pause_in_a_state_that_has_ended(self, ada, path):
        assert complaints(change(ada, path, paused_in=["closed"]))

    def test_a_step_that_does_not_go_with_its_clock_is_refused(self, ada, path):
        posted = filled(ada.get(path))
        [row] = [name.removesuffix("-action") for name, value in posted.items() if value == "close"]
        assert complaints(change(ada, path, **{f"{row}-clock": "second_response"}))

    def test_a_question_may_not_stay_open_for_ever(self, ada, path):
        posted = filled(ada.get(path))
        [row] = [name.removesuffix("-action") for name, value in posted.items() if value == "close"]
        assert "geschlossen" in complaints(change(ada, path, **{f"{row}-DELETE": "on"}))

    def test_a_version_that_was_overtaken_is_not_published(self, ada, path):
        posted = filled(ada.get(path), **{"targets-0-resolution_minutes": "777"})
        change(ada, path, **{"targets-0-resolution_minutes": "778"})
        assert complaints(ada.post(path, posted))
        assert PolicyVersion.objects.count() == 2

    def test_a_promise_for_some_reports_begins_with_the_ladder_of_the_product(self, ada):
        answer = ada.post(f"{POLICY}add/", {"name": "Beratung", "support_type": "", "kind": "advice"})
        policy = SlaPolicy.objects.get(kind="advice")
        assert answer.url == f"{VERSION}add/?policy={policy.pk}"
        rows = {
            f"targets-{number}-{kind}_minutes": 600
            for number in range(4)
            for kind in ("first_response", "resolution", "second_response")
        }
        team = Team.objects.get(slug="servers")
        posted = filled(ada.get(answer.url), valid_from="2026-08-01", automatic_team=team.pk, policy=policy.pk, **rows)
        assert ada.post(answer.url, posted).status_code == 302
        version = policy.versions.get()
        assert version.targets.filter(first_response_minutes=600).count() == 4
        assert version.ladder.filter(clock="resolution", percent=100, action="escalate").exists()

    def test_there_is_one_promise_for_the_same_reports(self, ada):
        assert complaints(ada.post(f"{POLICY}add/", {"name": "Noch eine", "support_type": "", "kind": ""}))

    def test_versions_and_used_promises_are_not_removed(self, ada, path):
        assert ada.post(path.replace("change", "delete"), {"post": "yes"}).status_code == 403
        policy = SlaPolicy.objects.get()
        assert ada.post(f"{POLICY}{policy.pk}/delete/", {"post": "yes"}).status_code == 403
