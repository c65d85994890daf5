"""Reads the campuses with their terms and the absences with their covers: two statements, whatever their number."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject

from campuses.models import Absence, Campus, CampusAssignment
from schools.models import Cover, School
from schools.roster import Manager
from schools.viewer import Viewer

from .rosters import Away, Rosters, StandIn, Term


@dataclass(frozen=True)
class Steered:
    """Everything coordination steers, as it is today and later. `campuses` and `schools` in German order."""

    campuses: tuple[Campus, ...]
    schools: tuple[School, ...]
    rosters: Rosters

    def campus(self, pk: int | None) -> Campus | None:
        return next((campus for campus in self.campuses if campus.pk == pk), None)

    def away(self, pk: int) -> Away | None:
        return next((away for away in self.rosters.absences if away.pk == pk), None)


def read_steered(viewer: Viewer, *, since: date | None = None) -> Steered:
    """Return what the viewer may steer or read of campuses, with terms and absences from `since` on (today)."""
    since = since or viewer.day
    campuses = tuple(_with_terms(since).filter(pk__in=Campus.objects.visible_to(viewer)).order_by("sort_key"))
    schools = School.objects.visible_to(viewer).running(viewer.day).alphabetical()
    known = tuple(schools.only("number", "name", "form", "district", "latitude", "longitude", "campus_id", "sort_key"))
    terms = tuple(_term(row, campus.pk) for campus in campuses for row in campus.term_rows)
    absences = tuple(_away(absence) for absence in _with_covers(since))
    return Steered(campuses, known, Rosters(terms, absences, {school.pk: school.campus_id for school in known}))


def _with_terms(since):
    terms = CampusAssignment.objects.overlapping(since, None).filter(campus=OuterRef("pk"), person__is_active=True)
    row = JSONObject(**_days(), **_person("person"))
    return Campus.objects.annotate(term_rows=ArraySubquery(terms.order_by("starts_on").values(row=row)))


def _with_covers(since):
    covers = Cover.objects.filter(Q(ends_on=None) | Q(ends_on__gte=since), absence=OuterRef("pk"))
    covers = covers.filter(substitute__is_active=True).order_by("starts_on", "school__sort_key")
    row = JSONObject(school="school_id", **_days(), **_person("substitute"))
    absences = Absence.objects.overlapping(since, None).annotate(cover_rows=ArraySubquery(covers.values(row=row)))
    return absences.select_related("person").order_by("starts_on", F("person__sort_key"), "pk")


def _days():
    return {"pk": "pk", "starts_on": "starts_on", "ends_on": "ends_on"}


def _person(name):
    return {"person": f"{name}_id", **{key: f"{name}__{key}" for key in ("first_name", "last_name", "phone")}}


def _manager(row) -> Manager:
    return Manager(row["person"], f"{row['first_name']} {row['last_name']}", row["phone"])


def _when(row) -> tuple[date, date | None]:
    return date.fromisoformat(row["starts_on"]), date.fromisoformat(row["ends_on"]) if row["ends_on"] else None


def _term(row, campus: int) -> Term:
    return Term(*_when(row), pk=row["pk"], campus=campus, person=_manager(row))


def _away(absence: Absence) -> Away:
    person = Manager(absence.person_id, absence.person.name, absence.person.phone)
    covers = tuple(
        StandIn(*_when(row), pk=row["pk"], school=row["school"], substitute=_manager(row))
        for row in absence.cover_rows
    )
    return Away(absence.starts_on, absence.ends_on, pk=absence.pk, person=person, covers=covers)
