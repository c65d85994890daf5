"""Names nobody has: people of the demo are called after what lies about in a school."""

from pathlib import Path
from random import Random

FIRST_NAMES, LAST_NAMES = (
    Path(__file__).with_name(f"{kind}_names.txt").read_text("utf-8").split() for kind in ("first", "last")
)


def draw_name(lot: Random) -> tuple[str, str]:
    """Return a first and a last name."""
    return lot.choice(FIRST_NAMES), lot.choice(LAST_NAMES)
