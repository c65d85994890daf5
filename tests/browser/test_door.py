"""The door, the account and the settings in a real browser: empty, filled, and with something to mend."""

from datetime import date

import pytest
from django.utils import timezone

from accounts import commands
from accounts.links import link_for
from accounts.models import CityRole, User
from tests.browser.conftest import PHONE
from tests.city import PASSWORD


@pytest.fixture
def tilda(db):
    return User.objects.create_user("tilda.tafel@city.example", PASSWORD, first_name="Tilda", last_name="Tafel")


@pytest.fixture
def ada(db):
    person = User.objects.create_user("ada.admin@city.example", PASSWORD, first_name="Ada", last_name="Admin")
    CityRole.objects.create(person=person, role="administrator", starts_on=date(2025, 8, 1))
    return person


@pytest.fixture
def look(check_page, pictures):
    def at(page, name):
        pictures(page, f"door-{name}")
        check_page(page)

    return at


def test_signing_in_and_out_by_keyboard_with_a_mistake_on_the_way(tilda, live_server, new_page, look):
    page = new_page(viewport=PHONE)
    page.goto(f"{live_server}/account/")
    look(page, "sign-in")
    page.keyboard.type(tilda.email)  # the field is waiting
    page.keyboard.press("Tab")
    page.keyboard.type("vertippt")
    page.keyboard.press("Enter")
    page.get_by_text("passen nicht zusammen").first.wait_for()
    assert page.get_by_label("E-Mail-Adresse").input_value() == tilda.email
    assert page.get_by_label("Passwort", exact=True).input_value() == ""
    look(page, "sign-in-wrong")
    for _ in range(5):
        page.get_by_label("Passwort", exact=True).fill("vertippt")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    page.get_by_text("Zu viele Versuche").first.wait_for()
    look(page, "sign-in-resting")


def test_a_link_a_password_and_the_account(tilda, live_server, new_page, look, settings):
    settings.BASE_URL = str(live_server)
    link = link_for(tilda, "invitation", at=timezone.now())
    page = new_page(viewport=PHONE)
    page.goto(link)
    look(page, "choose")
    page.get_by_label("Neues Passwort", exact=True).fill("kurz")
    page.get_by_label("Neues Passwort noch einmal").fill("kurz")
    page.get_by_role("button", name="Passwort festlegen").click()
    page.locator(".errors").wait_for()
    look(page, "choose-weak")
    page.get_by_label("Neues Passwort", exact=True).fill("tafel-schwamm-und-kreide")
    page.get_by_label("Neues Passwort noch einmal").fill("tafel-schwamm-und-kreide")
    page.get_by_role("button", name="Passwort festlegen").click()
    page.get_by_text("Ihr neues Passwort gilt").wait_for()
    look(page, "password-set")
    page.goto(link)
    page.get_by_role("heading", name="Dieser Link gilt nicht mehr").wait_for()
    look(page, "used-link")
    page.goto(f"{live_server}/password/reset/")
    page.get_by_label("E-Mail-Adresse").fill("wer@auch.immer.example")
    page.get_by_role("button", name="Link anfordern").click()
    page.get_by_role("heading", name="Sehen Sie in Ihr Postfach").wait_for()
    look(page, "reset-sent")


def test_the_account_with_roles_and_keys(ada, live_server, new_page, sign_in, look):
    page = sign_in(new_page(viewport=PHONE), ada)
    page.goto(f"{live_server}/account/keys/new/")
    look(page, "new-key")
    page.get_by_label("Wofür ist der Schlüssel?").fill("Auswertung im Medienzentrum mit einem langen Namen")
    page.get_by_role("button", name="Schlüssel erstellen").click()
    page.get_by_role("heading", name="Ihr neuer Schlüssel").wait_for()
    look(page, "key-made")
    page.goto(f"{live_server}/account/")
    look(page, "account")
    page.get_by_label("Telefon").fill("1" * 41)
    page.locator("#id_phone").evaluate("field => field.removeAttribute('maxlength')")
    page.get_by_label("Telefon").fill("1" * 41)
    page.get_by_role("button", name="Angaben speichern").click()
    page.locator(".errors").wait_for()
    look(page, "account-wrong")
    page.goto(f"{live_server}/account/")
    page.get_by_role("button", name="Zurückziehen").click()
    page.get_by_text("öffnet nichts mehr").wait_for()
    page.goto(f"{live_server}/account/password/")
    look(page, "change-password")


def test_a_barrier_is_reported_from_the_foot_of_a_page(tilda, live_server, new_page, look):
    page = new_page(viewport=PHONE, java_script_enabled=True)
    page.goto(f"{live_server}/pages/accessibility/")
    look(page, "accessibility")
    page.get_by_role("contentinfo").get_by_role("link", name="Barriere melden").click()
    assert page.get_by_label("Auf welcher Seite?").input_value().endswith("/pages/accessibility/")
    page.get_by_role("button", name="Hinweis senden").click()
    page.locator(".errors").wait_for()
    look(page, "barrier-empty")
    page.get_by_label("Was hindert Sie?").fill("Die Schrift ist mir zu klein.")
    page.get_by_role("button", name="Hinweis senden").click()
    page.get_by_role("heading", name="Ihr Hinweis ist da").wait_for()
    look(page, "barrier-reported")


def test_the_settings_work_under_our_policy(ada, tilda, live_server, page, sign_in, pictures):
    """Django's own pages, so axe is not asked; but nothing in them may be blocked."""
    commands.invite(person=tilda, by=None, at=timezone.now())
    sign_in(page, ada)
    for address in ("", "accounts/user/", f"accounts/user/{tilda.pk}/change/", "accounts/accountevent/"):
        page.goto(f"{live_server}/settings/{address}")
        pictures(page, f"settings-{address}".replace("/", "-"))
    page.goto(f"{live_server}/settings/accounts/cityrole/add/")
    page.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("Tafel")
    page.locator(".select2-results__option", has_text="Tilda").click()
    page.get_by_label("Rolle").select_option("helpdesk")
    page.get_by_role("button", name="Sichern", exact=True).click()
    page.locator(".messagelist .success").wait_for()
    assert page.heard == []
    assert tilda.city_roles.get().role == "helpdesk"
