"""Django's admin under /settings/: who gets in, and that rights go through the audited commands."""

from datetime import date

import pytest
from django.contrib.admin.sites import site as djangos_own_site

from accounts import commands
from accounts.admin_site import site
from accounts.models import AccessMail, AccountEvent, CityRole, User
from calendars.models import BusinessCalendar
from pages.models import Page, SiteSettings
from teams.models import Team, TeamMembership
from tests.city import MONDAY, PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def settings_of_ada(client, ada, clock):
    client.force_login(ada)
    return client


def act(client, model, action, *rows):
    posted = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(f"/settings/{model}/", posted, follow=True)


def every_page() -> list[str]:
    pages = ["/settings/", "/settings/jsi18n/", "/settings/autocomplete/", "/settings/nowhere/"]
    for model in site._registry:
        base = f"/settings/{model._meta.app_label}/{model._meta.model_name}/"
        pages += [base, f"{base}add/", f"{base}1/change/", f"{base}1/delete/", f"{base}1/history/"]
    return pages


def test_a_visitor_is_sent_to_our_own_door(client, db):
    for page in every_page():
        answer = client.get(page)
        assert (answer.status_code, answer.url) == (302, f"/login/?next={page}")


@pytest.mark.parametrize("role", [None, "helpdesk", "coordinator", "city_reader"])
def test_without_the_administrator_role_the_settings_do_not_exist(client, tilda, role):
    if role:
        CityRole.objects.create(person=tilda, role=role, starts_on=date(2025, 8, 1))
    client.force_login(tilda)
    for page in every_page():
        assert client.get(page).status_code == 404
        assert client.post(page).status_code == 404


def test_the_role_counts_on_its_days_only_and_is_asked_at_every_request(client, ada, tilda, clock):
    client.force_login(ada)
    assert client.get("/settings/").status_code == 200
    commands.grant_role(person=tilda, role="administrator", starts_on=MONDAY.date(), by=ada, at=MONDAY)
    commands.withdraw_role(role=ada.city_roles.get(), by=tilda, at=MONDAY)
    assert client.get("/settings/").status_code == 404
    client.force_login(tilda)
    assert client.get("/settings/").status_code == 200


def test_the_old_door_and_the_old_exits_of_the_admin_lead_to_ours(settings_of_ada, client):
    assert settings_of_ada.get("/settings/password_change/").url == "/account/password/"
    assert settings_of_ada.get("/settings/logout/").status_code == 405
    assert settings_of_ada.post("/settings/logout/").url == "/login/"
    assert client.get("/settings/login/").url == "/login/?next=/"
    assert User not in djangos_own_site._registry


def test_every_page_of_the_settings_opens_without_inline_script_or_style(settings_of_ada, ada, tilda):
    TeamMembership.objects.create(person=tilda, team=Team.objects.get(slug="network"), starts_on=date(2025, 8, 1))
    commands.create_token(person=ada, name="Skript", by=ada, at=MONDAY)
    commands.invite(person=tilda, by=ada, at=MONDAY)
    settings_of_ada.post("/barrier/", {"hindrance": "Zu klein"})
    for model in (*site._registry,):
        if model._meta.app_label not in ("accounts", "teams", "pages"):
            continue
        base = f"/settings/{model._meta.app_label}/{model._meta.model_name}/"
        row = model._base_manager.order_by("pk").first()
        for page in (base, f"{base}add/", f"{base}{row.pk}/change/"):
            answer = settings_of_ada.get(page)
            assert answer.status_code in (200, 302, 403), page
            text = answer.content.decode()
            assert "pbkdf2" not in text and "argon2" not in text and "md5$" not in text
            assert " style=" not in text and "<style" not in text and " onclick=" not in text
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_adding_a_person_invites_them(settings_of_ada, ada):
    posted = {
        "email": "Nora.Neu@city.example",
        "first_name": " Nora\x00 ",
        "last_name": "Neu",
        "phone": "",
        "language": "de",
        "invite": "on",
    }
    assert settings_of_ada.post("/settings/accounts/user/add/", posted).status_code == 302
    nora = User.objects.get(email="nora.neu@city.example")
    assert (nora.name, nora.has_usable_password()) == ("Nora Neu", False)
    assert AccessMail.objects.get().kind == "invitation"
    assert list(AccountEvent.objects.filter(person=nora, by=ada).values_list("verb", flat=True)) == [
        "created",
        "invited",
    ]
    again = settings_of_ada.post("/settings/accounts/user/add/", {**posted, "email": "NORA.neu@city.example"})
    assert again.status_code == 200
    assert again.context["adminform"].form.errors


def test_changing_a_person_is_on_record_by_field_not_by_value(settings_of_ada, ada, tilda):
    posted = {
        "email": tilda.email,
        "first_name": "Thilda",
        "last_name": "Tafel",
        "phone": "0231 1",
        "language": "de",
        "city_roles-TOTAL_FORMS": 0,
        "city_roles-INITIAL_FORMS": 0,
    }
    settings_of_ada.post(f"/settings/accounts/user/{tilda.pk}/change/", {**posted, "password": "x", "is_active": ""})
    tilda.refresh_from_db()
    assert (tilda.first_name, tilda.is_active, tilda.check_password(PASSWORD)) == ("Thilda", True, True)
    event = AccountEvent.objects.get(person=tilda)
    assert (event.verb, event.by, event.data) == ("changed", ada, {"fields": ["first_name", "phone"]})


def test_accounts_are_closed_opened_and_invited_by_actions(settings_of_ada, ada, tilda):
    act(settings_of_ada, "accounts/user", "close", tilda, ada)
    tilda.refresh_from_db()
    ada.refresh_from_db()
    assert (tilda.is_active, ada.is_active) == (False, True)
    act(settings_of_ada, "accounts/user", "invite", tilda)
    assert not AccessMail.objects.exists()
    act(settings_of_ada, "accounts/user", "open_again", tilda)
    act(settings_of_ada, "accounts/user", "invite", tilda)
    verbs = AccountEvent.objects.filter(person=tilda).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["deactivated", "reactivated", "invited"]
    act(settings_of_ada, "accounts/user", "delete_selected", tilda)
    assert User.objects.filter(pk=tilda.pk).exists()


def test_roles_are_granted_and_withdrawn_on_record(settings_of_ada, ada, tilda):
    posted = {"person": tilda.pk, "role": "helpdesk", "starts_on": "02.03.2026", "ends_on": ""}
    assert settings_of_ada.post("/settings/accounts/cityrole/add/", posted).status_code == 302
    assert settings_of_ada.post("/settings/accounts/cityrole/add/", posted).status_code == 200  # overlaps
    backwards = {**posted, "role": "coordinator", "ends_on": "01.03.2026"}
    assert settings_of_ada.post("/settings/accounts/cityrole/add/", backwards).status_code == 200
    role = tilda.city_roles.get()
    act(settings_of_ada, "accounts/cityrole", "withdraw", role, ada.city_roles.get())
    assert not tilda.city_roles.exists()
    assert ada.city_roles.get().ends_on is None  # the last administrator stays
    verbs = AccountEvent.objects.filter(person=tilda, by=ada).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["role_granted", "role_withdrawn"]


def test_team_membership_is_a_right_and_on_record(settings_of_ada, ada, tilda):
    team = Team.objects.get(slug="network")
    posted = {"person": tilda.pk, "team": team.pk, "is_lead": "on", "starts_on": "01.03.2026", "ends_on": ""}
    assert settings_of_ada.post("/settings/teams/teammembership/add/", posted).status_code == 302
    assert settings_of_ada.post("/settings/teams/teammembership/add/", posted).status_code == 200
    membership = TeamMembership.objects.get()
    assert list(TeamMembership.objects.leads(team, on=MONDAY.date())) == [membership]
    act(settings_of_ada, "teams/teammembership", "end", membership)
    act(settings_of_ada, "teams/teammembership", "end", membership)
    assert not Team.objects.for_person(tilda, on=MONDAY.date())
    told = AccountEvent.objects.filter(person=tilda, by=ada).order_by("pk")
    assert [(event.verb, event.data["team"]) for event in told] == [
        ("role_granted", "network"),
        ("role_withdrawn", "network"),
    ]


@pytest.mark.parametrize("where", ["accounts/cityrole", "teams/teammembership"])
def test_a_closed_account_is_given_nothing_and_the_sentence_says_why(settings_of_ada, ada, tilda, where):
    commands.deactivate(person=tilda, by=ada, at=MONDAY)
    team = Team.objects.get(slug="network")
    posted = {"person": tilda.pk, "role": "helpdesk", "team": team.pk, "starts_on": "01.03.2026", "ends_on": ""}
    answer = settings_of_ada.post(f"/settings/{where}/add/", posted, follow=True)
    assert "Dieses Konto ist geschlossen." in answer.content.decode()
    assert not tilda.city_roles.exists() and not tilda.team_memberships.exists()


def test_texts_and_hotline_are_edited_here(settings_of_ada, clock):
    page = Page.objects.get(slug="imprint")
    clock.moves(hours=1)
    posted = {"title_de": "Impressum", "title_en": "Imprint", "body_de": "# Stadt\x00\n\nNeu", "body_en": ""}
    settings_of_ada.post(f"/settings/pages/page/{page.pk}/change/", posted)
    page.refresh_from_db()
    assert (page.body_de, page.updated_at) == ("# Stadt\n\nNeu", clock.at)
    hotline = {"service_name": "Campusruf", "hotline_phone": "0231 000-100", "hotline_hours_de": "8 bis 18 Uhr"}
    settings_of_ada.post("/settings/pages/sitesettings/1/change/", hotline)
    assert SiteSettings.current().hotline["tel"] == "0231000100"
    too_long = settings_of_ada.post(f"/settings/pages/page/{page.pk}/change/", {**posted, "body_de": "x" * 1_000_000})
    assert too_long.status_code == 200
    assert too_long.context["adminform"].form.errors


def test_histories_are_only_read(settings_of_ada, ada, tilda):
    commands.invite(person=tilda, by=ada, at=MONDAY)
    event = AccountEvent.objects.get()
    base = f"/settings/accounts/accountevent/{event.pk}"
    assert settings_of_ada.get(f"{base}/change/").status_code == 200
    assert settings_of_ada.post(f"{base}/change/", {"verb": "created"}).status_code == 403
    assert settings_of_ada.post(f"{base}/delete/", {"post": "yes"}).status_code == 403
    act(settings_of_ada, "accounts/accountevent", "delete_selected", event)
    assert AccountEvent.objects.filter(pk=event.pk).exists()


def test_keys_of_others_are_withdrawn_here(settings_of_ada, ada, tilda):
    key, secret = commands.create_token(person=tilda, name="Skript", by=tilda, at=MONDAY)
    act(settings_of_ada, "accounts/apitoken", "revoke", key)
    assert key.__class__.objects.opened_by(secret, at=MONDAY) is None


def test_members_and_leads_of_a_team_are_seen_and_named_in_the_settings(settings_of_ada, ada, tilda):
    team = Team.objects.get(slug="network")
    membership = TeamMembership.objects.create(person=tilda, team=team, starts_on=date(2025, 8, 1))
    act(settings_of_ada, "teams/teammembership", "lead", membership)
    assert list(TeamMembership.objects.leads(team, on=MONDAY.date())) == [membership]
    assert tilda.name in settings_of_ada.get("/settings/teams/team/").content.decode()
    page = settings_of_ada.get(f"/settings/teams/team/{team.pk}/change/").content.decode()
    assert tilda.name in page and f"/settings/teams/teammembership/add/?team={team.pk}" in page
    act(settings_of_ada, "teams/teammembership", "lead", membership)  # so already: refused, nothing on record
    act(settings_of_ada, "teams/teammembership", "lead_no_longer", membership)
    assert not TeamMembership.objects.leads(team, on=MONDAY.date())
    told = AccountEvent.objects.filter(person=tilda, by=ada).order_by("pk")
    assert [(event.verb, event.data["is_lead"]) for event in told] == [
        ("role_withdrawn", False),
        ("role_granted", True),
        ("role_withdrawn", True),
        ("role_granted", False),
    ]


def test_a_team_has_a_telephone_and_hours_of_its_own(settings_of_ada):
    team = Team.objects.get(slug="network")
    calendar = BusinessCalendar.objects.get(is_default=True)
    posted = {"name_de": "Netz", "name_en": "Network", "phone": " 0231  000-555 ", "calendar": calendar.pk, "order": 1}
    members = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    answer = settings_of_ada.post(f"/settings/teams/team/{team.pk}/change/", {**posted, **members, "is_active": "on"})
    assert answer.status_code == 302
    team.refresh_from_db()
    assert (team.phone, team.calendar) == ("0231 000-555", calendar)
