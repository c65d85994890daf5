"""What the frame of every page shows: where one can go, whom to call, what is unread."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from foundation.prepared import Prepared
from notifications.models import OutboxMessage
from pages.models import SiteSettings
from schools.models.school import ATTRIBUTION
from schools.permissions import reads_city_figures
from schools.viewer import OwnSchool, Role, Viewer

NOBODY = 0
MOST_UNREAD = 99
SITE_FACTS = [field.attname for field in SiteSettings._meta.concrete_fields]


def _compose_sites(person):
    """Return the settings with the number of unread notices of a person, none counted beyond `MOST_UNREAD`."""
    unread = OutboxMessage.objects.visible_to(Viewer(person, datetime.min)).unread().order_by()
    some = ArraySubquery(unread.values("pk")[: MOST_UNREAD + 1])
    rows = SiteSettings.objects.filter(pk=SiteSettings.ONLY)
    return rows.values_list(*SITE_FACTS, Func(some, function="cardinality", output_field=IntegerField()))


_sites = Prepared(_compose_sites, -1)


@dataclass(frozen=True)
class Entry:
    """One main area, or one role to work in."""

    url: str
    label: str
    icon: str = ""
    badge: int = 0
    current: bool = False


@dataclass(frozen=True)
class Duty:
    """Who is on duty for one school."""

    school: str
    name: str
    phone: str


class Shell:
    """The frame around a page for whoever looks at it; signed out it shows the hotline only."""

    def __init__(self, request):
        self.request = request
        user = getattr(request, "user", None)
        self.signed_in = bool(user and user.is_authenticated)
        self.viewer = request.viewer if self.signed_in else None

    @property
    def theme(self) -> str:
        return getattr(self.request, "theme", "system")

    @cached_property
    def _site(self) -> SiteSettings:
        """The settings and the number of unread notices, in one statement."""
        found = _sites(self.viewer.person.pk if self.signed_in else NOBODY)
        if not found:
            return SiteSettings()
        [(*facts, unread)] = found
        site = SiteSettings(**dict(zip(SITE_FACTS, facts, strict=True)))
        site.unread = unread
        return site

    @property
    def unread(self) -> int | str:
        """The number of unread notices, or "99+"; 0 is false."""
        unread = getattr(self._site, "unread", 0)
        return unread if unread <= MOST_UNREAD else f"{MOST_UNREAD}+"

    @cached_property
    def hotline(self) -> dict | None:
        site = self._site
        if not site.hotline_phone:
            return None
        return {"phone": site.hotline_phone, "tel": site.hotline_dial, "hours": site.hotline_hours}

    @property
    def _own_schools(self) -> tuple[OwnSchool, ...]:
        return self.viewer.own_schools if self.signed_in else ()

    @cached_property
    def on_duty(self) -> list[Duty]:
        """Who comes to the viewer's schools; the coordination where nobody is on duty."""
        duties = []
        for school in self._own_schools:
            manager = self.viewer.manager_of(school)
            name, phone = (manager.name, manager.phone) if manager else (_("Coordination"), "")
            duties.append(Duty(school.name, name, phone))
        return duties

    @property
    def subtitle(self) -> str:
        if not self.signed_in:
            return _("IT help for schools")
        if self._own_schools:
            return self._own_schools[0].name if len(self._own_schools) == 1 else _("My schools")
        names = self.viewer.roster.names
        campuses = [_("Campus %(name)s") % {"name": names[pk]} for pk in sorted(self.viewer.campuses) if pk in names]
        if campuses:
            return ", ".join(campuses)
        return self.viewer.roles[0].label if self.viewer.roles else _("IT help for schools")

    @cached_property
    def nav(self) -> list[Entry]:
        if not self.signed_in:
            return []
        viewer, entries = self.viewer, []
        if viewer.roles[:1] == [Role.HEAD]:
            entries.append(("overview", [], _("Overview"), "home"))
        if viewer.works_first_level or viewer.is_coordinator:
            entries.append(("queue", [], _("Today"), "today"))
        if viewer.teams:
            entries.append(("triage", [], _("Inbox"), "inbox"))
        if viewer.is_helpdesk:
            entries.append(("calls", [], _("Call"), "call"))
        if viewer.may_report:
            entries.append(("report", [], _("Report"), "add_circle"))
        entries.append(("tickets", [], _("Reports"), "list_alt"))
        if viewer.is_staff or viewer.city_roles:
            entries.append(("schools", [], _("Schools"), "school"))
        elif self._own_schools:
            entries.append(("school", [self._own_schools[0].number], _("My school"), "school"))
        if headed := [school.number for school in self._own_schools if school.pk in viewer.heads]:
            entries.append(("statistics", [headed[0]], _("Statistics"), "bar_chart"))
        if reads_city_figures(viewer):
            entries.append(("city", [], _("City") if headed else _("Statistics"), "bar_chart"))
        if viewer.is_coordinator or viewer.is_administrator:
            entries.append(("campuses", [], _("Campuses"), "map"))
        if viewer.is_administrator:
            entries.append(("operations", [], _("Operations"), "monitor_heart"))
            entries.append(("settings:index", [], _("Settings"), "settings"))
        return [self._entry(reverse(name, args=args), label, icon) for name, args, label, icon in entries]

    def _entry(self, url, label, icon):
        return Entry(url, label, icon, current=self.request.path == url)

    @cached_property
    def roles(self) -> list[Entry]:
        if not self.signed_in:
            return []
        return [Entry(reverse("start", args=[role]), role.label) for role in self.viewer.roles]

    @property
    def attribution(self) -> str:
        """The sources of the school data; shown wherever school data is, which is on every page inside."""
        return ATTRIBUTION if self.signed_in else ""


def shell(request):
    """Offer `shell` to every template; nothing is read until a template asks."""
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
