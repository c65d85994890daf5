"""Bringing an archive back: looked at before anything is touched, compared after it was written."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from pulse.models import Heartbeat
from pulse.signs import leave_sign

from . import database
from .archive import DATABASE, MEDIA, Archive, hash_of
from .making import HIDDEN, media_files
from .manifest import BadArchive, Manifest

UNFINISHED = f"{HIDDEN}restoring-"


class TargetInUse(Exception):
    """There is something here that a restore would cover, or somebody at work; the text says what."""


class NotRestored(Exception):
    """What lies on the disk afterwards is not what the archive holds."""


@dataclass(frozen=True)
class Restored:
    """What was brought back and compared."""

    rows: int
    tables: int
    files: int
    made_at: str
    migrations_to_come: int


def restore_backup(source: Path, *, at: datetime, replace: bool = False) -> Restored:
    """Replace database and files by those of the archive.

    Raises BadArchive, TargetInUse (unless `replace`, for what is here already), DatabaseTrouble; up to then nothing
    has changed. Raises NotRestored if a file is another one afterwards than it was.
    """
    archive = Archive(source)
    to_come = _migrations_to_come(archive.manifest)
    _must_be_free(replace)
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o750)
    for left in root.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=root) as workshop:
        fresh = Path(workshop)
        archive.unpack(fresh)
        database.restore(fresh / DATABASE, archive.manifest.rows)
        _exchange(root, fresh / MEDIA)
    _compare_files(archive.manifest)
    rows = archive.manifest.rows
    files = len(archive.manifest.files) - 1
    if not to_come:  # an older database may not know signs of life yet
        facts = {"rows": sum(rows.values()), "files": files}
        leave_sign(Heartbeat.BACKUP, at=datetime.fromisoformat(archive.manifest.made_at), facts=facts)
        leave_sign(Heartbeat.RESTORE, at=at, facts=facts)
    return Restored(sum(rows.values()), len(rows), files, archive.manifest.made_at, to_come)


def _migrations_to_come(manifest: Manifest) -> int:
    """Return how many migrations this version adds to the archive. Raises BadArchive if the archive is newer."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        raise BadArchive(
            f"It was made by version {manifest.version}, which knows {unknown[0]}; this is {settings.VERSION}. "
            "Restore it with the version that made it, or a later one."
        )
    return len(known - set(manifest.migrations))


def _must_be_free(replace: bool) -> None:
    if not replace and (database.is_in_use() or next(media_files(), None)):
        raise TargetInUse("There are people, schools, reports or files here already. --replace covers them.")
    if others := database.others_connected():
        raise TargetInUse(f"The database is in use ({others} connections). Stop web, worker and beat first.")


def _exchange(root: Path, fresh: Path) -> None:
    """Put what was unpacked in the place of what is there."""
    for entry in root.iterdir():
        if not entry.name.startswith(HIDDEN):
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    if fresh.is_dir():
        for entry in fresh.iterdir():
            entry.rename(root / entry.name)


def _compare_files(manifest: Manifest) -> None:
    """Read every file once more from where it lies now. Raises NotRestored."""
    found = {}
    for name, path in media_files():
        with path.open("rb") as file:
            found[f"{MEDIA}{name}"] = hash_of(file)
    told = {name: digest for name, digest in manifest.files.items() if name != DATABASE}
    if found != told:
        different = sorted(set(found.items()) ^ set(told.items()))[0][0]
        raise NotRestored(f"{different} is not what the archive holds.")
