"""Reads the roster of a day from the rows of assignments, absences and covers."""

from datetime import date, datetime

from django.db.models import BigIntegerField, CharField, F, Value
from django.db.models.functions import Cast, Concat

from accounts.models import CityRole
from campuses.models import Absence, CampusAssignment
from foundation.berlin import berlin_day
from foundation.prepared import Prepared
from teams.models import TeamMembership

from .models import Cover, School
from .roster import Manager, Roster

SHARED_BY_THE_CITY = (CityRole.Role.HELPDESK, CityRole.Role.COORDINATOR)


def roster_on(day: date) -> Roster:
    """Return who is on duty on `day`, read in one statement whatever the number of schools."""
    managers, absent, covers, campus_of, names = {}, set(), {}, {}, {}
    city: dict[str, set[int]] = {}
    specialists = set()
    for kind, place, campus, away, person, name, phone, campus_name in _roster_rows(day):
        if kind == "manager":
            names[place] = campus_name
            managers[place] = Manager(person, name, phone)
        elif kind == "absent":
            absent.add(person)
        elif kind == "specialist":
            specialists.add((place, person))
        elif kind != "cover":
            city.setdefault(kind, set()).add(person)
        else:
            covers[away, place] = Manager(person, name, phone)
            campus_of[place] = campus
    return Roster(
        managers,
        frozenset(absent),
        covers,
        campus_of,
        names,
        helpdesk=frozenset(city.get(CityRole.Role.HELPDESK, ())),
        coordination=frozenset(city.get(CityRole.Role.COORDINATOR, ())),
        specialists=frozenset(specialists),
    )


def manager_on_duty(school: School, at: datetime) -> Manager | None:
    """Return who is on duty for `school` at that instant, or None when nobody is."""
    return roster_on(berlin_day(at)).manager_of(school.pk, school.campus_id)


def _compose_rows(day):
    nothing = Cast(Value(None), BigIntegerField())
    blank = Value("", CharField())
    # Who may not sign in any more is on duty nowhere; their schools land with the coordination.
    managers = (
        CampusAssignment.objects.on(day)
        .filter(person__is_active=True)
        .values_list(
            Value("manager"),
            "campus_id",
            nothing,
            nothing,
            "person_id",
            _name("person"),
            "person__phone",
            "campus__name",
        )
    )
    absences = Absence.objects.on(day).values_list(
        Value("absent"), nothing, nothing, nothing, "person_id", blank, blank, blank
    )
    covers = (
        Cover.objects.on(day)
        .filter(absence__in=Absence.objects.on(day), substitute__is_active=True)
        .values_list(
            Value("cover"),
            "school_id",
            F("school__campus_id"),
            F("absence__person_id"),
            "substitute_id",
            _name("substitute"),
            "substitute__phone",
            blank,
        )
    )
    shared = CityRole.objects.on(day).filter(role__in=SHARED_BY_THE_CITY, person__is_active=True)
    city = shared.values_list(Cast("role", CharField()), nothing, nothing, nothing, "person_id", blank, blank, blank)
    members = TeamMembership.objects.on(day).filter(person__is_active=True)
    specialists = members.values_list(
        Value("specialist"), "team_id", nothing, nothing, "person_id", blank, blank, blank
    )
    others = [rows.order_by() for rows in (absences, covers, city, specialists)]
    return managers.order_by().union(*others, all=True)


_roster_rows = Prepared(_compose_rows, date.min)


def _name(person: str):
    return Concat(f"{person}__first_name", Value(" "), f"{person}__last_name", output_field=CharField())
