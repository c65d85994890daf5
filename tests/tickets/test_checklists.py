"""What the first level looks at before it hands a report over: rows that come with the product."""

from tickets.models import Category, Checklist


def checklists():
    return {row.category.slug: row for row in Checklist.objects.current().select_related("category")}


def test_every_category_comes_with_a_checklist(db):
    assert set(checklists()) == set(Category.objects.values_list("slug", flat=True))
    for slug, checklist in checklists().items():
        assert 3 <= checklist.items.count() <= 6, slug
        assert checklist.version == 1


def test_every_item_is_a_statement_in_both_languages_under_a_name_of_its_own(db):
    for slug, checklist in checklists().items():
        items = list(checklist.items.all())
        for item in items:
            item.full_clean()
            assert item.text_de and item.text_en and item.text_de != item.text_en, (slug, item.key)
            assert not item.text_de.endswith(("?", ".", "!")), item.text_de
            assert " Sie " not in f" {item.text_de} ", item.text_de
        for name in ("key", "text_de", "text_en", "order"):
            assert len({getattr(item, name) for item in items}) == len(items), (slug, name)


def test_the_first_item_of_the_network_is_whether_there_is_power(db):
    assert [item.key for item in checklists()["network"].items.all()][:2] == ["power", "other_device"]
