"""The fingerprint: equal for the same request sent again, different for another one."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request

from idempotency.fingerprint import fingerprint_of


def form(path="/tickets/new/", **data):
    return fingerprint_of(RequestFactory().post(path, data))


def api(body, path="/api/v1/tickets/"):
    text = body if isinstance(body, str) else json.dumps(body)
    request = RequestFactory().post(path, text, content_type="application/json")
    return fingerprint_of(Request(request, parsers=[JSONParser()]))


def photo(content=b"photo", name="photo.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def test_the_same_form_has_the_same_fingerprint_whatever_its_token():
    assert form(text="Kein Bild", csrfmiddlewaretoken="a", idempotency_key="1") == form(
        text="Kein Bild", csrfmiddlewaretoken="b", idempotency_key="2"
    )


@pytest.mark.parametrize(
    "other", [{"text": "Kein Ton"}, {"text": "Kein Bild", "room": "1"}, {"text": ["Kein Bild", "Kein Bild"]}, {}]
)
def test_another_form_has_another_one(other):
    assert form(text="Kein Bild") != form(**other)


def test_another_address_or_method_has_another_one():
    assert form("/tickets/DO-2026-1/accept/") != form("/tickets/DO-2026-2/accept/")
    assert form("/tickets/?a=1") != form("/tickets/?a=2")
    assert fingerprint_of(RequestFactory().put("/tickets/")) != fingerprint_of(RequestFactory().post("/tickets/"))


def test_the_order_and_the_spaces_of_json_do_not_matter():
    assert api('{"a": 1, "b": [1, 2]}') == api('{"b":[1,2],"a":1}')


@pytest.mark.parametrize("other", ['{"a": 2}', '{"a": "1"}', '{"a": true}', '{"a": [1]}', '{"a": null}', "[1]"])
def test_another_value_in_json_does(other):
    assert api('{"a": 1}') != api(other)


def test_text_that_is_not_proper_unicode_has_a_fingerprint_too():
    assert api('{"a": "\\ud800"}') != api('{"a": "\\ud801"}')


def test_files_count_by_their_content():
    assert form(photo=photo()) == form(photo=photo())
    assert form(photo=photo()) != form(photo=photo(b"another"))
    assert form(photo=[photo(), photo(b"two")]) != form(photo=[photo()])


def test_a_file_can_still_be_read_afterwards():
    request = RequestFactory().post("/tickets/new/", {"photo": photo(b"x" * 200_000)})
    fingerprint_of(request)
    assert request.FILES["photo"].read() == b"x" * 200_000


def test_the_api_may_send_files_as_well():
    def fingerprint(content):
        request = RequestFactory().post("/api/v1/tickets/DO-2026-1/attachments/", {"file": photo(content)})
        return fingerprint_of(Request(request, parsers=[MultiPartParser()]))

    assert fingerprint(b"one") == fingerprint(b"one")
    assert fingerprint(b"one") != fingerprint(b"two")
