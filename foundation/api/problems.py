"""Answers that refuse, as `application/problem+json` (RFC 9457): what is wrong and what to do, in one sentence."""

from collections.abc import Mapping
from http import HTTPStatus

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"
#: Each type is a section of the API's documentation.
TYPE = "/api/v1/docs/#problem-{status}"
#: What a problem is called, and what is said where nothing more precise is known.
KINDS = {
    400: (_("Not understood"), _("The request could not be understood.")),
    401: (_("Not signed in"), _("Sign in, or send a valid key: Authorization: Bearer …")),
    403: (_("Not allowed"), _("This is not yours to do.")),
    404: (_("Not found"), _("This does not exist, or it is not yours to see.")),
    405: (_("Method not offered"), _("This address does not offer this method.")),
    409: (_("Not possible now"), _("This is not possible now.")),
    412: (_("Changed meanwhile"), _("Somebody changed this meanwhile. Read it again and decide again.")),
    413: (_("Too large"), _("The request is too large.")),
    415: (_("Content type not accepted"), _("This content type is not accepted here.")),
    422: (_("Entries to mend"), _("Some entries cannot be accepted.")),
    429: (_("Too many requests"), _("These were too many requests. Try again later.")),
    500: (_("Something went wrong"), _("Something went wrong here. Try again later.")),
}
_OF_NO_FIELD = {"__all__": "request", "non_field_errors": "request"}  # as Django and the REST framework name it


class UnknownNames(APIException):
    """The request names keys or filters that do not exist (400); guessing what was meant would lose something."""

    status_code = HTTPStatus.BAD_REQUEST
    default_detail = KINDS[400][1]


class WrongFilters(APIException):
    """Known filters carry values that mean nothing (400); `errors` says for each what it takes."""

    status_code = HTTPStatus.BAD_REQUEST
    default_detail = _("A filter has a value that it does not take.")

    def __init__(self, errors: Mapping):
        super().__init__()
        self.errors = errors


class TooLarge(APIException):
    """The body is larger than anything this address can use (413)."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = KINDS[413][1]


def problem(status: int, detail="", *, headers: Mapping | None = None, **more) -> Response:
    """Return the answer; `more` are members beside the standard ones, such as `errors` and `state`."""
    title, usual = KINDS.get(status, KINDS[400 if status < 500 else 500])
    data = {
        "type": TYPE.format(status=status),
        "title": str(title),
        "status": status,
        "detail": str(detail or usual),
        **more,
    }
    return Response(data, status=status, headers=headers, content_type=MEDIA_TYPE)


def sentences(detail) -> dict[str, list[str]]:
    """Return a serializer's errors as lists of sentences, keyed by field; what concerns no field under `request`."""
    if not isinstance(detail, Mapping):
        return {"request": _flat(detail)}
    return {_OF_NO_FIELD.get(name, name): _flat(value) for name, value in detail.items()}


def _flat(value) -> list[str]:
    if isinstance(value, Mapping):
        return [sentence for inner in value.values() for sentence in _flat(inner)]
    if isinstance(value, list | tuple):
        return [sentence for inner in value for sentence in _flat(inner)]
    return [str(value)]
