"""The view all resources share: JSON in and out, German unless English is asked for, nothing kept by a cache."""

from urllib.parse import urlencode

from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.paging import page_of

from .parsers import JsonParser
from .problems import TooLarge

MEGABYTE = 1024 * 1024


class AlwaysJson(BaseContentNegotiation):
    """Answer in JSON whatever was asked for: there is nothing else."""

    def select_parser(self, request, parsers):
        sent = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == sent), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """Who asks has to be signed in or show a key; what is refused is a problem of `foundation.api.problems`."""

    parser_classes = [JsonParser]
    renderer_classes = [JSONRenderer]
    permission_classes = [IsAuthenticated]
    content_negotiation_class = AlwaysJson
    metadata_class = None
    http_method_names = ["get", "head", "post"]
    largest_body = MEGABYTE  # holds everything a person can have typed

    def initial(self, request, *args, **kwargs):
        if _length(request) > self.largest_body:
            sentence = _("The request is larger than %(limit)s MB. Shorten it, or send it in parts.")
            raise TooLarge(sentence % {"limit": self.largest_body // MEGABYTE})
        super().initial(request, *args, **kwargs)

    def dispatch(self, request, *args, **kwargs):
        language = language_asked_for(request)
        with translation.override(language):
            response = super().dispatch(request, *args, **kwargs)
        response.headers["Content-Language"] = language
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["Accept-Language", "Authorization", "Cookie"])
        return response

    def listed(self, rows, serializer, *, order, after="", context=None, keys_first=False, **more) -> Response:
        """Answer one page of rows and the address of the next one."""
        page = page_of(rows, order=order, after=after, keys_first=keys_first)
        results = serializer(page.rows, many=True, context=context or {}).data
        return Response({"results": results, "next": self._next(page.next), **more})

    def _next(self, cursor: str) -> str | None:
        if not cursor:
            return None
        query = {**self.request.query_params.dict(), "cursor": cursor}
        return absolute(f"{self.request.path}?{urlencode(query)}")


def _length(request) -> int:
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdigit() and len(length) < 19 else 0


def absolute(path: str) -> str:
    """Return the full address; the host is configured, never taken from a request."""
    return f"{settings.BASE_URL}{path}"


def language_asked_for(request) -> str:
    """Return "en" where English is asked for first, else "de"."""
    wishes = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return "en" if wishes and wishes[0][0].partition("-")[0] == "en" else "de"
