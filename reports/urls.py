"""Figures of a school, on the page and as a table."""

from django.urls import path

from reports import views
from schools.numbers import SCHOOL

urlpatterns = [
    path("reports/remarks/", views.remarks, name="remarks"),
    path(f"schools/{SCHOOL}/statistics/", views.statistics, name="statistics"),
    path(f"schools/{SCHOOL}/statistics/export/", views.export, name="statistics-export"),
]
