"""Whatever is answered, and by whom: the browser is told what it may do with it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.commands.tokens import create_token
from tests.city import MONDAY
from tickets.commands.attach import attach_photos
from tickets.photos import clean_photo

METRICS = "nur-fuer-prometheus-2026"
ON_EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}


@pytest.fixture
def site(settings, tmp_path, monkeypatch):
    """Campusruf as it runs behind https, with one collected static file."""
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "app.css").write_text("h1 { margin: 0 }")
    settings.WHITENOISE_USE_FINDERS = False
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.METRICS_TOKEN = METRICS
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


@pytest.fixture
def guest(site):
    """Return a function that asks over https and checks what comes, whoever asks."""
    browsers = {}

    def ask(status, address, *, by=None, method="get", data=None, **more):
        client = browsers.setdefault(
            by, Client(raise_request_exception=False, enforce_csrf_checks=more.pop("csrf", False))
        )
        if by:
            client.force_login(by)
        answer = getattr(client, method)(address, data, secure=True, **more)
        assert answer.status_code == status, address
        told = {name: answer.headers.get(name) for name in ON_EVERY_ANSWER}
        assert told == ON_EVERY_ANSWER, address
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "geolocation=()" in answer.headers["Permissions-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers
        return answer

    return ask


def test_pages_redirects_and_refusals(city, guest):
    ticket = city.report(confidential=True)
    guest(200, "/login/")
    guest(302, "/tickets/")
    guest(200, "/tickets/", by=city.teacher)
    guest(200, ticket.get_absolute_url(), by=city.teacher)
    guest(404, ticket.get_absolute_url(), by=city.colleague)
    guest(404, "/there/is/nothing/here")
    guest(301, "/tickets", by=city.teacher)
    guest(405, "/operations/again/", by=city.administrator)
    guest(422, "/tickets/new/", by=city.teacher, method="post", data={"school": "100001"})
    guest(400, "/login/", headers={"host": "evil.example.org"})
    guest(200, "/settings/", by=city.administrator)


def test_a_form_without_its_token_is_refused(city, guest):
    guest(403, "/logout/", by=city.teacher, method="post", csrf=True)


def test_files_and_what_is_not_one(city, guest):
    data = io.BytesIO()
    Image.new("RGB", (8, 8)).save(data, "PNG")
    photo = clean_photo(SimpleUploadedFile("tafel.png", data.getvalue()))
    [attachment] = attach_photos(ticket=city.report(), photos=[photo], by=city.teacher, at=MONDAY)
    shown = guest(200, attachment.get_absolute_url(), by=city.teacher)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    guest(404, attachment.get_absolute_url(), by=city.kant_teacher)
    static = guest(200, "/static/app.css")
    assert static.headers["Content-Type"].startswith("text/css")
    guest(304, "/static/app.css", headers={"If-None-Match": static.headers["ETag"]})
    guest(405, "/static/app.css", method="post")
    guest(404, "/static/nothing.css")


def test_the_api(city, guest):
    _token, secret = create_token(person=city.teacher, name="Werkstatt", by=None, at=MONDAY)
    key = {"Authorization": f"Bearer {secret}"}
    json = {"content_type": "application/json", "headers": key, "method": "post"}
    guest(200, "/api/v1/tickets/", headers=key)
    guest(401, "/api/v1/tickets/")
    guest(404, "/api/v1/tickets/DO-2026-999/", headers=key)
    guest(405, "/api/v1/tickets/", method="put", headers=key)
    guest(400, "/api/v1/tickets/?nothing=1", headers=key)
    guest(422, "/api/v1/tickets/", data="{}", **json)
    guest(413, "/api/v1/tickets/", data="x" * 1_100_000, **json)
    guest(415, "/api/v1/tickets/", data="<xml/>", **{**json, "content_type": "text/xml"})
    guest(200, "/api/v1/schema/", headers=key)
    guest(200, "/api/v1/docs/", headers=key)


def test_health_and_metrics(db, guest):
    guest(200, "/health/live")
    guest(200, "/health/ready")
    guest(200, "/metrics", headers={"Authorization": f"Bearer {METRICS}"})
    guest(401, "/metrics")


@pytest.mark.parametrize("address", ["/health/ready", "/api/v1/schools/"])
def test_a_fault_of_ours(db, guest, monkeypatch, address):
    def broken(*args, **kwargs):
        raise RuntimeError("invented")

    monkeypatch.setattr("helpdesk.health.examine", broken)
    monkeypatch.setattr("foundation.api.views.language_asked_for", broken)
    guest(500, address)
