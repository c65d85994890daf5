"""What a page asks by itself: nothing new (204), what changed, or one plain sentence that ends the asking.

A poll never leads to the sign-in, and never shows a page of its own inside another one.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tickets.live import Seen

#: The frame of a page for a poll: the parts of it that are told anew, without the frame of the page.
PARTS = "tickets/_live_parts.html"


def polled(*, gone: str, closed: str = ""):
    """Answer a page's own questions; `gone` is the sentence for 404, `closed` for 403 (both lazily translated).

    Who is not signed in any more, or is somebody else by now, gets 401.
    """

    def decorate(view):
        @never_cache
        @wraps(view)
        def answer(request, *args, **kwargs):
            sent = request.POST if request.method == "POST" else request.GET
            if not request.user.is_authenticated or not Seen.asked(sent).is_of(request.viewer):
                return _ended(request, 401, _("Please sign in again. Copy what you have typed here first."))
            try:
                return view(request, *args, **kwargs)
            except Http404:
                return _ended(request, 404, gone)
            except PermissionDenied:
                return _ended(request, 403, closed or gone)

        return answer

    return decorate


def unchanged() -> HttpResponse:
    """Say that nothing of the page is different."""
    return HttpResponse(status=204)


def _ended(request, status, sentence):
    context = {"sentence": sentence, "signed_out": status == 401, "back": _address_of_page(request)}
    return render(request, "tickets/_live_ended.html", context, status=status)


def _address_of_page(request) -> str:
    """Return the path of the page that asks, to come back to after signing in."""
    address = request.htmx.current_url_abs_path or "/"
    return address if address.startswith("/") and not address.startswith("//") else "/"
