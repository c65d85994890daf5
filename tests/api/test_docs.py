"""The description of the API is complete, valid, and readable without asking anybody else."""

import re

import pytest
from django.urls import get_resolver
from openapi_spec_validator import OpenAPIV31SpecValidator

from helpdesk.api_docs import description


@pytest.fixture
def schema(client, db):
    answer = client.get("/api/v1/schema/")
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json()


def operations(schema):
    return [(path, method, told) for path, methods in schema["paths"].items() for method, told in methods.items()]


def test_the_schema_is_valid_openapi(schema):
    assert schema["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(schema).validate()


def test_every_address_is_described(schema):
    patterns = next(one for one in get_resolver().url_patterns if str(one.pattern) == "api/v1/").url_patterns
    described = {re.sub(r"\{\w+\}", "*", path) for path in schema["paths"]}
    for pattern in patterns:
        if pattern.name not in ("api-schema", "api-docs", "api-nowhere"):
            address = re.sub(r"\(\?P<\w+>(?:[^()]*)\)", "*", str(pattern.pattern).strip("^$"))
            assert f"/api/v1/{address}" in described


def test_every_operation_says_what_it_does_and_how_it_refuses(schema):
    for path, method, told in operations(schema):
        where = f"{method} {path}"
        assert told["summary"], where
        assert told["description"], where
        assert {"400", "401"} <= set(told["responses"]), where
        for status, answer in told["responses"].items():
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], where
        headers = {one["name"] for one in told["parameters"] if one["in"] == "header"}
        assert ("Idempotency-Key" in headers) == (method == "post"), where
        assert ("If-Match" in headers) == ("412" in told["responses"]), where


def test_the_description_is_english_and_asks_nobody(schema):
    told = str(schema)
    assert "Meldung" not in told
    assert "Neu'" not in told
    assert not re.findall(r"https?://(?!json-schema)", told)


def test_the_page_shows_every_operation_without_a_script_of_its_own(client, db):
    answer = client.get("/api/v1/docs/")
    page = answer.content.decode()
    for operation in operations(description()):
        assert f'id="{operation[2]["operationId"]}"' in page
    assert "<style" not in page
    assert " style=" not in page
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.findall(r'(?:src|href)="https?:', page)


def test_a_problem_leads_to_its_explanation(client, db):
    kind = client.get("/api/v1/tickets/").json()["type"]
    page, _hash, section = kind.partition("#")
    assert f'id="{section}"' in client.get(page).content.decode()
