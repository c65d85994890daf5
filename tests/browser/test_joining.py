"""A known fault in a real browser: joined with one tap, told while typing, and heard of again when it is solved."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.conftest import DESKTOP, PHONE
from tickets.commands import finish, join, merge, work
from tickets.models import Follower

LONG = "Die-Dokumentenkamera-im-naturwissenschaftlichen-Vorbereitungsraum zeigt seit Montag kein Bild mehr. "


@pytest.fixture
def numbers(city):
    """Faults of the school in the states a page shows differently."""
    now = timezone.now()
    fault = city.report(category=city.network, at=now - timedelta(hours=3), description=LONG * 3, urgency="blocked")
    work.accept(ticket=fault, by=city.manager, at=now - timedelta(hours=2))
    work.comment(ticket=fault, by=city.manager, text="Ich tausche den Router.", at=now - timedelta(hours=1))
    join.join(ticket=fault, by=city.contact, at=now, room=city.b112)
    join.join(ticket=fault, by=city.colleague, at=now)
    others = [city.report(by=city.contact, room=room, at=now - timedelta(days=1)) for room in (city.a204, city.b112)]
    others += [city.report(by=city.contact, category=city.network, at=now - timedelta(hours=4)) for _ in range(2)]
    solved = city.report(at=now - timedelta(days=1))
    join.join(ticket=solved, by=city.colleague, at=now - timedelta(hours=5))
    finish.resolve(ticket=solved, by=city.manager, at=now, solution=LONG, cause="cable")
    merged = city.report(by=city.colleague, category=city.network, at=now - timedelta(hours=1))
    merge.merge(ticket=merged, into=fault, by=city.manager, at=now)
    names = {"fault": fault, "solved": solved, "merged": merged, "other": others[-1]}
    return {name: ticket.number for name, ticket in names.items()}


PAGES = {
    "colleague": [
        "/tickets/new/",
        "/tickets/new/?left={other}",
        "/tickets/{fault}/?joined=1",
        "/tickets/{solved}/",
        "/tickets/{merged}/",
        "/tickets/",
        "/notices/",
    ],
    "manager": [
        "/tickets/{fault}/",
        "/tickets/{other}/merge/",
        "/tickets/{other}/merge/?q=Einhorn",
        "/tickets/{other}/merge/?into={fault}",
        "/queue/",
    ],
}


@pytest.mark.parametrize("role", PAGES)
def test_the_pages_are_in_order(role, numbers, city, live_server, new_page, sign_in, check_page, pictures):
    for scheme in ("light", "dark"):
        page = sign_in(new_page(viewport=PHONE, color_scheme=scheme, has_touch=True), getattr(city, role))
        for told in PAGES[role]:
            address = told.format(**numbers)
            page.goto(f"{live_server}{address}")
            if scheme == "light":
                pictures(page, f"joining-{role}{told}".translate(str.maketrans("/?=&", "----", "{} ")))
            check_page(page)


def test_a_colleague_joins_with_one_tap_and_is_told_when_it_is_solved(city, live_server, new_page, sign_in):
    fault = city.report(category=city.network, title="Rotkehlchen", at=timezone.now())
    phone = sign_in(new_page(viewport=PHONE, has_touch=True), city.colleague)
    phone.goto(f"{live_server}/tickets/new/")
    phone.tap(f"#fault-{fault.number} >> text=Ich bin auch betroffen")
    phone.wait_for_selector(".receipt >> text=Sie sind als betroffen eingetragen")
    assert phone.evaluate("document.activeElement.matches('.receipt')")
    follower = Follower.objects.get()
    assert (follower.person, follower.is_affected) == (city.colleague, True)

    finish.resolve(ticket=fault, by=city.manager, at=timezone.now(), solution="Router getauscht.", cause="")
    phone.goto(f"{live_server}/notices/")
    phone.tap(f".item:has-text('{fault.number}') >> .item__title")
    phone.wait_for_selector("text=Router getauscht.")
    assert "Rotkehlchen" not in phone.content()


def test_a_wrong_tap_is_taken_back(city, live_server, new_page, sign_in):
    fault = city.report(category=city.network, at=timezone.now())
    page = sign_in(new_page(viewport=PHONE, java_script_enabled=False), city.colleague)
    page.goto(f"{live_server}/tickets/new/")
    page.click(f"#fault-{fault.number} >> text=Ich bin auch betroffen")
    page.click("text=Rückgängig")
    page.wait_for_selector("text=Diese Störung ist bei Ihnen nicht da")
    assert not Follower.objects.get().is_affected
    page.click("text=Rückgängig")
    page.wait_for_selector(".receipt")
    assert Follower.objects.get().is_affected


class TestWhileTyping:
    @pytest.fixture
    def form(self, city, live_server, new_page, sign_in):
        def open_form(person, viewport=PHONE):
            page = sign_in(new_page(viewport=viewport, has_touch=viewport is PHONE), person)
            page.goto(f"{live_server}/tickets/new/")
            return page

        return open_form

    def choose(self, page, category, room):
        page.check(f"input[name=category][value={category}]", force=True)
        page.check(f"input[name=room][value='{room.pk}']", force=True)

    def test_what_fits_shows_up_above_the_button_and_moves_nothing(self, city, form, check_page):
        fault = city.report(category=city.network, at=timezone.now())
        page = form(city.colleague)
        self.choose(page, "network", city.b112)
        place = page.locator("#id_room_0 + label").bounding_box()
        button = page.get_by_role("button", name="Meldung senden").bounding_box()
        page.wait_for_selector(".similar")
        assert page.locator("#id_room_0 + label").bounding_box() == place
        assert page.get_by_role("button", name="Meldung senden").bounding_box() == button
        assert page.locator("#similar-told").inner_text() == "1 ähnliche Meldung"
        assert page.evaluate("document.activeElement.name") == "room"
        page.tap(".similar > summary")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            check_page(page)
        page.tap(".similar >> text=Ich bin auch betroffen")
        page.wait_for_selector(".receipt")
        assert Follower.objects.get().room == city.b112
        assert page.url.endswith(f"/tickets/{fault.number}/?joined=1")

    def test_typing_goes_on_undisturbed(self, city, form):
        fault = city.report(description="Der Projektor summt entsetzlich", at=timezone.now())
        page = form(city.contact, DESKTOP)
        page.locator("#id_description").press_sequentially("Es summt", delay=20)
        page.wait_for_selector(f".similar a[href='/tickets/{fault.number}/']", state="attached")
        page.keyboard.type(" im Raum")
        assert page.input_value("#id_description") == "Es summt im Raum"
        assert page.evaluate("document.activeElement.id") == "id_description"
        assert "summt" not in page.url

    def test_a_report_is_sent_though_nobody_answers(self, city, form):
        page = form(city.colleague)
        page.route("**/tickets/similar/", lambda route: route.abort())
        self.choose(page, "network", city.a204)
        page.tap("text=Meldung senden")
        page.wait_for_selector(".receipt")
        assert page.locator(".receipt__number").inner_text().startswith("DO-")
