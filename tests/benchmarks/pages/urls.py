"""Every address of Campusruf, and those that it is measured against."""

from django.urls import path

from helpdesk.urls import *  # noqa: F403
from helpdesk.urls import urlpatterns as own

from . import views

urlpatterns = [
    path("benchmark/empty/", views.empty),
    path("benchmark/bare/", views.bare),
    path("benchmark/size/", views.size),
    *own,
]
