"""Where the parts of a drawing lie. Pure: numbers in, the attributes of SVG out, which the templates draw.

No script and no style: so a chart prints, works without JavaScript and passes the content security policy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 34, 6, 26, 34
DIGITS, DIGIT = 2, 9  # so many fit left of the chart; what each further one needs
WIDEST = 40  # of a column
CORNER, GAP = 4, 2


@dataclass(frozen=True)
class Line:
    """A line across the chart, with the number it stands for."""

    y: str
    value: int


@dataclass(frozen=True)
class Column:
    """One column: `lower` solved, `upper` all that was not; paths, empty where there is nothing to draw."""

    label: str
    total: int
    middle: str
    above: str
    lower: str
    upper: str
    solved: str = "0"  # as long as the whole scale is 100, for where the columns lie
    rest: str = "0"


@dataclass(frozen=True)
class Columns:
    """A chart of stacked columns."""

    lines: list[Line]
    columns: list[Column]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    labels_at: int = HEIGHT - 10


def stacked(rows: Sequence[tuple[str, int, int]]) -> Columns:
    """Return the chart of these rows: label, the number below, the number above it."""
    step, steps = scale(max((below + above for _label, below, above in rows), default=0))
    height = HEIGHT - TOP - BOTTOM
    left = LEFT + DIGIT * max(0, len(f"{step * steps:,}") - DIGITS)

    def y(value):
        return TOP + height - height * value / (step * steps)

    slot = (WIDTH - left - RIGHT) / max(len(rows), 1)
    width = min(WIDEST, slot * 0.6)
    columns = []
    for place, (label, below, above) in enumerate(rows):
        x = left + slot * place + (slot - width) / 2
        top = y(below + above)
        columns.append(
            Column(
                label=label,
                total=below + above,
                middle=short(x + width / 2),
                above=short(top - 7),
                lower=_block(x, y(0), y(below), width, is_top=not above) if below else "",
                upper=_block(x, y(below) - (GAP if below else 0), top, width, is_top=True) if above else "",
                solved=short(100 * below / (step * steps)),
                rest=short(100 * above / (step * steps)),
            )
        )
    return Columns([Line(short(y(step * n)), step * n) for n in range(steps + 1)], columns, left=left)


def scale(most: int) -> tuple[int, int]:
    """Return the smallest step (1, 2 or 5 times a power of ten) that reaches `most` in five, and how many it takes."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * 5 >= most:
                return step, max(1, -(-most // step))
        power *= 10


def short(value: float) -> str:
    """Return a number as SVG reads it, in whatever language the page is."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _block(x: float, bottom: float, top: float, width: float, *, is_top: bool) -> str:
    """Return the outline of a block, its upper corners round where nothing stands on it."""
    top = min(top, bottom)
    corner = min(CORNER, (bottom - top) / 2) if is_top else 0
    right = x + width
    return (
        f"M{short(x)} {short(bottom)}V{short(top + corner)}"
        f"Q{short(x)} {short(top)} {short(x + corner)} {short(top)}"
        f"H{short(right - corner)}Q{short(right)} {short(top)} {short(right)} {short(top + corner)}"
        f"V{short(bottom)}Z"
    )
