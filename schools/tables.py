"""The lists of schools, and those of one school, as tables to take along."""

from collections.abc import Iterable
from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.tables import Column, Table

from .directory import Directory
from .models import Contact, Room, School


def table_of_schools(directory: Directory) -> Table:
    """Return all schools found, with where they are and who is on duty."""

    def on_duty(school: School) -> str:
        manager = directory.viewer.manager_of(school)
        return manager.name if manager else _("Coordination")

    columns = [
        Column(gettext_lazy("school number"), attrgetter("number")),
        Column(gettext_lazy("school"), attrgetter("name")),
        Column(gettext_lazy("school form"), School.get_form_display),
        Column(gettext_lazy("street"), attrgetter("street")),
        Column(gettext_lazy("postal code"), attrgetter("postal_code")),
        Column(gettext_lazy("city"), attrgetter("city")),
        Column(gettext_lazy("district"), attrgetter("district")),
        Column(gettext_lazy("campus"), lambda school: school.campus and school.campus.name),
        Column(gettext_lazy("On duty"), on_duty),
    ]
    schools = list(directory.listed)
    return Table("schools", _("Schools"), columns, schools, len(schools), directory.asked_for)


def table_of_rooms(school: School, rooms: Iterable[Room]) -> Table:
    """Return the rooms of a school in the order of their page."""
    columns = [
        Column(gettext_lazy("building or floor"), attrgetter("building")),
        Column(gettext_lazy("room"), attrgetter("name")),
        Column(gettext_lazy("site"), lambda room: room.site and room.site.name),
        Column(gettext_lazy("in use"), attrgetter("active")),
    ]
    rows = list(rooms)
    return Table("rooms", f"{_('Rooms')} {school.number}", columns, rows, len(rows), {"school": school.number})


def table_of_contacts(school: School, contacts: Iterable[Contact]) -> Table:
    """Return whom one reaches at a school, and how."""
    columns = [
        Column(gettext_lazy("name"), attrgetter("name")),
        Column(gettext_lazy("function"), attrgetter("function")),
        Column(gettext_lazy("telephone"), attrgetter("phone")),
        Column(gettext_lazy("e-mail"), attrgetter("email")),
        Column(gettext_lazy("when to reach"), attrgetter("reachable")),
    ]
    rows, title = list(contacts), f"{_('Contact persons')} {school.number}"
    return Table("contacts", title, columns, rows, len(rows), {"school": school.number})
