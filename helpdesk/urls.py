"""Every address of Campusruf; the apps bring their own."""

from django.urls import path

from helpdesk import health

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]
