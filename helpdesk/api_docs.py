"""The description of the API: OpenAPI for programs, a plain page for people. Both come from the same source.

The usual viewers break our content security policy or ask a foreign host, so the page is rendered here.
"""

from dataclasses import dataclass
from functools import cache

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from markdown_it import MarkdownIt

from foundation.api.problems import KINDS
from foundation.api.schema import MEANINGS
from foundation.api.views import ApiView

_markdown = MarkdownIt("zero", {"html": False}).enable(["list", "backticks", "escape"])


class BearerScheme(OpenApiAuthenticationExtension):
    """How the keys of accounts are described."""

    target_class = "accounts.api_auth.BearerAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "A personal key, from the account page."}


@extend_schema(exclude=True)
class Nowhere(ApiView):
    """Every other address below the API does not exist, and says so in the language of the API."""

    authentication_classes = ()
    permission_classes = ()

    def initial(self, request, *args, **kwargs):
        raise Http404


@cache
def description() -> dict:
    """Return the API as an OpenAPI document; it is the same for everybody, and in English."""
    with translation.override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)


@require_safe
def schema(request):
    """Answer the OpenAPI document. It tells nothing about anybody, so no key is needed."""
    return JsonResponse(description())


@require_safe
def docs(request):
    """Show the same as a page."""
    with translation.override("en"):
        problems = [(status, str(KINDS[status][0]), _prose(meaning)) for status, meaning in MEANINGS.items()]
    return render(request, "api/docs.html", {"groups": groups(), "problems": problems})


@dataclass
class Field:
    """A parameter, or a key of a body or an answer."""

    name: str
    kind: str
    required: bool = False
    text: str = ""


@dataclass
class Operation:
    """One method of one address."""

    id: str
    method: str
    path: str
    summary: str
    text: str
    parameters: list[Field]
    body: list[Field]
    answers: list[tuple[str, str]]
    answer: list[Field]
    is_list: bool


@cache
def groups() -> list[tuple[str, list[Operation]]]:
    """Return the operations under their headings, in the order of the addresses."""
    found: dict[str, list[Operation]] = {}
    for path, methods in description()["paths"].items():
        for method, told in methods.items():
            found.setdefault(told["tags"][0], []).append(_operation(path, method, told))
    return list(found.items())


def _operation(path, method, told) -> Operation:
    answers = told["responses"]
    shape = _shape(answers[min(answers)])
    rows = shape.get("properties", {}).get("results", {}).get("items")
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        text=_prose(told["description"]),
        parameters=[_parameter(one) for one in told.get("parameters", [])],
        body=_fields(_shape(told.get("requestBody"))),
        answers=[(status, _meaning(status, answer)) for status, answer in answers.items()],
        answer=_fields(_resolved(rows) if rows else shape),
        is_list=rows is not None,
    )


def _meaning(status, answer) -> str:
    done = {"204": "Done; the ticket is no longer yours to see."}.get(status, "Done.")
    said = answer.get("description")
    return mark_safe(_markdown.renderInline(done if not said or said == "No response body" else said))


def _parameter(one) -> Field:
    kind = f"{one['in']}, {_kind(one['schema'])}"
    return Field(one["name"], kind, one.get("required", False), _prose(one.get("description", "")))


def _shape(holder) -> dict:
    """Return how a body or an answer looks; of several shapes the first, which tells most."""
    media = next(iter((holder or {}).get("content", {}).values()), {})
    shape = _resolved(media.get("schema", {}))
    return _resolved(shape["oneOf"][0]) if "oneOf" in shape else shape


def _fields(shape) -> list[Field]:
    required = shape.get("required", [])
    return [
        Field(name, _kind(schema), name in required, _prose(_resolved(schema).get("description", "")))
        for name, schema in shape.get("properties", {}).items()
    ]


def _kind(schema) -> str:
    """Return what a value is, in few words."""
    shape = _resolved(schema)
    for choice in shape.get("oneOf", []):
        if choice.get("type") != "null":
            return f"{_kind(choice)} or null"
    if "properties" in shape:
        return "{" + ", ".join(shape["properties"]) + "}"
    kinds = shape.get("type", "object")
    if kinds == "array":
        return f"list of {_kind(shape['items'])}"
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return " or ".join(shape.get("format", kind) if kind == "string" else kind for kind in kinds)


def _prose(text: str) -> SafeString:
    return mark_safe(_markdown.render(text).strip())


def _resolved(schema) -> dict:
    """Follow references to the named shapes of the document."""
    if "allOf" in schema and len(schema["allOf"]) == 1:
        return {**_resolved(schema["allOf"][0]), **{key: value for key, value in schema.items() if key != "allOf"}}
    if "$ref" not in schema:
        return schema
    return _resolved(description()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
