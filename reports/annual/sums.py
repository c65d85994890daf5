"""Whether what a source prints adds up. Pure: printed values go in, what does not fit comes out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.annual.sheets import CHANGE, FORMS, SUM, Sheet

Place = tuple[str, str]  # row and column


@dataclass(frozen=True)
class Printed:
    """A printed figure and the printed figures it is made of.

    `is_limit`: it need not be the same, but no more.
    """

    row: str
    column: str
    printed: int
    parts: tuple[int, ...]
    is_limit: bool = False

    @property
    def computed(self) -> int:
        return sum(self.parts)

    @property
    def fits(self) -> bool:
        return self.printed <= self.computed if self.is_limit else self.printed == self.computed


def misfits(sheet: Sheet, printed: Mapping[Place, int]) -> list[Printed]:
    """Return what does not add up in a printed table; what is not printed is not asked for."""
    return [found for found in _sums(sheet, printed) if not found.fits]


def _sums(sheet: Sheet, printed: Mapping[Place, int]) -> Iterator[Printed]:
    for column in sheet.all_columns:
        parts = _of(printed, [(form, column.key) for form in FORMS])
        if parts and (SUM, column.key) in printed:
            yield Printed(SUM, column.key, printed[SUM, column.key], parts)
    for row in (*FORMS, SUM, CHANGE):
        parts = _of(printed, [(row, key) for key in sheet.total])
        if parts and (row, SUM) in printed:
            yield Printed(row, SUM, printed[row, SUM], parts)
        if sheet.difference and all((row, key) in printed for key in sheet.difference):
            result, whole, less = (printed[row, key] for key in sheet.difference)
            yield Printed(row, sheet.difference[0], result, (whole, -less))
        if sheet.at_most and row != CHANGE:
            some, limit = (_of(printed, [(row, key) for key in keys]) for keys in sheet.at_most)
            if some and limit:
                yield Printed(row, sheet.at_most[0][0], sum(some), limit, is_limit=True)


def _of(printed: Mapping[Place, int], places: list[Place]) -> tuple[int, ...]:
    return tuple(printed[place] for place in places if place in printed)
