"""The list of schools: those the viewer sees, searched and narrowed, in German order."""

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
        self.page: Page = Paginator(self._found(q, campus), ROWS_A_PAGE).get_page(page)
        for school in self.page.object_list:
            school.on_duty = viewer.manager_of(school)

    def _found(self, q, campus) -> QuerySet[School]:
        schools = School.objects.visible_to(self.viewer).alphabetical().select_related("campus")
        if campus is not None:
            schools = schools.filter(campus=campus)
        for word in q.split()[:WORDS_AT_MOST]:
            schools = schools.filter(_has(word))
        return schools.only("number", "name", "form", "district", "campus__name")


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
