"""Making a backup while everybody goes on working."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from pulse.models import Heartbeat
from pulse.signs import leave_sign

from .archive import DATABASE, MEDIA, new_archive
from .database import snapshot
from .manifest import FORMAT, Manifest

HIDDEN = "."  # what is being restored lies beside the files under such a name


@dataclass(frozen=True)
class Made:
    """A backup that lies complete on the disk."""

    rows: int
    files: int
    size: int


def make_backup(target: Path, *, at: datetime) -> Made:
    """Write the database as it is at this moment, and the files it speaks of, into one archive.

    Raises FileExistsError where there is a file of that name, DatabaseTrouble, OSError.
    """
    if target.exists():
        raise FileExistsError(target)
    with (
        tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as workshop,
        new_archive(target, Path(workshop)) as archive,
    ):
        # The database first: a file without a row is harmless, a row without its file is not.
        dump = Path(workshop) / DATABASE
        with snapshot() as state:
            state.dump(dump)
        archive.add(DATABASE, dump)
        dump.unlink()
        files = sum(archive.add(f"{MEDIA}{name}", path) for name, path in media_files())
        manifest = Manifest(
            format=FORMAT,
            version=settings.VERSION,
            made_at=at.isoformat(),
            migrations=state.migrations,
            rows=state.rows,
            files=archive.files,
        )
        archive.close_with(manifest)
    made = Made(rows=sum(state.rows.values()), files=files, size=target.stat().st_size)
    leave_sign(Heartbeat.BACKUP, at=at, facts={"rows": made.rows, "files": made.files, "bytes": made.size})
    return made


def media_files() -> Iterator[tuple[str, Path]]:
    """Yield name and path of every file people have sent, in the order of the names."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.is_file() and not path.is_symlink() and not name.parts[0].startswith(HIDDEN):
            yield name.as_posix(), path
