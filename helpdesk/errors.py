"""Turns what commands raise into answers people can act on: page or fragment, in plain words, with the right code."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from accounts.commands import ExportRefused
from foundation.api.problems import MEDIA_TYPE, problem
from foundation.paging import WrongCursor
from idempotency.once import InvalidKey, KeyReused, StillRunning
from tickets.commands.base import StaleTicket
from tickets.lifecycle import StepNotAllowed
from tickets.permissions import RatingNotPossible, StepForbidden


def bad_request(request, exception=None):
    return _page(request, 400)


def forbidden(request, exception=None):
    return _page(request, 403)


def not_found(request, exception=None):
    return _page(request, 404)


@requires_csrf_token
def broken(request):
    if request.path.startswith("/api/"):
        return JsonResponse(problem(500).data, status=500, content_type=MEDIA_TYPE)
    return _page(request, 500)


@requires_csrf_token
def csrf_failure(request, reason=""):
    return _page(request, 403, "403_csrf")


class ErrorAnswers:
    """Answer what a command refuses: 404 not yours to see, 409 not now, 412 changed meanwhile, 422 used before,
    429 one at a time."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        match exception:
            case ObjectDoesNotExist() | WrongCursor():
                return not_found(request)
            case StepForbidden():
                return forbidden(request)
            case StepNotAllowed() | RatingNotPossible():
                return _refused(request, 409, _("This is not possible now"), str(exception))
            case StillRunning():
                return _refused(request, 409, _("This is already being sent"), str(exception.message))
            case StaleTicket():
                return _refused(
                    request,
                    412,
                    _("Somebody was faster"),
                    _("The report %(number)s was changed meanwhile. Look at it and decide again.")
                    % {"number": exception.ticket.number},
                    url=exception.ticket.get_absolute_url(),
                )
            case KeyReused():
                return _refused(request, 422, _("This was sent before"), str(exception.message))
            case ExportRefused():
                answer = _refused(request, exception.status, exception.title, exception.text)
                answer.headers["Retry-After"] = str(exception.retry_after)
                return answer
            case InvalidKey():
                return bad_request(request)
        return None


def _page(request, status, name=""):
    name = name or str(status)
    partial = getattr(request, "htmx", False)
    return render(request, f"errors/_{name}.html" if partial else f"{name}.html", status=status)


def _refused(request, status, title, text, url=""):
    template = "errors/_refused.html" if getattr(request, "htmx", False) else "errors/refused.html"
    return render(request, template, {"title": title, "text": text, "url": url}, status=status)
