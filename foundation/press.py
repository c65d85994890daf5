"""The press: a process of its own that sets one document and ends. `foundation.typesetting` runs it.

On standard input JSON: `source` (a path), `fonts` (folders), `data` (for the document, as JSON in a string) and `made`
(in seconds since 1970). On standard output the PDF. Imports nothing of ours, so that it starts at once.
"""

import json
import re
import resource
import sys
from pathlib import Path

import typst

SECONDS, BYTES = 10, 1 << 30
UNPRINTABLE = "could not be displayed"  # in the words of Typst: no font has the letter, which PDF/UA forbids
#: What Fira Sans is sure to have: Latin, Greek, Cyrillic and the marks of our pages. All else becomes a box.
KNOWN = "\n\r\t -~\u00a0-\u017f\u0218-\u021b\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c9\u0410-\u044f–—‘’‚“”„…•€"
FOREIGN = re.compile(f"[^{KNOWN}]")
BOX = "\N{WHITE SQUARE}"


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    asked = json.load(sys.stdin.buffer)
    try:
        paper = press(asked, asked["data"])
    except typst.TypstError as error:
        if UNPRINTABLE not in error.message:
            raise
        paper = press(asked, in_our_letters(asked["data"]))
    sys.stdout.buffer.write(paper)


def press(asked: dict, data: str) -> bytes:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=asked["fonts"])
    source = Path(asked["source"])
    compiler = typst.Compiler(str(source), root=str(source.parent), font_paths=fonts, sys_inputs={"data": data})
    return compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=asked["made"])


def in_our_letters(data: str) -> str:
    """Return the same data with a box for every letter we cannot be sure to have."""
    return json.dumps(_boxed(json.loads(data)))


def _boxed(value):
    if isinstance(value, str):
        return FOREIGN.sub(BOX, value)
    if isinstance(value, list):
        return [_boxed(item) for item in value]
    return {key: _boxed(item) for key, item in value.items()} if isinstance(value, dict) else value


if __name__ == "__main__":
    main()
