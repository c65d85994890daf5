"""What the API answers to whatever a command or a view raises."""

from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions

from foundation.api.problems import UnknownNames, WrongFilters, problem, sentences
from foundation.paging import WrongCursor
from idempotency.once import InvalidKey, KeyReused, StillRunning
from tickets.commands.base import StaleTicket
from tickets.lifecycle import StepNotAllowed
from tickets.permissions import RatingNotPossible


def answer(exception, context):
    """Return the problem that tells of the exception, or None where it is a fault of ours: that is a 500."""
    match exception:
        case StepNotAllowed() | RatingNotPossible():
            return problem(409, exception, state=exception.status.value)
        case StaleTicket(ticket=ticket):
            headers = {"ETag": f'"{ticket.version}"'}
            return problem(412, headers=headers, version=ticket.version, state=ticket.status)
        case StillRunning():
            return problem(409, exception.message, headers={"Retry-After": "1"})
        case KeyReused():
            return problem(422, exception.message, errors={"Idempotency-Key": [str(exception.message)]})
        case InvalidKey():
            return problem(400, exception.message)
        case WrongCursor():
            return problem(400, _("This cursor is unknown. Take it from `next`."))
        case ObjectDoesNotExist() | Http404() | exceptions.NotFound():
            return problem(404)
        case ValidationError():
            return problem(422, errors=sentences(_told(exception)))
        case exceptions.ValidationError():
            return problem(422, errors=sentences(exception.detail))
        case RequestDataTooBig():
            return problem(413)
        case SuspiciousOperation():
            return problem(400)
        case PermissionDenied():
            return problem(403, exception)
        case exceptions.APIException():
            return _of_the_framework(exception, context)
    return None


def _told(error: ValidationError):
    return error.message_dict if hasattr(error, "error_dict") else error.messages


def _of_the_framework(exception, context):
    """Answer what the REST framework raises by itself, in our words."""
    match exception:
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return problem(exception.status_code, headers={"WWW-Authenticate": "Bearer"})
        case exceptions.PermissionDenied():
            forged = str(exception.detail).startswith("CSRF")
            return problem(403, _("Requests with a session need the header X-CSRFToken.") if forged else "")
        case exceptions.UnsupportedMediaType():
            accepted = ", ".join(parser.media_type for parser in context["view"].parser_classes)
            return problem(415, _("Send the body as %(accepted)s.") % {"accepted": accepted})
        case exceptions.MethodNotAllowed():
            return problem(405)  # the view itself names the methods in `Allow`
        case exceptions.Throttled(wait=wait):
            return problem(429, headers={"Retry-After": str(int(wait or 60))})
        case WrongFilters(errors=errors):
            return problem(400, exception.detail, errors=sentences(errors))
        case UnknownNames() | exceptions.ParseError():
            return problem(400, exception.detail)
    return problem(exception.status_code, exception.detail)
