"""The archive as a file: a plain tar, since what it holds is compressed already; the manifest comes last.

It appears under its name only when it is complete and on the disk, and only its owner may read it.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .manifest import BadArchive, Manifest

MANIFEST = "manifest.json"
MANIFEST_HASH = "manifest.json.sha256"
DATABASE = "database.dump"
MEDIA = "media/"
CHUNK = 1024 * 1024


class Hashed:
    """A file that is read on, and knows the hash of what was read."""

    def __init__(self, file: BinaryIO):
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data


class Writer:
    """Puts members into a new archive and notes their hashes."""

    def __init__(self, tar: tarfile.TarFile):
        self.tar = tar
        self.files: dict[str, str] = {}

    def add(self, name: str, path: Path) -> bool:
        """Add a file, unless it was removed since somebody saw it; return whether it was there."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return False
        with file:
            hashed = Hashed(file)
            self.tar.addfile(_entry(name, os.fstat(file.fileno()).st_size), hashed)
            self.files[name] = hashed.digest.hexdigest()
        return True

    def close_with(self, manifest: Manifest) -> None:
        data = manifest.as_json()
        for name, content in ((MANIFEST, data), (MANIFEST_HASH, hashlib.sha256(data).hexdigest().encode())):
            self.tar.addfile(_entry(name, len(content)), io.BytesIO(content))


@contextmanager
def new_archive(target: Path, workshop: Path) -> Iterator[Writer]:
    """Yield a writer; the archive gets its name when the block ends well, and leaves nothing when it does not.

    `workshop` is a private folder beside `target`. Raises FileExistsError rather than covering an earlier archive.
    """
    unfinished = workshop / "archive"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            yield Writer(tar)
        file.flush()
        os.fsync(file.fileno())
    os.link(unfinished, target)  # in one step, and never over another
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Archive:
    """An archive that was read through once: all it holds is what its manifest says."""

    def __init__(self, path: Path):
        self.path = path
        try:
            with tarfile.open(path, mode="r:") as tar:
                self.manifest = self._checked(tar)
        except (tarfile.TarError, EOFError):
            raise BadArchive("It is no archive of Campusruf, or it ends too early.") from None
        except OSError as error:
            raise BadArchive(f"{error.strerror}.") from None

    def _checked(self, tar: tarfile.TarFile) -> Manifest:
        """Return the manifest after comparing every member with it. Raises BadArchive."""
        members = tar.getmembers()
        named = {member.name: member for member in members}
        if len(named) != len(members) or not all(member.isreg() for member in members):
            raise BadArchive("It holds something that no backup puts there.")
        if MANIFEST not in named or MANIFEST_HASH not in named:
            raise BadArchive("It has no manifest: it is no archive of Campusruf, or it ends too early.")
        data = tar.extractfile(named.pop(MANIFEST)).read()
        told = tar.extractfile(named.pop(MANIFEST_HASH)).read()
        if hashlib.sha256(data).hexdigest().encode() != told:
            raise BadArchive("Its manifest is damaged.")
        manifest = Manifest.from_json(data)
        if set(named) != set(manifest.files) or DATABASE not in named:
            raise BadArchive("It does not hold what its manifest says.")
        for name, member in named.items():
            if hash_of(tar.extractfile(member)) != manifest.files[name]:
                raise BadArchive(f"{name} is damaged.")
        return manifest

    def unpack(self, folder: Path, *, under: str = "") -> None:
        """Write the members whose names begin with `under` into `folder`, without that beginning."""
        with tarfile.open(self.path, mode="r:") as tar:
            for member in tar:
                if member.name in self.manifest.files and member.name.startswith(under):
                    target = folder / member.name.removeprefix(under)
                    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
                    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
                        source = tar.extractfile(member)
                        while chunk := source.read(CHUNK):
                            file.write(chunk)


def hash_of(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry
