"""What every request gets and every response carries."""

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from schools.duties import viewer_of

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


class RequestClock:
    """Read the clock once a request: `request.at` is the instant at which all of it happens."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.at = timezone.now()
        return self.get_response(request)


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
