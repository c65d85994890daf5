"""Who one may name: colleagues of a school, and those who work for it."""

from django.db.models import Q, QuerySet

from accounts.models import CityRole, User
from campuses.models import CampusAssignment
from foundation.berlin import berlin_day

from .models import Cover, School, SchoolMembership
from .viewer import Viewer


def colleagues_at(school: School, viewer: Viewer) -> QuerySet[User]:
    """Return for whom the viewer may report at `school`: its members, for its IT contact and the first level."""
    allowed = viewer.is_helpdesk or school.pk in viewer.contact_at or viewer.has_on_duty(school)
    if not allowed:
        return User.objects.none()
    members = SchoolMembership.objects.on(berlin_day(viewer.at)).filter(school=school)
    return User.objects.filter(is_active=True, pk__in=members.values("person")).order_by("sort_key", "pk")


def workers_for(school: School, viewer: Viewer) -> QuerySet[User]:
    """Return who may take a ticket of `school` at the first level: its manager, substitutes, the helpdesk."""
    day = berlin_day(viewer.at)
    return User.objects.filter(
        Q(pk__in=CampusAssignment.objects.on(day).filter(campus=school.campus_id).values("person"))
        | Q(pk__in=Cover.objects.on(day).filter(school=school).values("substitute"))
        | Q(pk__in=CityRole.objects.on(day).filter(role=CityRole.Role.HELPDESK).values("person")),
        is_active=True,
    ).order_by("sort_key", "pk")


def people_visible_to(viewer: Viewer) -> QuerySet[User]:
    """Return whom the viewer may name at all: oneself, colleagues of schools one serves, and who works there."""
    day = berlin_day(viewer.at)
    scope = Q(pk=viewer.person.pk)
    if viewer.is_helpdesk:
        schools = School.objects.all()
    else:
        schools = School.objects.filter(
            Q(pk__in=viewer.contact_at | viewer.covered_schools) | Q(campus__in=viewer.campuses)
        )
    if viewer.works_first_level or viewer.contact_at:
        scope |= Q(pk__in=SchoolMembership.objects.on(day).filter(school__in=schools).values("person"))
    if viewer.works_first_level or viewer.is_coordinator:
        scope |= Q(pk__in=CampusAssignment.objects.on(day).values("person"))
        scope |= Q(pk__in=CityRole.objects.on(day).filter(role=CityRole.Role.HELPDESK).values("person"))
    return User.objects.filter(scope, is_active=True)
