"""Report forms that could not be sent yet: words and photos wait for a day, for their author alone."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from tickets.models import Draft, DraftPhoto
from tickets.photos import CleanPhoto


@transaction.atomic
def keep(
    *, author: User, words: Mapping[str, str], photos: Iterable[CleanPhoto], draft: Draft | None, at: datetime
) -> Draft:
    """Store the words of a rejected form and the photos that came with it; return the draft."""
    if draft is None:
        draft = Draft(author=author)
    draft.words, draft.saved_at = dict(words), at
    draft.save()
    rows = []
    for photo in photos:
        row = DraftPhoto(draft=draft, width=photo.width, height=photo.height)
        photo.store(row)
        rows.append(row)
    DraftPhoto.objects.bulk_create(rows)
    return draft


def drop(draft: Draft) -> None:
    """Forget a draft that became a ticket; its photos belong to the ticket now."""
    draft.delete()


def discard(draft: Draft) -> None:
    """Forget a draft and remove its photos."""
    files = [photo.file for photo in draft.photos.all()]
    draft.delete()
    transaction.on_commit(lambda: [file.storage.delete(file.name) for file in files])


def discard_outdated(*, at: datetime) -> int:
    """Remove the drafts nobody came back to; return how many."""
    outdated = list(Draft.objects.outdated(at).prefetch_related("photos")[:500])
    for draft in outdated:
        discard(draft)
    return len(outdated)
