"""Short names of campuses in addresses. Some words name pages that stand beside those of the campuses."""

from django.urls import register_converter
from django.urls.converters import SlugConverter

CAMPUS = "<campus_slug:slug>"
RESERVED = frozenset({"absences", "export", "map", "responsibility"})


class CampusSlug(SlugConverter):
    regex = f"(?!(?:{'|'.join(sorted(RESERVED))})/)[-a-zA-Z0-9_]{{1,50}}"


register_converter(CampusSlug, "campus_slug")
