"""Gathers the rows that tie a person to a scope, floor by floor, into one viewer."""

from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, BooleanField, CharField, F, Value
from django.db.models.functions import Cast

from accounts.models import CityRole, User
from campuses.models import CampusAssignment
from foundation.berlin import berlin_day
from foundation.prepared import Prepared
from teams.models import TeamMembership

from .coverage import roster_on
from .models import School, SchoolMembership
from .viewer import OwnSchool, Viewer


def viewer_of(person: User, at: datetime) -> Viewer:
    """Return `person` as a viewer at the instant `at`; two statements, three for a coordinator, read once per person
    and instant.

    Raises nothing for a person without roles; a deactivated person holds none.
    """
    known = getattr(person, "_viewer", None)
    if known is None or known.at != at:
        known = person._viewer = _read(person, at)
    return known


def nobody(at: datetime) -> Viewer:
    """Return the viewer of what happens by itself: no person and no roles, but the roster of the day."""
    return Viewer(AnonymousUser(), at, roster=roster_on(berlin_day(at)))


def _read(person: User, at: datetime) -> Viewer:
    if not person.is_active:
        return Viewer(person, at)
    day = berlin_day(at)
    scopes: dict[str, set[int]] = {}
    own_schools = {}
    for kind, scope, leads, number, name, sort_key, campus in _rows(person.pk, day):
        scopes.setdefault(kind, set()).add(scope)
        if leads:
            scopes.setdefault("leads", set()).add(scope)
        if number:
            own_schools[sort_key, number] = OwnSchool(scope, number, name, campus)

    def ids(kind):
        return frozenset(scopes.get(kind, ()))

    roster = roster_on(day)
    coordinates = CityRole.Role.COORDINATOR in scopes
    return Viewer(
        person,
        at,
        city_roles=frozenset(role for role in CityRole.Role.values if role in scopes),
        teaches_at=ids(SchoolMembership.Role.TEACHER),
        contact_at=ids(SchoolMembership.Role.CONTACT),
        heads=ids(SchoolMembership.Role.HEAD),
        own_schools=tuple(own_schools[key] for key in sorted(own_schools)),
        teams=ids("team"),
        leads=ids("leads"),
        campuses=ids("campus"),
        campus_schools=ids("campus school"),
        # As keys, not as a condition: what reads thousands of tickets is planned by how many schools these are.
        unattended_schools=frozenset(School.objects.unattended(roster).values_list("pk", flat=True))
        if coordinates
        else frozenset(),
        roster=roster,
    )


def _compose_rows(person, day):
    no, nothing = Value(False, BooleanField()), Cast(Value(None), BigIntegerField())
    blank = [Value("", CharField())] * 3
    school = ("school__number", "school__name", "school__sort_key", "school__campus_id")
    city = CityRole.objects.on(day).filter(person=person)
    schools = SchoolMembership.objects.on(day).filter(person=person)
    teams = TeamMembership.objects.on(day).filter(person=person)
    campuses = CampusAssignment.objects.on(day).filter(person=person)
    rows = [
        city.values_list(Cast("role", CharField()), nothing, no, *blank, nothing),
        schools.values_list(Cast("role", CharField()), F("school_id"), no, *map(F, school)),
        teams.values_list(Value("team", CharField()), F("team_id"), F("is_lead"), *blank, nothing),
        campuses.values_list(Value("campus", CharField()), F("campus_id"), no, *blank, nothing),
        School.objects.filter(campus__in=campuses.values("campus")).values_list(
            Value("campus school", CharField()), F("pk"), no, *blank, nothing
        ),
    ]
    first, *others = [row.order_by() for row in rows]
    return first.union(*others, all=True)


_rows = Prepared(_compose_rows, -1, date.min)
