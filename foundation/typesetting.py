"""Documents for paper: a Typst template of ours and data make a tagged PDF (PDF/UA-1).

Set by a process of its own (`foundation/press.py`) that may take so much time and memory and no more, and whose
memory is given back with it. It reaches neither the network nor the fonts of the machine.
"""

import json
import subprocess
import sys
import unicodedata
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.checks import Error

PRESS = Path(__file__).with_name("press.py")
SECONDS = 30  # by the wall clock, on a machine that is busy; a page takes a fifth of one
#: One thread and one arena, so that the limit of memory means the same on every machine.
SURROUNDINGS = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


class TypesettingFailed(Exception):
    """No document came out. `diagnosis` says why in the words of the press; it may quote the data, so log it not."""

    def __init__(self, reason: str, diagnosis: str = ""):
        super().__init__(reason)
        self.diagnosis = diagnosis


def typeset(source: Path, data: dict, *, at: datetime) -> bytes:
    """Return the PDF that a template makes of data; what the data says is set as text, whatever it is.

    The template reads it as `json(bytes(sys.inputs.data))`. Raises TypesettingFailed.
    """
    asked = {
        "source": str(source),
        "fonts": [str(path) for path in fonts()],
        "data": json.dumps(data),
        "made": int(at.timestamp()),
    }
    command = [sys.executable, "-I", str(PRESS)]
    try:
        done = subprocess.run(
            command, input=json.dumps(asked).encode(), capture_output=True, timeout=SECONDS, env=SURROUNDINGS
        )
    except subprocess.TimeoutExpired:
        raise TypesettingFailed("the press took too long") from None
    if done.returncode != 0:
        raise TypesettingFailed(f"the press ended with {done.returncode}", done.stderr.decode(errors="replace"))
    return done.stdout


def printable(words: str) -> str:
    """Return the words in one line, without characters that steer printers and end lines."""
    return "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in words)


def fonts() -> list[Path]:
    """Return the folders with the typefaces of our papers."""
    return [Path(settings.NPM_ROOT) / name for name in settings.PAPER_FONTS]


def check_fonts(app_configs, **kwargs) -> list[Error]:
    """Return an error for every typeface that is not installed."""
    missing = [path for path in fonts() if not any(path.glob("*.ttf"))]
    return [Error(f"{path} has no typeface", hint="Run npm ci.", id="foundation.E002") for path in missing]
