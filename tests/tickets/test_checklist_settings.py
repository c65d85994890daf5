"""The checklists under /settings/: a change is the next version, and packets keep theirs."""

import pytest

from tests.settings_pages import complaints, filled
from tickets.models import Category, Checklist

LIST = "/settings/tickets/checklist/"


@pytest.fixture
def ada(city, client):
    client.force_login(city.administrator)
    return client


def page_of(checklist):
    return f"{LIST}{checklist.pk}/change/"


def change(client, checklist, **changes):
    return client.post(page_of(checklist), filled(client.get(page_of(checklist)), **changes))


def in_use(category):
    return Checklist.objects.current().get(category=category)


class TestEditing:
    def test_a_change_is_published_as_the_next_version_by_whom_and_when(self, city, ada):
        first = in_use(city.network)
        before = list(first.items.values_list("key", "text_de"))
        assert change(ada, first, **{"items-0-text_de": "Strom am Access Point da"}).status_code == 302
        second = in_use(city.network)
        assert (second.version, second.created_by) == (2, city.administrator)
        assert second.created_at is not None
        assert second.items.first().text_de == "Strom am Access Point da"
        assert list(first.items.values_list("key", "text_de")) == before
        listed = ada.get(page_of(second)).content.decode()
        assert "Version 1" in listed and page_of(first) in listed and city.administrator.name in listed

    def test_items_are_added_left_out_and_sorted(self, city, ada):
        first = in_use(city.network)
        keys = [item.key for item in first.items.all()]
        last = len(keys)
        new = {
            f"items-{last}-key": "fuse",
            f"items-{last}-text_de": "Sicherung an",
            f"items-{last}-text_en": "Fuse on",
        }
        assert change(ada, first, **new, **{"items-0-DELETE": "on", "items-1-order": "99"}).status_code == 302
        assert [item.key for item in in_use(city.network).items.all()] == [*keys[2:], keys[1], "fuse"]

    def test_what_is_saved_without_a_change_is_no_new_version(self, city, ada):
        answer = change(ada, in_use(city.network))
        assert answer.status_code == 302
        assert in_use(city.network).version == 1

    def test_an_earlier_version_is_only_read_and_says_which_one_is_in_use(self, city, ada):
        first = in_use(city.network)
        opened = filled(ada.get(page_of(first)))
        change(ada, first, **{"items-0-text_de": "Anders"})
        shown = ada.get(page_of(first)).content.decode()
        assert "Version 2" in shown and 'name="items-0-key"' not in shown and 'name="_save"' not in shown
        late = ada.post(page_of(first), {**opened, "items-0-text_de": "Zu spät"})
        assert "Version 2" in complaints(late) and "Zu spät" in late.content.decode()
        assert in_use(city.network).version == 2

    @pytest.mark.parametrize(
        "wrong",
        [
            {"items-0-key": "Strom da"},
            {"items-0-key": "other_device"},
            {"items-0-text_en": ""},
            {"items-0-text_de": ""},
            {"items-0-text_de": "x" * 161},
            {f"items-{number}-DELETE": "on" for number in range(6)},
            {"items-6-text_de": "Ohne Kurzname"},
        ],
    )
    def test_an_item_is_whole_or_it_is_not_published(self, city, ada, wrong):
        answer = change(ada, in_use(city.network), **wrong)
        assert answer.status_code == 200 and complaints(answer)
        assert in_use(city.network).version == 1


class TestAddingAndEnding:
    def test_a_new_category_gets_its_first_checklist_from_the_list(self, city, ada):
        fresh = Category.objects.create(slug="garden", name_de="Schulgarten", name_en="School garden")
        listed = ada.get("/settings/tickets/category/").content.decode()
        address = f"{LIST}add/?category={fresh.pk}"
        assert address in listed
        item = {"items-0-key": "water", "items-0-text_de": "Wasser da", "items-0-text_en": "There is water"}
        answer = ada.post(address, filled(ada.get(address), **item))
        assert answer.status_code == 302
        assert [item.key for item in in_use(fresh).items.all()] == ["water"]
        assert ada.get(f"{LIST}add/").status_code == 200

    def test_one_row_a_category_and_nothing_is_ever_deleted(self, city, ada, django_assert_max_num_queries):
        change(ada, in_use(city.network), **{"items-0-text_de": "Anders"})
        with django_assert_max_num_queries(8):
            answer = ada.get(LIST)
        assert len(answer.context["cl"].result_list) == Category.objects.count()
        assert ada.post(f"{LIST}{in_use(city.network).pk}/delete/", {"post": "yes"}).status_code == 403
        assert ada.get(f"{LIST}99999/change/").status_code in (302, 404)
        assert ada.get(f"{LIST}x/change/").status_code in (302, 404)
