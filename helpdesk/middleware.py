"""What every request gets and every response carries."""

import re
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from helpdesk.logs import request_id
from schools.duties import viewer_of

REQUEST_ID = re.compile("[A-Za-z0-9_-]{8,64}")
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


class ClockAndId:
    """Read the clock once a request, and give it a name for the log.

    `request.at` is the instant at which all of it happens. `request.id` is that of our own reverse proxy, if it gave
    one, and stands in the answer.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.at = timezone.now()
        given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
        request.id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        before = request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(before)
        response.headers["X-Request-ID"] = request.id
        return response


class Seclusion:
    """Switch off what no page uses, and keep every answer from being embedded by pages of others.

    Photos come from the file picker, which needs no camera permission.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class ViewerMiddleware:
    """Give every request of a signed-in person its viewer: who asks, now, with the reach of all their roles."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.viewer = SimpleLazyObject(lambda: viewer_of(request.user, request.at))
        return self.get_response(request)
