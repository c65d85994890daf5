"""Bodies and filters of requests: known names only, each with its field."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError

from foundation.paging import LONGEST_CURSOR

from .fields import Line
from .problems import UnknownNames, WrongFilters


class Body(serializers.Serializer):
    """What may be written. Unknown keys are refused (400); fields to mend are 422, keyed by field."""

    @classmethod
    def read(cls, request, **context) -> dict:
        """Return what the request carries, clean; `context` is for the fields."""
        if not isinstance(request.data, Mapping):
            raise ParseError(_("The body must be a JSON object: {…}."))
        body = cls(data=request.data, context=context)
        refuse_unknown(request.data, body.fields)
        body.is_valid(raise_exception=True)
        return body.validated_data


class Nothing(Body):
    """A body without any key; it may be left out altogether."""


class Filters(serializers.Serializer):
    """How a list may be narrowed. Unknown filters and values are refused (400), each filter stands once."""

    cursor = Line(
        max_length=LONGEST_CURSOR,
        default="",
        allow_blank=True,
        help_text="Where the page begins; taken from `next`.",
    )

    @classmethod
    def read(cls, request, **context) -> dict:
        """Return the filters of the request, clean."""
        given = request.query_params
        filters = cls(data=given.dict(), context=context)
        refuse_unknown(given, filters.fields)
        twice = [name for name, values in given.lists() if len(values) > 1]
        if twice:
            raise UnknownNames(_("Each filter may be given once. Twice: %(names)s.") % {"names": ", ".join(twice)})
        if not filters.is_valid():
            raise WrongFilters(filters.errors)
        return filters.validated_data


def refuse_unknown(given, known) -> None:
    """Raise UnknownNames where a name is given that is not known."""
    unknown = [_printable(name) for name in given if name not in known]
    if not unknown:
        return
    names = {"unknown": ", ".join(unknown[:10]), "known": ", ".join(known)}
    if known:
        raise UnknownNames(_("Unknown: %(unknown)s. Known here: %(known)s.") % names)
    raise UnknownNames(_("Unknown: %(unknown)s. Nothing is expected here.") % names)


def _printable(name: str) -> str:
    """Return a name from outside so that it can be shown, whatever is in it."""
    return str(name)[:40].encode("unicode_escape").decode("ascii")
