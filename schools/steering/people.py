"""Whom the coordination may choose: for a campus, as substitute, as absent; with how many schools they have."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import CityRole, User
from campuses.models import CampusAssignment
from schools.models import Cover

from .access import require_steerer
from .load import Load
from .rosters import Away, Period


def managers(viewer) -> QuerySet[User]:
    """Return who looks after a campus or stands in somewhere, today or later."""
    require_steerer(viewer)
    terms = CampusAssignment.objects.overlapping(viewer.day, None).values("person")
    covers = Cover.objects.overlapping(viewer.day, None).values("substitute")
    return User.objects.active().filter(Q(pk__in=terms) | Q(pk__in=covers)).in_order()


def substitutes(viewer) -> QuerySet[User]:
    """Return who may stand in or take a campus: managers of today or later, former ones, and the helpdesk."""
    require_steerer(viewer)
    helpdesk = CityRole.objects.on(viewer.day).filter(role=CityRole.Role.HELPDESK).values("person")
    terms = CampusAssignment.objects.values("person")
    return User.objects.active().filter(Q(pk__in=terms) | Q(pk__in=helpdesk)).in_order()


def told(person: User, load: Load | None, absences: tuple[Away, ...] = (), during: Period | None = None) -> str:
    """Return how a choice reads: the name, the schools one has, and whether one is away on those days."""
    parts = []
    own, covered = (load.own, load.covered) if load else (0, 0)
    if own:
        parts.append(ngettext("%(count)s school", "%(count)s schools", own) % {"count": own})
    if covered:
        parts.append(_("stands in at %(count)s") % {"count": covered})
    for away in absences:
        if during is not None and away.person.id == person.pk and away.meets(during):
            parts.append(_("absent %(days)s") % {"days": days(away)})
    return f"{person.name} ({', '.join(parts)})" if parts else person.name


def days(period) -> str:
    """Return a period in words: one day, from one to another, or from a day on."""
    first = _short(period.starts_on)
    if period.ends_on is None:
        return _("from %(day)s on") % {"day": first}
    if period.ends_on == period.starts_on:
        return first
    return _("%(first)s to %(last)s") % {"first": first, "last": _short(period.ends_on)}


def _short(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
