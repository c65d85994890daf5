"""Schools in the settings, and the roles that are tied to a school or a campus."""

from schools.admin import places, roles, schools

__all__ = ["places", "roles", "schools"]
