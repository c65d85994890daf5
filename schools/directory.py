"""The list of schools: those the viewer sees, searched and narrowed, in German order."""

from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from campuses.models import Campus

from .models import School
from .viewer import Viewer

ROWS_A_PAGE = 50
WORDS_AT_MOST = 6


class Directory:
    """One page of schools with whoever is on duty for each; two statements."""

    def __init__(self, viewer: Viewer, *, q: str = "", campus: Campus | None = None, page: str = "1"):
        self.viewer = viewer
        self.q, self.campus, self._page = q, campus, page

    @cached_property
    def page(self) -> Page:
        schools = self.listed.only("number", "name", "form", "district", "campus__name")
        page = Paginator(schools, ROWS_A_PAGE).get_page(self._page)
        for school in page.object_list:
            school.on_duty = self.viewer.manager_of(school)
        return page

    @property
    def asked_for(self) -> dict[str, str]:
        """The parameters that lead back to these schools."""
        asked = {"q": self.q, "campus": self.campus.slug if self.campus else ""}
        return {name: value for name, value in asked.items() if value}

    @property
    def listed(self) -> QuerySet[School]:
        """All schools found."""
        schools = School.objects.visible_to(self.viewer).alphabetical().select_related("campus")
        if self.campus is not None:
            schools = schools.filter(campus=self.campus)
        for word in self.q.split()[:WORDS_AT_MOST]:
            schools = schools.filter(_has(word))
        return schools


def _has(word: str) -> Q:
    """Match a word of the name (with or without its umlauts), the number, the street or the district."""
    return (
        Q(name__icontains=word)
        | Q(sort_key__contains=word.lower())
        | Q(official_name__icontains=word)
        | Q(number__startswith=word)
        | Q(street__icontains=word)
        | Q(district__icontains=word)
    )
