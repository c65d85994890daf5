"""Photo files without a row go; nobody else's file does."""

import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.city import MONDAY
from tickets import drafts
from tickets.commands.attach import attach_photos
from tickets.orphans import SETTLED_AFTER, remove_orphans
from tickets.photos import CleanPhoto

PHOTO = CleanPhoto(width=1, height=1, data=b"a photo")
LATER = MONDAY + 2 * SETTLED_AFTER


def written_on_monday(name: str) -> str:
    path = default_storage.path(name)
    os.utime(path, (MONDAY.timestamp(), MONDAY.timestamp()))
    return name


@pytest.fixture
def orphan(own_media):
    name = default_storage.save("photos/ab/" + "ab" * 16 + ".jpg", ContentFile(b"left behind"))
    return written_on_monday(name)


def test_what_a_rolled_back_report_left_behind_is_removed_after_a_day(city, orphan):
    assert remove_orphans(at=MONDAY + SETTLED_AFTER / 2) == 0
    assert remove_orphans(at=LATER) == 1
    assert not default_storage.exists(orphan)


def test_photos_of_reports_and_drafts_stay(city):
    [attachment] = attach_photos(ticket=city.report(), photos=[PHOTO], by=city.teacher, at=MONDAY)
    draft = drafts.keep(author=city.teacher, words={}, photos=[PHOTO], draft=None, at=MONDAY)
    names = [written_on_monday(file.name) for file in (attachment.file, draft.photos.get().file)]
    assert remove_orphans(at=LATER) == 0
    assert all(default_storage.exists(name) for name in names)


def test_nothing_happens_where_nobody_ever_sent_a_photo(city):
    assert remove_orphans(at=LATER) == 0
