"""The campus management hands a report over on a tablet, with taps; whoever goes on reads what was found."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from devices.models import Device
from teams.models import Team
from tests.browser.conftest import PHONE, TABLET
from tests.browser.test_journeys import picture
from tickets.commands import escalate, work
from tickets.models import Category, Escalation
from tickets.photos import clean_photo

HAND_OVER = ".sendbar .kern-btn--primary"
KEEP = ".sendbar .kern-btn--secondary"


@pytest.fixture
def ticket(city):
    Team.objects.update(phone="0231 000-555")
    Device.objects.create(code="DO-1", kind="network", school=city.brecht, room=city.a204)
    at = timezone.now() - timedelta(hours=2)
    photos = [clean_photo(SimpleUploadedFile("schrank.jpg", picture()))]
    ticket = city.report(category=city.network, at=at, photos=photos)
    work.comment(ticket=ticket, by=city.manager, at=at, text="Access Point neu gestartet.", internal=True)
    return ticket


@pytest.fixture
def address(ticket, live_server):
    return f"{live_server}/tickets/{ticket.number}/escalate/"


def test_six_answers_and_one_press_on_a_tablet(city, ticket, address, new_page, sign_in, check_page, pictures):
    for scheme in ("light", "dark"):
        page = sign_in(new_page(viewport=TABLET, has_touch=True, color_scheme=scheme), city.manager)
        page.goto(address)
        if scheme == "light":
            pictures(page, "packet-known")
        check_page(page)
        page.locator(HAND_OVER).click()
        page.locator(".errors").wait_for()
        assert page.evaluate("document.activeElement.id") == "errors"
        assert page.locator(".errors li").count() == 6
        page.locator(".errors a").first.click()
        assert page.evaluate("location.hash.slice(1)") == page.locator(".answer input").first.get_attribute("id")
        if scheme == "light":
            pictures(page, "packet-gaps")
        check_page(page)
    page.locator(".answer input[value='no']").nth(1).check()
    before = page.url
    page.locator("[data-all-yes]").click()
    assert page.url == before, "the rest is answered without a way to the server"
    page.locator(HAND_OVER).click()
    page.wait_for_url(f"**/{ticket.number}/")
    assert sorted(Escalation.objects.get().answers.values()) == ["no"] + ["yes"] * 5


def test_without_scripts_all_of_it_works_as_well(city, ticket, address, new_page, sign_in):
    page = sign_in(new_page(viewport=TABLET, java_script_enabled=False), city.manager)
    page.goto(address)
    page.locator(".answer input[value='not_possible']").first.check()
    page.fill("#id_spoken_with", "Siri Switch")
    page.locator("[data-all-yes]").click()
    assert page.locator(".answer input:checked").count() == 6
    assert page.input_value("#id_spoken_with") == "Siri Switch"
    page.locator(HAND_OVER).click()
    page.wait_for_url(f"**/{ticket.number}/")
    assert Escalation.objects.get().spoken_with == "Siri Switch"


def test_enter_in_a_line_keeps_the_packet_and_hands_nothing_over(city, ticket, address, new_page, sign_in, check_page):
    page = sign_in(new_page(viewport=PHONE), city.manager)
    page.goto(address)
    page.locator("[data-all-yes]").click()
    page.fill("#id_spoken_with", "Siri Switch")
    page.press("#id_spoken_with", "Enter")
    page.locator(".notice--success").wait_for()
    assert not Escalation.objects.exists()
    assert page.locator(".answer input:checked").count() == 6
    check_page(page)
    page.goto(address.replace("escalate/", ""))
    page.locator("a.notice").click()
    page.wait_for_url(address)


def test_each_team_shows_its_telephone_when_it_is_chosen(city, address, new_page, sign_in):
    Team.objects.filter(slug="tablets").update(phone="0231 000-777")
    page = sign_in(new_page(viewport=TABLET), city.manager)
    page.goto(address)
    shown = page.locator(".team__phone a:visible")
    assert shown.inner_text() == "0231 000-555"
    page.locator("input[name='team'][value='tablets']").check()
    assert (shown.inner_text(), shown.get_attribute("href")) == ("0231 000-777", "tel:0231000777")


def test_too_late_or_stale_nothing_typed_is_lost(city, ticket, address, new_page, sign_in, check_page, pictures):
    page = sign_in(new_page(viewport=PHONE), city.manager)
    for status, meanwhile in (
        (412, lambda: work.accept(ticket=ticket, by=city.helpdesk, at=timezone.now())),
        (409, lambda: city.escalated(ticket, at=timezone.now())),
    ):
        page.goto(address)
        page.locator("[data-all-yes]").click()
        page.fill("#id_tried", "Dose geprüft.")
        meanwhile()
        with page.expect_response(address) as sent:
            page.locator(HAND_OVER).click()
        assert sent.value.status == status
        page.locator("[role=alert]").first.wait_for()
        kept = page.locator("#id_tried, main .quote")
        words = kept.evaluate_all("elements => elements.map((element) => element.value ?? element.textContent)")
        assert "Dose geprüft." in words
        pictures(page, f"packet-{status}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            check_page(page)


def test_a_school_without_rooms_and_a_category_without_a_team(
    city, live_server, new_page, sign_in, check_page, pictures
):
    ticket = city.report(
        by=city.manager, school=city.widey, category=Category.objects.get(slug="advice"), at=timezone.now()
    )
    page = sign_in(new_page(viewport=PHONE), city.manager)
    page.goto(f"{live_server}/tickets/{ticket.number}/escalate/")
    page.locator(HAND_OVER).click()
    page.locator(".errors").wait_for()
    gaps = page.locator(".errors").first.inner_text()
    assert "Das Team fehlt" in gaps and "Der Raum fehlt" in gaps
    pictures(page, "packet-bare")
    check_page(page)


def test_whoever_goes_on_reads_the_packets_the_latest_open(
    city, ticket, live_server, new_page, sign_in, check_page, pictures
):
    now = timezone.now()
    city.escalated(ticket, at=now - timedelta(hours=1))
    escalate.return_to_first_level(
        ticket=ticket, text="Welche Dose?", by=city.specialist, at=now - timedelta(minutes=50)
    )
    packet = city.packet(ticket, tried="Dose 4 geprüft", spoken_with="Siri Switch", devices=list(Device.objects.all()))
    packet.answers["power"], packet.answers["cable"] = "no", "not_possible"
    escalate.escalate(ticket=ticket, packet=packet, by=city.manager, at=now)
    for person in (city.specialist, city.manager):
        for scheme in ("light", "dark"):
            page = sign_in(new_page(viewport=PHONE, color_scheme=scheme), person)
            page.goto(f"{live_server}/tickets/{ticket.number}/")
            assert page.locator(".packet .finding:visible").count() == 6
            page.locator(".packet summary").click()
            assert page.locator(".packet .finding:visible").count() == 12
            if person == city.specialist and scheme == "light":
                pictures(page, "packet-read")
            check_page(page)
    page = sign_in(new_page(viewport=PHONE), city.teacher)
    page.goto(f"{live_server}/tickets/{ticket.number}/")
    assert page.locator(".packet").count() == 0
