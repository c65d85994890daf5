"""What coordination and administration steer, as tables to take along: campuses, absences, and who stands in."""

from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.tables import Column, Table

from .absence_page import AbsencePage, SchoolLine, Stretch
from .overview import AbsenceLine, CampusLine, Overview
from .people import days


def table_of_campuses(overview: Overview, *, counted: bool) -> Table:
    """Return the campuses of today with whoever is on duty, and with their open reports where these are counted."""
    columns = [
        Column(gettext_lazy("campus"), attrgetter("campus.name")),
        Column(gettext_lazy("Campus management"), lambda line: line.manager and line.manager.name),
        Column(gettext_lazy("absent"), attrgetter("is_absent")),
        Column(gettext_lazy("On duty"), _on_duty),
        Column(gettext_lazy("Schools"), lambda line: len(line.schools)),
        Column(gettext_lazy("schools nobody is on duty for"), lambda line: len(line.unattended)),
    ]
    if counted:
        columns.append(Column(gettext_lazy("Open reports"), attrgetter("open")))
    return Table("campuses", _("Campuses"), columns, overview.campuses, len(overview.campuses))


def table_of_absences(overview: Overview) -> Table:
    """Return who is absent now or later, who stands in, and what is left alone."""
    columns = [
        Column(gettext_lazy("person"), attrgetter("away.person.name")),
        Column(gettext_lazy("from"), attrgetter("away.starts_on")),
        Column(gettext_lazy("until"), attrgetter("away.ends_on")),
        Column(gettext_lazy("substitute"), _substitutes),
        Column(gettext_lazy("nobody is on duty"), _left_alone),
    ]
    return Table("absences", _("Absences"), columns, overview.absences, len(overview.absences))


def table_of_covers(page: AbsencePage) -> Table:
    """Return one absence school by school: who stands in from when until when."""
    columns = [
        Column(gettext_lazy("school number"), lambda row: row[0].school.number),
        Column(gettext_lazy("school"), lambda row: row[0].school.name),
        Column(gettext_lazy("from"), lambda row: row[1].starts_on),
        Column(gettext_lazy("until"), lambda row: row[1].ends_on),
        Column(gettext_lazy("substitute"), lambda row: ", ".join(person.name for person in row[1].substitutes)),
        Column(gettext_lazy("On duty"), lambda row: row[1].on_duty.name if row[1].on_duty else _("Coordination")),
    ]
    rows: list[tuple[SchoolLine, Stretch]] = [(line, part) for line in page.schools for part in line.stretches]
    title = f"{_('Absence')} {page.away.person.name}"
    return Table("covers", title, columns, rows, len(rows), {"absence": str(page.away.pk)})


def _on_duty(line: CampusLine) -> str:
    return ", ".join(duty.person.name for duty in line.on_duty)


def _substitutes(line: AbsenceLine) -> str:
    return ", ".join(person.name for person in line.substitutes)


def _left_alone(line: AbsenceLine) -> str:
    told = (f"{days(part.gap)}: {', '.join(school.name for school in part.schools)}" for part in line.uncovered)
    return "; ".join(told)
