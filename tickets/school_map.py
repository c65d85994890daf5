"""The map of the schools and the same as a list by district: where they lie, which campus, how much is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.utils.translation import gettext as _

from campuses.models import Campus
from schools.models import School
from schools.roster import Manager
from schools.steering.city_map import CityMap, Mark, Place, draw, outline, shape_of
from schools.steering.overview import Overview
from schools.viewer import Viewer
from tickets.oversight import open_by_school

CIRCLE = "circle"


@dataclass(frozen=True)
class Spot:
    """One school on the map and in the list."""

    school: School
    campus: Campus | None
    number: int | None  # of the campus on the map
    manager: Manager | None
    open: int
    counted: bool

    @property
    def title(self) -> str:
        """What a mark says: school, campus, who is on duty, how much is open."""
        # The number stands on the mark, so it belongs to what is read out.
        campus = f"{self.number} {self.campus.name}" if self.campus else f"– {_('no campus')}"
        parts = [self.school.name, campus]
        parts.append(self.manager.name if self.manager else _("nobody is on duty"))
        if self.counted:
            parts.append(_("open: %(count)s") % {"count": self.open})
        return " · ".join(parts)


@dataclass(frozen=True)
class Drawn:
    """A spot with the geometry of its mark; `ring` is drawn around schools nobody is on duty for."""

    spot: Spot
    mark: Mark
    shape: str

    @property
    def points(self) -> str:
        return outline(self.shape, self.mark.x, self.mark.y, self.mark.radius)

    @property
    def baseline(self) -> float:
        """Where the number stands, so that it lies in the middle of the mark."""
        return self.mark.y + 5

    @property
    def ring(self) -> float:
        return self.mark.radius * 1.25 + 3

    @property
    def left(self) -> float:
        """The corner of a square mark."""
        return self.mark.x - self.mark.radius


@dataclass(frozen=True)
class Key:
    """One line of the legend."""

    number: int
    campus: Campus
    shape: str
    points: str
    schools: int
    current: bool


@dataclass(frozen=True)
class District:
    name: str
    spots: Sequence[Spot]


class SchoolMap:
    """The schools of the city, narrowed by campus (slug) and district; four statements for a coordinator."""

    def __init__(self, viewer: Viewer, *, campus: str = "", district: str = ""):
        self.viewer = viewer
        self.campus = campus
        self.district = district

    @cached_property
    def _overview(self) -> Overview:
        return Overview(self.viewer)

    @cached_property
    def _all(self) -> list[Spot]:
        counts = open_by_school(self.viewer) if self.counted else {}
        overview = self._overview
        campuses = {campus.pk: campus for campus in overview.steered.campuses}
        return [
            Spot(
                school,
                campuses.get(school.campus_id),
                overview.numbers.get(school.campus_id),
                overview.on_duty(school),
                counts.get(school.pk, 0),
                self.counted,
            )
            for school in overview.steered.schools
        ]

    @property
    def counted(self) -> bool:
        """Whether the viewer oversees reports; the administration does not."""
        return self.viewer.is_coordinator

    @cached_property
    def spots(self) -> list[Spot]:
        """The chosen schools in German order."""
        return [
            spot
            for spot in self._all
            if self.campus in ("", spot.campus.slug if spot.campus else "-")
            and self.district in ("", spot.school.district)
        ]

    @cached_property
    def sheet(self) -> CityMap:
        """The drawing of all schools, whatever is chosen: each stays where people remember it."""
        return draw(
            Place(spot.school.pk, float(spot.school.latitude), float(spot.school.longitude), spot.open)
            for spot in self._all
            if spot.school.latitude is not None and spot.school.longitude is not None
        )

    @cached_property
    def drawn(self) -> list[Drawn]:
        """The marks of the chosen schools, from the north down, so that the keyboard walks as one reads."""
        spots = {spot.school.pk: spot for spot in self.spots}
        marks = sorted(self.sheet.marks, key=lambda mark: (round(mark.y / 60), mark.x))
        return [
            Drawn(spots[mark.key], mark, shape_of(spots[mark.key].number) if spots[mark.key].number else CIRCLE)
            for mark in marks
            if mark.key in spots
        ]

    @property
    def others(self) -> list[Mark]:
        """Where the schools lie that were not chosen: dots to find one's way by."""
        chosen = {spot.school.pk for spot in self.spots}
        return [mark for mark in self.sheet.marks if mark.key not in chosen]

    @property
    def scale_word(self) -> float:
        """Where the word of the scale bar stands: right of it."""
        return self.sheet.scale + 34

    @property
    def word_line(self) -> float:
        """The line on which scale and north are written, below the marks."""
        return self.sheet.height + 14

    @property
    def bottom(self) -> float:
        return self.sheet.height + 30

    @property
    def without_place(self) -> int:
        """How many of the chosen schools have no coordinates."""
        return len(self.spots) - len(self.drawn)

    @property
    def legend(self) -> list[Key]:
        keys = []
        for number, campus in enumerate(self._overview.steered.campuses, 1):
            shape = shape_of(number)
            count = sum(spot.number == number for spot in self._all)
            points = outline(shape, 18, 18, 13)
            keys.append(Key(number, campus, shape, points, count, campus.slug == self.campus))
        return keys

    @property
    def all_districts(self) -> list[str]:
        return sorted({spot.school.district for spot in self._all if spot.school.district})

    @property
    def districts(self) -> list[District]:
        """The chosen schools by district; those that state none come last."""
        ordered = sorted(self.spots, key=lambda spot: (not spot.school.district, spot.school.district))
        return [District(name, list(spots)) for name, spots in groupby(ordered, key=lambda spot: spot.school.district)]

    @property
    def asked_for(self) -> dict[str, str]:
        """The parameters that lead back to these schools."""
        asked = {"campus": self.campus, "district": self.district}
        return {name: value for name, value in asked.items() if value}

    @property
    def unattended(self) -> int:
        return sum(spot.manager is None for spot in self.spots)
