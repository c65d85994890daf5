"""The icon sprite: `python -m foundation.icons` builds build/static/icons.svg from the icon package.

One file with one symbol per icon is asked for once and cached; the page only points into it.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DRAWINGS = ROOT / "node_modules/@material-symbols/svg-400/rounded"
SPRITE = ROOT / "build/static/icons.svg"


def wanted():
    """Return the icons of icons.txt: name to whether the filled drawing is meant."""
    lines = (line.partition("#")[0].split() for line in (HERE / "icons.txt").read_text("utf-8").splitlines())
    return {words[0]: "fill" in words[1:] for words in lines if words}


def symbol(name, filled, drawings):
    """Return one icon as a symbol of the sprite."""
    drawing = (drawings / f"{name}{'-fill' if filled else ''}.svg").read_text("utf-8")
    inside = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)[1]
    return f'<symbol id="{name}" viewBox="0 -960 960 960">{inside}</symbol>'


def sprite(names, drawings=DRAWINGS):
    """Return the whole sprite as text. Raises FileNotFoundError for an icon the package does not have."""
    symbols = "\n".join(symbol(name, filled, drawings) for name, filled in names.items())
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def main():
    """Build the sprite; say what is missing and return 1 if it cannot be."""
    try:
        text = sprite(wanted())
    except FileNotFoundError as missing:
        print(
            f"The icon {missing.filename} is not installed. Run npm ci, or mend foundation/icons.txt.",
            file=sys.stderr,
        )
        return 1
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    SPRITE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
