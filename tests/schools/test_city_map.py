"""The map: true to the earth within a city, and no mark upon another."""

from math import hypot

import pytest

from schools.steering.city_map import APART, LARGEST, SHAPES, SMALLEST, Place, draw, outline, shape_of


def test_a_kilometre_is_as_long_to_the_east_as_to_the_north():
    # At 51.5 degrees, 0.0144 degrees of longitude and 0.008993 of latitude are one kilometre each.
    sheet = draw([Place(1, 51.50, 7.40), Place(2, 51.50, 7.40 + 10 * 0.014444), Place(3, 51.50 + 10 * 0.008993, 7.40)])
    at = {mark.key: mark for mark in sheet.marks}
    east, north = at[2].x - at[1].x, at[1].y - at[3].y
    assert east == pytest.approx(north, rel=0.01)
    assert north / 10 == pytest.approx(sheet.scale / sheet.scale_km, rel=0.01)


def test_north_is_on_top():
    sheet = draw([Place(1, 51.6, 7.4), Place(2, 51.5, 7.4)])
    at = {mark.key: mark for mark in sheet.marks}
    assert at[1].y < at[2].y


def test_schools_at_one_address_stand_side_by_side():
    sheet = draw(Place(key, 51.5, 7.4 + key // 4 * 0.0005, weight=key) for key in range(12))
    for one in sheet.marks:
        assert 0 <= one.x <= sheet.width and 0 <= one.y <= sheet.height
        for other in sheet.marks:
            if one is not other:
                assert hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius - APART


def test_the_size_tells_the_weight_and_an_empty_city_has_an_empty_sheet():
    sheet = draw([Place(1, 51.5, 7.4, weight=0), Place(2, 51.6, 7.5, weight=40)])
    assert {mark.key: mark.radius for mark in sheet.marks} == {1: SMALLEST, 2: LARGEST}
    assert draw([]).marks == []


def test_the_scale_fits_under_the_map_whatever_its_extent():
    for degrees in (0.0001, 0.02, 0.1, 0.4):
        sheet = draw([Place(1, 51.5, 7.4), Place(2, 51.5 + degrees, 7.4)])
        assert 0 < sheet.scale <= 300


def test_campuses_differ_in_shape_and_not_in_colour_alone():
    assert [shape_of(number) for number in range(1, 6)] == [*SHAPES, SHAPES[0]]
    assert outline("circle", 0, 0, 1) == ""
    assert outline("square", 10, 10, 10).count(",") == 4
