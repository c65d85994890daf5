"""Photo files without a row: left behind where a transaction was rolled back, or a process killed, after writing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from tickets.models import Attachment, DraftPhoto
from tickets.models.attachment import PHOTOS

SETTLED_AFTER = timedelta(days=1)  # by then no transaction is left that could still bring the row


def remove_orphans(*, at: datetime) -> int:
    """Remove the photo files that no row knows; return how many."""
    removed = 0
    for names in _settled_files(at):
        known = {name for model in (Attachment, DraftPhoto) for name in _names(model.objects.filter(file__in=names))}
        for name in set(names) - known:
            default_storage.delete(name)
            removed += 1
    return removed


def _settled_files(at) -> Iterator[list[str]]:
    """Yield the names of old files, folder by folder."""
    for folder in _listed(PHOTOS)[0]:
        names = [f"{PHOTOS}/{folder}/{name}" for name in _listed(f"{PHOTOS}/{folder}")[1]]
        yield [name for name in names if default_storage.get_modified_time(name) < at - SETTLED_AFTER]


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """Return the folders and files in `folder`, none where it does not exist yet."""
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _names(rows) -> list[str]:
    return rows.values_list("file", flat=True)
