"""Every address of Campusruf; the apps bring their own."""

from django.urls import include, path

from accounts.admin_site import site
from accounts.views import account
from helpdesk import errors, health, home, metrics, operations
from schools.role_lines import role_lines

urlpatterns = [
    path("account/", account.account, {"roles_of": role_lines}, name="account"),
    path("", include("accounts.urls")),
    path("", include("pages.urls")),
    path("", include("schools.urls")),
    path("", include("notifications.urls")),
    path("", include("tickets.urls")),
    path("", include("reports.urls")),
    path("", include("textmodules.urls")),
    path("", home.home, name="home"),
    path("api/v1/", include("helpdesk.api")),
    path("start/<slug:role>/", home.start, name="start"),
    path("operations/", operations.operations, name="operations"),
    path("operations/live/", operations.live, name="operations-live"),
    path("operations/again/", operations.all_again, name="operations-all-again"),
    path("operations/again/<slug:kind>/<int:pk>/", operations.again, name="operations-again"),
    path("settings/", site.urls),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics.metrics, name="metrics"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
