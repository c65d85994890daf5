"""The operators' page in a browser: in order when all is well and when nothing is; it tells by itself what changes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AccessMail
from calendars.models import Recomputation
from foundation.berlin import berlin_day
from notifications.models import Mail, OutboxMessage
from pulse.models import Heartbeat, sent_on
from pulse.signs import leave_sign
from tests.browser.conftest import PHONE
from tickets.models import Deadline


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def at_work(city, now):
    for name in (Heartbeat.SWEEP, Heartbeat.DELIVERY, Heartbeat.BEAT, f"{Heartbeat.WORKER}celery@worker-1"):
        leave_sign(name, at=now + timedelta(minutes=2))
    leave_sign(sent_on(berlin_day(now)), at=now, counted={"sent": 128})


@pytest.fixture
def in_trouble(city, at_work, now):
    """Nothing has come for minutes, mail is late, work is put aside, due times are being worked out anew."""
    city.report(at=now)
    since = now - timedelta(hours=3)
    Heartbeat.objects.update(at=now - timedelta(minutes=7))
    Deadline.objects.filter(kind="resolution").update(parked_at=since, attempts=5, last_error="KeyError")
    Deadline.objects.filter(kind="first_response").update(next_at=since)
    OutboxMessage.objects.owed().update(due_at=now - timedelta(minutes=12))
    facts = {"created_at": since, "due_at": since, "attempts": 8, "parked_at": since}
    for error in ("SMTPRecipientsRefused", "UnicodeEncodeError"):
        Mail.objects.create(recipient=city.teacher, kind="single", last_error=error, **facts)
    AccessMail.objects.create(kind="reset", email="x@city.example", requested_at=since, attempts=5)
    asked = {"requested_by": city.administrator, "requested_at": now - timedelta(minutes=9)}
    name = "Servicezeiten der städtischen Berufskollegs und Weiterbildungskollegs"
    Recomputation.objects.create(reason="calendar", name=name, total=48211, done=19300, **asked)
    Recomputation.objects.create(reason="policy", name="Standard", **asked)
    Recomputation.objects.create(reason="upgrade", total=51, done=51, moved=7, requested_at=since, finished_at=since)


@pytest.mark.parametrize("state", ["at_work", "in_trouble"])
def test_the_page_is_in_order(state, request, city, live_server, new_page, sign_in, check_page, pictures):
    request.getfixturevalue(state)
    for scheme in ("light", "dark"):
        page = sign_in(new_page(viewport=PHONE, color_scheme=scheme, has_touch=True), city.administrator)
        page.goto(f"{live_server}/operations/")
        if scheme == "light":
            pictures(page, f"operations-{state}")
        check_page(page)


def test_a_recomputation_moves_before_ones_eyes_and_parked_work_goes_away(
    in_trouble, city, live_server, page, sign_in
):
    sign_in(page, city.administrator).goto(f"{live_server}/operations/")
    bar = page.get_by_role("progressbar").first
    assert bar.get_attribute("value") == "40"
    Recomputation.objects.filter(done=19300).update(done=38600)
    page.locator("progress[value='80']").wait_for()
    page.get_by_role("button", name="Alles noch einmal versuchen").click()
    page.get_by_text("4 Arbeiten werden mit dem nächsten Takt noch einmal versucht.").wait_for()
    assert page.get_by_text("Nichts ist liegen geblieben").is_visible()
