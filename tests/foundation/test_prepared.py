"""A prepared statement answers like the queryset it was composed from, for every value."""

from django.db.models import Value

from foundation.prepared import Prepared
from schools.models import Room


def test_each_call_gets_its_own_values(city):
    composed = []

    def compose(school):
        composed.append(school)
        return Room.objects.filter(school=school).order_by("name").values_list("name", Value(0))

    rooms = Prepared(compose, -1)
    assert rooms(city.brecht.pk) == [("A 204", 0), ("B 112", 0)]
    assert rooms(city.kant.pk) == [("K 1", 0)]
    assert composed == [-1]
