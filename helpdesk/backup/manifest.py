"""What an archive says about itself: what it was made from, how many rows, which files with which hashes. Pure."""

import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import PurePosixPath
from typing import Self

FORMAT = 1
SHA256 = re.compile("[0-9a-f]{64}")


class BadArchive(Exception):
    """The archive is damaged, foreign, or made by a version this one does not know; the text says which."""


@dataclass(frozen=True)
class Manifest:
    """The contents of one archive. `files` holds the hash of every member but those about the manifest itself."""

    format: int
    version: str
    made_at: str
    migrations: list[str]
    rows: dict[str, int]
    files: dict[str, str]

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Raises BadArchive for anything but a manifest of our format."""
        try:
            told = json.loads(data)
            read = cls(**{field.name: told[field.name] for field in fields(cls)})
            datetime.fromisoformat(read.made_at)
        except (ValueError, TypeError, KeyError):
            raise BadArchive("Its manifest cannot be read.") from None
        if read.format != FORMAT:
            raise BadArchive(f"It has format {read.format!r}; this version reads format {FORMAT}.")
        if not read._is_sound():
            raise BadArchive("Its manifest cannot be read.")
        return read

    def _is_sound(self) -> bool:
        return (
            isinstance(self.version, str)
            and isinstance(self.migrations, list)
            and all(isinstance(name, str) for name in self.migrations)
            and isinstance(self.rows, dict)
            and all(type(count) is int and count >= 0 for count in self.rows.values())
            and isinstance(self.files, dict)
            and all(isinstance(digest, str) and SHA256.fullmatch(digest) for digest in self.files.values())
            and all(is_harmless(name) for name in self.files)
        )


def is_harmless(name: str) -> bool:
    """Return whether a name of a member stays inside the folder it is unpacked into."""
    path = PurePosixPath(name)
    return str(path) == name and not path.is_absolute() and ".." not in path.parts and "\0" not in name
