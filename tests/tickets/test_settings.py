"""Categories and promises under /settings/."""

import pytest

from tests.settings_pages import complaints, filled
from tickets.models import Category, SlaPolicy, SlaTarget

CATEGORY = "/settings/tickets/category/"
POLICY = "/settings/tickets/slapolicy/"


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
        return f"{POLICY}{SlaPolicy.objects.get(is_default=True).pk}/change/"

    def test_times_and_pauses_are_edited(self, ada, path):
        answer = change(ada, path, **{"targets-0-resolution_minutes": "77", "paused_in": ["waiting_external"]})
        assert answer.status_code == 302
        assert SlaTarget.objects.filter(resolution_minutes=77).count() == 1
        assert SlaPolicy.objects.get().paused_in == ["waiting_external"]

    def test_every_priority_keeps_its_times(self, ada, path):
        assert complaints(change(ada, path, **{"targets-0-DELETE": "on"}))
        twice = filled(ada.get(path))
        assert complaints(change(ada, path, **{"targets-0-priority": twice["targets-1-priority"]}))
        assert SlaTarget.objects.count() == 4

    def test_clocks_never_pause_in_a_state_that_has_ended(self, ada, path):
        assert complaints(change(ada, path, paused_in=["closed"]))

    def test_the_default_moves_and_never_goes(self, ada, path):
        old = SlaPolicy.objects.get()
        assert change(ada, path, is_default="").status_code == 302
        assert SlaPolicy.objects.get().is_default
        assert ada.post(path.replace("change", "delete"), {"post": "yes"}).status_code == 403
        rows = {"targets-TOTAL_FORMS": 4}
        for number, priority in enumerate(("low", "normal", "high", "critical")):
            rows[f"targets-{number}-priority"] = priority
            for kind in ("first_response", "resolution", "second_response"):
                rows[f"targets-{number}-{kind}_minutes"] = 60
        posted = filled(ada.get(f"{POLICY}add/"), name="Ferien", is_default="on", **rows)
        assert ada.post(f"{POLICY}add/", posted).status_code == 302
        assert SlaPolicy.objects.get(is_default=True).name == "Ferien"
        old.refresh_from_db()
        assert not old.is_default
