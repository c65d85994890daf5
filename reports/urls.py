"""Where a school head begins, and the figures of a school, on the page, as a table and on paper."""

from django.urls import path

from reports import views
from schools.numbers import SCHOOL

urlpatterns = [
    path("reports/remarks/", views.remarks, name="remarks"),
    path("overview/", views.overview, name="overview"),
    path(f"schools/{SCHOOL}/statistics/", views.statistics, name="statistics"),
    path(f"schools/{SCHOOL}/statistics/export/", views.export, name="statistics-export"),
    path(f"schools/{SCHOOL}/statistics/paper/", views.paper, name="statistics-paper"),
]
