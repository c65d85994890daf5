"""What a rejected form has kept, and whom its photos belong to afterwards."""

import pytest
from django.core.files.storage import default_storage

from tests.city import MONDAY
from tickets import drafts
from tickets.models import Draft, DraftPhoto
from tickets.photos import CleanPhoto

PHOTOS = [CleanPhoto(width=1, height=1, data=b"one"), CleanPhoto(width=1, height=1, data=b"two")]


@pytest.fixture
def draft(city):
    return drafts.keep(author=city.teacher, words={"place": "Flur"}, photos=PHOTOS, draft=None, at=MONDAY)


def names_of(draft):
    return list(draft.photos.order_by("pk").values_list("file", flat=True))


def test_a_photo_that_was_taken_out_does_not_outlive_the_draft(city, draft, django_capture_on_commit_callbacks):
    wanted, unwanted = names_of(draft)
    gone = str(draft.photos.last().key)
    with django_capture_on_commit_callbacks(execute=True):
        photos = drafts.take(draft, unwanted={gone})
    assert [photo.stored_as for photo in photos] == [wanted]
    assert default_storage.exists(wanted) and not default_storage.exists(unwanted)
    assert not Draft.objects.exists()


def test_a_form_that_is_rejected_again_forgets_the_photo_that_was_taken_out(
    city, draft, django_capture_on_commit_callbacks
):
    gone = str(draft.photos.first().key)
    with django_capture_on_commit_callbacks(execute=True):
        drafts.keep(author=city.teacher, words={}, photos=[], draft=draft, at=MONDAY, unwanted={gone})
    assert DraftPhoto.objects.count() == 1


def test_a_draft_that_became_a_report_can_no_longer_be_discarded_with_its_photos(
    city, draft, django_capture_on_commit_callbacks
):
    known_before = Draft.objects.get()
    names = names_of(draft)
    with django_capture_on_commit_callbacks(execute=True):
        city.report(photos=drafts.take(draft))
        drafts.discard(known_before)
    assert all(default_storage.exists(name) for name in names)


def test_a_draft_that_was_discarded_meanwhile_brings_no_photos(city, draft):
    known_before = Draft.objects.get()
    drafts.discard(draft)
    assert drafts.take(known_before) == []


def test_the_draft_of_a_refused_report_is_still_there(city, draft):
    drafts.take(draft)
    assert draft.pk is not None  # the object stays usable when the transaction around it is rolled back
