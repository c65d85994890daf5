"""Report forms that could not be sent yet: words and photos wait for a day, for their author alone."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from tickets.models import Draft, DraftPhoto
from tickets.photos import CleanPhoto


@transaction.atomic
def keep(
    *,
    author: User,
    words: Mapping[str, str],
    photos: Iterable[CleanPhoto],
    draft: Draft | None,
    at: datetime,
    unwanted: Collection[str] = (),
) -> Draft:
    """Store the words of a rejected form and the photos that came with it; return the draft.

    `unwanted` are the keys of photos of the draft that its author has taken out.
    """
    if draft is None:
        draft = Draft(author=author)
    else:
        _remove([photo for photo in draft.photos.all() if str(photo.key) in unwanted])
    # Words as they were sent, but for what JSON in PostgreSQL cannot hold.
    draft.words = {name: word.replace("\x00", "") for name, word in words.items()}
    draft.saved_at = at
    draft.save()
    rows = []
    for photo in photos:
        row = DraftPhoto(draft=draft, width=photo.width, height=photo.height)
        photo.store(row)
        rows.append(row)
    DraftPhoto.objects.bulk_create(rows)
    return draft


def take(draft: Draft, *, unwanted: Collection[str] = ()) -> list[CleanPhoto]:
    """Forget a draft that becomes a ticket and hand over its photos; none where it was discarded meanwhile.

    Call inside the transaction of the report: whoever discards the draft at the same time waits for it.
    """
    photos = _locked_photos(draft)
    _forget(draft)
    _remove_files([photo for photo in photos if str(photo.key) in unwanted])
    return [CleanPhoto.kept(photo) for photo in photos if str(photo.key) not in unwanted]


@transaction.atomic
def discard(draft: Draft) -> None:
    """Forget a draft and remove its photos, unless they have gone into a ticket meanwhile."""
    photos = _locked_photos(draft)
    _forget(draft)
    _remove_files(photos)


def discard_outdated(*, at: datetime) -> int:
    """Remove the drafts nobody came back to; return how many."""
    outdated = list(Draft.objects.outdated(at)[:500])
    for draft in outdated:
        discard(draft)
    return len(outdated)


def _locked_photos(draft) -> list[DraftPhoto]:
    """Return the draft's photos as they are once nobody else is busy with it."""
    if not Draft.objects.select_for_update().filter(pk=draft.pk).exists():
        return []
    return list(draft.photos.order_by("pk"))


def _forget(draft) -> None:
    # By its key: an object that deleted itself has none any more, and the caller may need it after a rollback.
    Draft.objects.filter(pk=draft.pk).delete()


def _remove(photos) -> None:
    DraftPhoto.objects.filter(pk__in=[photo.pk for photo in photos]).delete()
    _remove_files(photos)


def _remove_files(photos) -> None:
    names = [photo.file.name for photo in photos]
    transaction.on_commit(lambda: [default_storage.delete(name) for name in names])
