"""Notices, what one wants to hear by e-mail, the mails of the demo, and a mail itself, as people see them."""

import os
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from notifications import commands, delivery, outbox
from notifications.topics import Topic
from tests.browser.conftest import DESKTOP, PHONE, TABLET
from tickets import letters
from tickets.commands import finish, work

QUESTION = "Welche Lampe leuchtet?\nRot oder grün?"


@pytest.fixture
def told(city):
    """Many things have happened, and everybody has had their mails."""
    now = timezone.now()
    for person in (city.teacher, city.manager):
        commands.change_preference(person=person, at=now, quiet="never", progress="at_once")
    asked = city.report(at=now - timedelta(hours=5), title="Beamer bleibt dunkel, und der Ton ist auch weg")
    work.accept(ticket=asked, by=city.manager, at=now - timedelta(hours=4))
    work.comment(ticket=asked, by=city.manager, at=now - timedelta(hours=3), text="Ich sehe es mir an.")
    work.ask(ticket=asked, by=city.manager, at=now - timedelta(hours=2), text=QUESTION)
    solved = city.report(at=now - timedelta(days=1), category=city.network, room=city.b112)
    finish.resolve(ticket=solved, by=city.manager, at=now - timedelta(hours=1), solution="Kabel getauscht.", cause="")
    hidden = city.report(at=now - timedelta(hours=1), title="Vertraulich", confidential=True)
    for kind, clock, percent in (("reminded", "resolution", 80), ("deadline_missed", "first_response", 100)):
        outbox.post(
            recipients=[city.manager.pk, city.coordinator.pk],
            kind=kind,
            about=asked.number,
            effect=kind,
            at=now - timedelta(minutes=30),
            topic=Topic.REMINDERS,
            data={"clock": clock, "percent": percent, "due": now.isoformat()},
        )
    delivery.deliver_outbox(at=now, compose=letters.compose)
    return {"asked": asked, "solved": solved, "hidden": hidden}


def test_the_pages_are_in_order(told, city, live_server, new_page, sign_in, check_page, pictures):
    visits = [
        ("teacher", "/notices/"),
        ("teacher", "/notices/?show=unread"),
        ("teacher", "/account/notifications/"),
        ("teacher", "/demo/mails/"),
        ("manager", "/notices/"),
        ("coordinator", "/notices/"),
        ("stranger", "/notices/?show=unread"),
        ("stranger", "/demo/mails/"),
    ]
    for scheme, shown in (("light", visits), ("dark", visits[2:5])):
        for who, address in shown:
            page = sign_in(new_page(viewport=PHONE, color_scheme=scheme, has_touch=True), getattr(city, who))
            page.goto(f"{live_server}{address}")
            for summary in page.locator("main details > summary").all()[:2]:
                summary.click()
            if scheme == "light":
                pictures(page, f"{who}{address}".translate(str.maketrans("/?=&", "----")))
            check_page(page)


def test_without_scripts_a_notice_is_opened_by_keyboard_and_is_read_then(told, city, live_server, new_page, sign_in):
    page = sign_in(new_page(java_script_enabled=False), city.teacher)
    page.goto(f"{live_server}/notices/?show=unread")
    rows = page.locator(".item--unread")
    before = rows.count()
    rows.filter(has_text=told["asked"].number).get_by_role("button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tickets/{told['asked'].number}/")
    page.goto(f"{live_server}/notices/?show=unread")
    assert rows.count() == before - 1
    page.get_by_role("button", name="Alle als gelesen markieren").click()
    expect(page.locator(".item--unread")).to_have_count(0)


def test_what_one_chose_is_kept_and_a_slip_loses_nothing(city, live_server, new_page, sign_in, check_page, pictures):
    page = sign_in(new_page(viewport=PHONE, java_script_enabled=False), city.teacher)
    page.goto(f"{live_server}/account/")
    page.get_by_role("link", name="Auswählen, was ich bekomme").click()
    page.get_by_label("Neue Aufgaben für mich").select_option("program")
    page.get_by_label("Zu eigenen Zeiten").check()
    page.get_by_label("Höchstens so viele E-Mails am Tag").fill("0")
    page.get_by_role("button", name="Auswahl speichern").click()
    assert page.locator(".errors").is_visible()
    assert page.get_by_label("Neue Aufgaben für mich").input_value() == "program"
    pictures(page, "preferences-wrong")
    page.get_by_label("Höchstens so viele E-Mails am Tag").fill("5")
    page.get_by_role("button", name="Auswahl speichern").click()
    page.get_by_text("Ihre Auswahl ist gespeichert.").wait_for()
    assert page.get_by_label("Zu eigenen Zeiten").is_checked()
    assert page.get_by_label("Höchstens so viele E-Mails am Tag").input_value() == "5"


def test_a_mail_can_be_read_in_light_and_dark_on_every_width(told, city, new_page):
    written = [message for message in mail.outbox if city.teacher.email in message.to[0]]
    assert len(written) >= 2
    for number, message in enumerate(written):
        html = message.alternatives[0].content
        for scheme in ("light", "dark"):
            page = new_page(color_scheme=scheme)
            requests = []
            page.on("request", lambda request, seen=requests: seen.append(request.url))
            page.set_content(html)
            for viewport in (PHONE, TABLET, DESKTOP, {"width": 320, "height": 700}):
                page.set_viewport_size(viewport)
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
                if folder := os.environ.get("PICTURES"):
                    page.screenshot(path=f"{folder}/mail-{number}-{viewport['width']}-{scheme}.png", full_page=True)
            assert requests == [] and page.heard == []
