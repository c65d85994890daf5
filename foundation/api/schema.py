"""How operations are described in OpenAPI: every one with its answers, the refusing ones included."""

from collections.abc import Iterable
from functools import cache

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from . import problems


class ProblemSerializer(serializers.Serializer):
    """Why a request was refused (RFC 9457)."""

    type = serializers.CharField(help_text="Where this kind of problem is explained.")
    title = serializers.CharField(help_text="What this kind of problem is called.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    detail = serializers.CharField(help_text="What is wrong and what to do, in the language asked for.")
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Sentences keyed by field or filter; what concerns none of them stands under `request`.",
    )
    state = serializers.CharField(required=False, help_text="409 and 412: the state the ticket is in now.")
    version = serializers.IntegerField(required=False, help_text="412: the version the ticket has now.")


MEANINGS = {
    400: "The request is not understood: malformed JSON, an unknown key or filter, a value it does not take.",
    401: "Nobody is signed in, or the key is wrong, expired or withdrawn.",
    403: "Not yours to do.",
    404: "Does not exist, or is not yours to see.",
    405: "This address does not offer this method.",
    409: "Not possible in the state the ticket is in (`state`), or the same request is still being processed.",
    412: "The ticket is no longer in the version of `If-Match`; `version` and `state` say what it is now.",
    413: "The request is too large.",
    415: "The content type is not accepted.",
    422: "Fields need mending (`errors`), or the Idempotency-Key was used for another request.",
    429: "Too many requests; `Retry-After` says when to come back.",
}
READING = (400, 401, 404, 429)
WRITING = (400, 401, 403, 404, 409, 413, 415, 422, 429)

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Up to 128 visible ASCII characters, chosen by you, best a UUID. The same request with the same key "
    "takes effect once; sent again within 90 days it is answered as before, with `Idempotent-Replayed: true`.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description='The `version` of the ticket you saw, in quotation marks as in `ETag`: `"3"`. Without it the step '
    "applies to whatever the ticket is now.",
)


def operation(
    name: str,
    summary: str,
    description: str,
    *,
    tag: str,
    answers: dict,
    body=None,
    problems_of: Iterable[int] = READING,
    parameters: Iterable = (),
):
    """Describe one method of a view. `answers` are those that succeed; the problems it names are added."""
    refusals = {
        (status, problems.MEDIA_TYPE): OpenApiResponse(ProblemSerializer, MEANINGS[status]) for status in problems_of
    }
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=description,
        tags=[tag],
        request=body,
        responses={**answers, **refusals},
        parameters=list(parameters),
    )


@cache  # one page, one component of the document
def page_schema(row: type[serializers.Serializer], **more) -> type[serializers.Serializer]:
    """Return how a page of such rows looks."""
    fields = {
        "results": row(many=True),
        "next": serializers.URLField(allow_null=True, help_text="The address of the next page, null on the last one."),
        **more,
    }
    name = row.__name__.removesuffix("Serializer") + "Page"
    return type(f"{name}Serializer", (serializers.Serializer,), fields)
