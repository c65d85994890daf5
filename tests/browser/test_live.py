"""Pages that refresh themselves while somebody works on them: nothing is taken away, nothing moves under a finger."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from campuses.models import CampusAssignment
from tests.browser.conftest import PHONE, TABLET
from tickets.commands import finish, work
from tickets.models import Presence

ASK = "htmx.trigger(document.querySelector('[data-live]'), 'live', {}, false)"
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(autouse=True)
def worded_once(monkeypatch):
    """Every five minutes a page is worded anew though nothing happened; here no test runs into that instant."""
    monkeypatch.setattr("tickets.live.REWORDED_EVERY", 10**9)


@pytest.fixture
def opened(live_server, new_page, sign_in):
    """Open an address as somebody: opened(city.manager, "/queue/", viewport=PHONE)."""

    def open_page(person, address, **wishes):
        page = sign_in(new_page(**wishes), person)
        page.asked = []  # the answers to what the page asked by itself
        page.on("response", lambda answer: page.asked.append(answer.status) if "/live/" in answer.url else None)
        page.goto(f"{live_server}{address}")
        return page

    return open_page


def ask(page):
    """Let the page ask now instead of after its 20 seconds."""
    with page.expect_response(lambda answer: "/live/" in answer.url) as answer:
        page.evaluate(ASK)
    answer.value.finished()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return answer.value.status


def ago(minutes):
    return timezone.now() - timedelta(minutes=minutes)


def test_a_new_report_waits_until_it_is_wanted_and_no_row_moves(city, opened, check_page, pictures):
    rows = [city.report(at=ago(minutes), description=f"Der Beamer {minutes} bleibt dunkel") for minutes in (9, 8, 7)]
    for viewport in (PHONE, TABLET):
        page = opened(city.manager, "/queue/", viewport=viewport)
        first = page.locator(f"#ticket-{rows[0].number}")
        before = first.bounding_box()
        new = city.report(at=ago(30), urgency="blocked", category=city.network)
        assert ask(page) == 200
        link = page.get_by_role("link", name="1 neue Meldung anzeigen")
        link.wait_for()
        assert first.bounding_box() == before
        assert page.locator(f"#ticket-{new.number}").count() == 0
        assert ask(page) == 204
        pictures(page, f"live-new-{viewport['width']}")
        check_page(page)
        link.click()
        page.locator(f"#ticket-{new.number}").wait_for()
        assert page.evaluate("document.activeElement.textContent") == new.title
        assert link.count() == 0


def test_without_a_script_the_link_is_a_link(city, opened):
    page = opened(city.manager, "/queue/", java_script_enabled=False)
    assert "Stand:" in page.locator("[data-live-state]").inner_text()
    assert not page.get_by_text("Keine Verbindung").is_visible()


def test_half_a_message_stays_with_its_caret_and_its_place_on_the_screen(city, opened, pictures):
    ticket = city.report(at=ago(60))
    page = opened(city.manager, f"/tickets/{ticket.number}/", viewport=PHONE)
    page.get_by_text("Aktuell").wait_for()  # staff ask right after loading
    page.locator("#ticket-more summary").click()
    text = page.locator("textarea[name=text]")
    text.fill("Ich bringe morgen ein Kabel mit")
    text.evaluate("field => field.setSelectionRange(4, 10)")
    text.scroll_into_view_if_needed()
    page.wait_for_timeout(100)
    top = text.bounding_box()["y"]
    work.comment(ticket=ticket, text="Das Bild flackert jetzt auch. " * 20, by=city.teacher, at=timezone.now())
    work.classify(ticket=ticket, urgency="blocked", by=city.helpdesk, at=timezone.now())
    assert ask(page) == 200
    page.get_by_text("Das Bild flackert jetzt auch.").first.wait_for()
    assert text.input_value() == "Ich bringe morgen ein Kabel mit"
    assert page.evaluate(
        "[document.activeElement.name, document.activeElement.selectionStart, document.activeElement.selectionEnd]"
    ) == ["text", 4, 10]
    assert abs(text.bounding_box()["y"] - top) < 2
    assert page.locator("#ticket-more details").get_attribute("open") is not None
    pictures(page, "live-half-a-message")


def test_a_row_one_is_at_stays_until_one_leaves_it(city, opened):
    stays, goes = city.report(at=ago(9)), city.report(at=ago(8))
    page = opened(city.manager, "/queue/")
    row = page.locator(f"#ticket-{goes.number}")
    row.locator(".item__title").focus()
    finish.resolve(ticket=goes, by=city.helpdesk, at=timezone.now(), solution="Kabel", cause="")
    assert ask(page) == 200
    assert row.count() == 1
    assert page.evaluate("document.activeElement.closest('li').id") == f"ticket-{goes.number}"
    page.locator(f"#ticket-{stays.number} .item__title").focus()
    row.wait_for(state="detached")


def test_a_button_that_goes_leaves_the_focus_in_its_row(city, opened):
    ticket = city.report(at=ago(9))
    page = opened(city.manager, "/queue/")
    page.locator(f"#ticket-{ticket.number} button").focus()
    work.accept(ticket=ticket, by=city.helpdesk, at=timezone.now())
    assert ask(page) == 200
    page.locator(f"#ticket-{ticket.number} >> text={city.helpdesk.name}").wait_for()
    assert page.evaluate("document.activeElement.closest('li').id") == f"ticket-{ticket.number}"


def test_where_one_has_scrolled_to_stays_in_sight(city, opened):
    rows = [city.report(at=ago(60 - n), description=f"Störung {n}") for n in range(20)]
    page = opened(city.manager, "/queue/", viewport=PHONE)
    seen = page.locator(f"#ticket-{rows[12].number}")
    seen.evaluate("row => row.scrollIntoView({block: 'start'})")
    page.evaluate("scrollBy(0, -150)")
    top = seen.bounding_box()["y"]
    for gone in rows[:3]:
        finish.resolve(ticket=gone, by=city.helpdesk, at=timezone.now(), solution="Kabel", cause="")
    assert ask(page) == 200
    page.locator(f"#ticket-{rows[0].number}").wait_for(state="detached")
    assert abs(seen.bounding_box()["y"] - top) < 2


def test_it_asks_every_twenty_seconds_but_not_while_nobody_looks(city, opened, new_page, sign_in, live_server):
    page = sign_in(new_page(), city.manager)
    page.clock.install()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/live/" in request.url else None)
    page.goto(f"{live_server}/queue/")
    page.clock.fast_forward(21_000)
    page.get_by_text("Aktuell").wait_for()
    assert len(asked) == 1
    page.evaluate(HIDE, True)
    for _ in range(3):
        page.clock.fast_forward(21_000)
    assert len(asked) == 1
    with page.expect_response(lambda answer: "/live/" in answer.url):
        page.evaluate(HIDE, False)
    assert len(asked) == 2


def test_a_lost_connection_is_said_and_found_again(city, opened, check_page, pictures):
    page = opened(city.manager, "/queue/")
    assert ask(page) == 204
    page.get_by_text("Aktuell").wait_for()
    page.context.set_offline(True)
    page.evaluate(ASK)
    page.get_by_text("Keine Verbindung").wait_for()
    pictures(page, "live-lost")
    page.heard.clear()
    page.context.set_offline(False)
    page.get_by_text("Aktuell").wait_for()
    assert not page.get_by_text("Keine Verbindung").is_visible()
    check_page(page)


def test_signed_out_it_says_so_and_stops_and_leaves_the_text(city, opened, check_page, pictures):
    ticket = city.report(at=ago(9))
    page = opened(city.manager, f"/tickets/{ticket.number}/")
    page.get_by_text("Aktuell").wait_for()
    with page.expect_response(lambda answer: "/live/" in answer.url):
        page.fill("textarea[name=text]", "Noch nicht gesendet")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.evaluate(ASK)
    page.get_by_text("Bitte melden Sie sich neu an").wait_for()
    assert page.locator("input[name=email]").count() == 0
    assert page.input_value("textarea[name=text]") == "Noch nicht gesendet"
    pictures(page, "live-signed-out")
    check_page(page)
    asked = len(page.asked)
    page.evaluate(ASK)
    page.wait_for_timeout(200)
    assert len(page.asked) == asked


def test_a_queue_that_is_nobodys_any_more_ends_with_a_sentence(city, opened, check_page):
    page = opened(city.manager, "/queue/")
    CampusAssignment.objects.filter(person=city.manager).delete()
    assert ask(page) == 403
    page.get_by_text("Ihre Zuständigkeit hat sich geändert").wait_for()
    check_page(page)


def test_colleagues_see_each_other_look_and_type_and_the_school_sees_neither(city, opened, check_page, pictures):
    ticket = city.report(at=ago(9))
    manager = opened(city.manager, f"/tickets/{ticket.number}/")
    manager.get_by_text("Aktuell").wait_for()
    helpdesk = opened(city.helpdesk, f"/tickets/{ticket.number}/")
    helpdesk.get_by_text("Mona Mobil schaut gerade").wait_for()
    with helpdesk.expect_response(lambda answer: "/live/" in answer.url):
        helpdesk.locator("textarea[name=text]").press_sequentially("Ich")
    ask(manager)
    manager.get_by_text("Hedwig Hörer schreibt gerade").wait_for()
    pictures(manager, "live-presence")
    check_page(manager)
    teacher = opened(city.teacher, f"/tickets/{ticket.number}/")
    assert ask(teacher) == 204
    assert "schreibt gerade" not in teacher.content() and "schaut gerade" not in teacher.content()
    assert Presence.objects.count() == 2


def test_two_versions_stand_side_by_side_and_neither_is_lost(city, opened, check_page, pictures):
    ticket = city.report(at=ago(9))
    page = opened(city.manager, f"/tickets/{ticket.number}/classify/", viewport=TABLET)
    page.get_by_text("Aktuell").wait_for()  # staff ask right after loading
    page.locator("input[name=impact][value=school]").check(force=True)
    work.classify(ticket=ticket, urgency="blocked", by=city.helpdesk, at=timezone.now())
    ask(page)
    page.get_by_text("während Sie hier waren").wait_for()
    page.locator("main form.form .kern-btn--primary").click()
    page.get_by_role("heading", name="Inzwischen geändert").wait_for()
    assert page.locator("tr", has_text="Unterricht steht still").count() == 1
    pictures(page, "live-two-versions")
    check_page(page)
    page.get_by_role("button", name="Meine Eingabe übernehmen").click()
    page.wait_for_url(f"**/tickets/{ticket.number}/")
    ticket.refresh_from_db()
    assert (ticket.impact, ticket.urgency) == ("school", "blocked")


def test_beside_the_list_of_the_second_level_nothing_is_taken_away_either(city, opened, check_page, pictures):
    ticket = city.escalated(at=ago(50))
    other = city.escalated(at=ago(40))
    page = opened(city.specialist, f"/triage/?view=inbox&ticket={ticket.number}")
    page.get_by_text("Aktuell").wait_for()
    page.locator(f"#row-{other.number} .item__title").click()
    page.locator(f"#report[data-number={other.number}]").wait_for()
    text = page.locator("#comment textarea")
    text.fill("Ich sehe mir den Switch an")
    text.evaluate("field => field.setSelectionRange(3, 3)")
    page.wait_for_timeout(500)  # it asks as soon as another report is open, and as somebody begins to type
    top = text.bounding_box()["y"]
    work.comment(ticket=other, text="Jetzt ist auch das Telefon weg. " * 10, by=city.teacher, at=timezone.now())
    new = city.escalated(at=ago(60))
    assert ask(page) == 200
    page.locator("#report-history", has_text="Telefon").wait_for()
    assert text.input_value() == "Ich sehe mir den Switch an"
    assert page.evaluate("[document.activeElement.name, document.activeElement.selectionStart]") == ["text", 3]
    assert abs(text.bounding_box()["y"] - top) < 2
    assert page.locator(f"#row-{new.number}").count() == 0
    pictures(page, "live-triage")
    check_page(page, smallest=24)
    page.get_by_role("link", name="1 neue Meldung anzeigen").click()
    page.locator(f"#row-{new.number}").wait_for()
    assert text.input_value() == "Ich sehe mir den Switch an"
    assert Presence.objects.filter(person=city.specialist, ticket=other).exists()
