"""Everything a person holds now or later, for their account page."""

from datetime import datetime

from accounts.models import User
from accounts.roles import RoleLine, city_role_lines
from campuses.models import CampusAssignment
from foundation.berlin import berlin_day
from teams.models import TeamMembership

from .models import SchoolMembership
from .viewer import Role


def role_lines(person: User, *, at: datetime) -> list[RoleLine]:
    """Return the roles of all floors that hold on the day of `at` or begin later; four statements."""
    today = berlin_day(at)

    def held(model, scope):
        rows = model.objects.filter(person=person).overlapping(today, None)
        return rows.select_related(scope).order_by("starts_on", "pk")

    lines = city_role_lines(person, at=at)
    for row in held(CampusAssignment, "campus"):
        lines.append(RoleLine(Role.CAMPUS_MANAGER.label, row.campus.name, row.starts_on, row.ends_on))
    for row in held(TeamMembership, "team"):
        lines.append(RoleLine(Role.SECOND_LEVEL.label, row.team.name, row.starts_on, row.ends_on))
    for row in held(SchoolMembership, "school"):
        lines.append(RoleLine(row.get_role_display(), row.school.name, row.starts_on, row.ends_on))
    return lines
