"""Where a school head begins, and the figures of a school and of the city, as pages, as tables and on paper."""

from django.urls import path

from reports import views
from reports.annual import views as annual
from reports.city import views as city
from schools.numbers import SCHOOL

urlpatterns = [
    path("reports/remarks/", views.remarks, name="remarks"),
    path("overview/", views.overview, name="overview"),
    path("reports/", city.city, name="city"),
    path("reports/export/", city.export, name="city-export"),
    path("reports/parts/<slug:by>/<str:slug>/", city.part, name="city-part"),
    path("reports/parts/<slug:by>/<str:slug>/export/", city.part_export, name="city-part-export"),
    path("reports/annual/<str:key>/", annual.table, name="annual"),
    path("reports/annual/<str:key>/export/", annual.export, name="annual-export"),
    path("reports/annual/<str:key>/<str:row>/<str:column>/", annual.cell, name="annual-cell"),
    path(f"schools/{SCHOOL}/statistics/", views.statistics, name="statistics"),
    path(f"schools/{SCHOOL}/statistics/export/", views.export, name="statistics-export"),
    path(f"schools/{SCHOOL}/statistics/paper/", views.paper, name="statistics-paper"),
]
