"""The schools on a map drawn from their coordinates: no tiles, nothing from elsewhere. Pure.

Within a city the earth is flat: a degree of longitude counts as many kilometres as the cosine of the latitude says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, radians, sin, sqrt

KM_A_DEGREE = 111.2  # of latitude
WIDTH = 1000.0
MARGIN = 46.0
NEAREST_KM = 4.0  # across: nearer one would see streets, and there are none
BARS_KM = (5, 2, 1)
LONGEST_BAR = 300.0
GOLDEN_ANGLE = pi * (3 - sqrt(5))
ROUNDS = 60  # in which crowded marks give way
SMALLEST, LARGEST = 13.0, 24.0
APART = 2.0
SHAPES = ("circle", "square", "diamond", "hexagon")
CORNERS = {
    "square": ((-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)),
    "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "hexagon": ((-0.55, -0.96), (0.55, -0.96), (1.1, 0), (0.55, 0.96), (-0.55, 0.96), (-1.1, 0)),
}


@dataclass(frozen=True)
class Place:
    """Something at a place on the earth, with the weight its mark shows."""

    key: int
    latitude: float
    longitude: float
    weight: int = 0


@dataclass
class Mark:
    """Where the map shows it, and how large."""

    key: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class CityMap:
    """Marks on a sheet of `width` by `height`; `scale` is how long a bar of `scale_km` kilometres is."""

    marks: Sequence[Mark]
    width: float = WIDTH
    height: float = WIDTH
    scale: float = 0.0
    scale_km: int = BARS_KM[-1]


def draw(places: Iterable[Place]) -> CityMap:
    """Return the map of these places, north on top; crowded marks stand side by side instead of on each other."""
    places = list(places)
    if not places:
        return CityMap([])
    middle = sum(place.latitude for place in places) / len(places)
    points = [
        (place.longitude * KM_A_DEGREE * cos(radians(middle)), -place.latitude * KM_A_DEGREE) for place in places
    ]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    wide, high = max(x for x, _ in points) - left, max(y for _, y in points) - top
    a_kilometre = (WIDTH - 2 * MARGIN) / max(wide, high, NEAREST_KM)
    heaviest = max(place.weight for place in places)
    marks = [
        Mark(place.key, MARGIN + (x - left) * a_kilometre, MARGIN + (y - top) * a_kilometre, _radius(place, heaviest))
        for place, (x, y) in zip(places, points, strict=True)
    ]
    height = max(high * a_kilometre + 2 * MARGIN, 4 * MARGIN)
    _stir(marks)
    _make_room(marks, height)
    bar = next((km for km in BARS_KM if km * a_kilometre <= LONGEST_BAR), BARS_KM[-1])
    return CityMap(marks, WIDTH, round(height), round(bar * a_kilometre, 1), bar)


def shape_of(number: int) -> str:
    """Return the shape of the campus with this number: neighbours in the list differ in more than colour."""
    return SHAPES[(number - 1) % len(SHAPES)]


def outline(shape: str, x: float, y: float, radius: float) -> str:
    """Return the corners of a shape as the attribute `points` takes them; nothing for a circle."""
    return " ".join(f"{x + radius * dx:.1f},{y + radius * dy:.1f}" for dx, dy in CORNERS.get(shape, ()))


def _radius(place, heaviest) -> float:
    """The area tells the weight, because people compare areas."""
    return SMALLEST + (LARGEST - SMALLEST) * sqrt(place.weight / heaviest) if heaviest else SMALLEST


def _stir(marks: list[Mark]) -> None:
    """Move each mark by less than one sees, all in other directions: those of one address could not part otherwise."""
    for number, mark in enumerate(marks):
        mark.x += cos(GOLDEN_ANGLE * number)
        mark.y += sin(GOLDEN_ANGLE * number)


def _make_room(marks: list[Mark], height: float) -> None:
    """Push marks apart that overlap, a little each round, and keep them on the sheet."""
    for _round in range(ROUNDS):
        moved = False
        marks.sort(key=lambda mark: (mark.x, mark.y, mark.key))
        for index, one in enumerate(marks):
            for other in marks[index + 1 :]:
                if other.x - one.x > 2 * LARGEST + APART:
                    break
                moved = _part(one, other) or moved
        for mark in marks:
            mark.x = min(max(mark.x, mark.radius + APART), WIDTH - mark.radius - APART)
            mark.y = min(max(mark.y, mark.radius + APART), height - mark.radius - APART)
        if not moved:
            return


def _part(one: Mark, other: Mark) -> bool:
    dx, dy = other.x - one.x, other.y - one.y
    distance = hypot(dx, dy)
    lacking = one.radius + other.radius + APART - distance
    if lacking <= 0:
        return False
    half = lacking / 2 + 0.01
    one.x, one.y = one.x - dx / distance * half, one.y - dy / distance * half
    other.x, other.y = other.x + dx / distance * half, other.y + dy / distance * half
    return True
