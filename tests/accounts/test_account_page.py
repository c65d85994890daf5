import pytest

from accounts import commands

pytestmark = pytest.mark.django_db


def test_the_account_is_for_those_who_are_signed_in(client, tilda):
    for address in ("/account/", "/account/password/", "/account/keys/new/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.url == f"/login/?next={address}"


def test_one_changes_phone_language_and_colours_and_nothing_else(client, tilda):
    client.force_login(tilda)
    posted = {"phone": " 0231  1234\x00 ", "language": "en", "theme": "dark"}
    saved = client.post("/account/", {**posted, "email": "x@evil.example", "first_name": "X", "is_active": ""})
    assert saved.status_code == 302
    tilda.refresh_from_db()
    assert (tilda.phone, tilda.language, tilda.theme) == ("0231 1234", "en", "dark")
    assert (tilda.email, tilda.name, tilda.is_active) == ("tilda.tafel@city.example", "Tilda Tafel", True)
    assert client.cookies["language"].value == "en"
    assert client.cookies["theme"].value == "dark"


@pytest.mark.parametrize(
    "posted",
    [
        {"phone": "1" * 41, "language": "de", "theme": "dark"},
        {"phone": "", "language": "fr", "theme": "dark"},
        {"phone": "", "language": "de", "theme": "pink"},
        {"phone": "1" * 1_000_000, "language": "de", "theme": "dark"},
        {},
    ],
)
def test_what_is_not_offered_is_refused_and_what_was_typed_stays(client, tilda, posted):
    client.force_login(tilda)
    answer = client.post("/account/", posted)
    assert answer.status_code == 422
    tilda.refresh_from_db()
    assert (tilda.phone, tilda.language, tilda.theme) == ("", "de", "system")


@pytest.mark.urls("tests.accounts.roof")
def test_the_roof_tells_the_page_which_roles_higher_floors_know(client, tilda, clock):
    client.force_login(tilda)
    page = client.get("/account/").content.decode()
    assert "Lehrkraft" in page
    assert "Bert-Brecht-Gymnasium" in page
    assert "01.08.2025" in page


def test_the_own_city_roles_are_listed_with_their_days(client, ada, clock):
    client.force_login(ada)
    assert "01.08.2025" in client.get("/account/").content.decode()


# --- Language and colours for everybody ---


def test_the_language_is_german_whatever_the_browser_says(client, db):
    page = client.get("/login/", headers={"Accept-Language": "fr,en;q=0.9"})
    assert page.headers["Content-Language"] == "de"
    assert '<html lang="de"' in page.content.decode()


def test_a_visitor_keeps_language_and_colours_in_the_browser(client, db):
    assert client.post("/language/", {"language": "en", "next": "/password/reset/"}).url == "/password/reset/"
    assert client.get("/login/").headers["Content-Language"] == "en"
    client.post("/theme/", {"theme": "dark", "next": "/login/"})
    assert 'data-kern-theme="dark"' in client.get("/login/").content.decode()
    client.post("/theme/", {"theme": "system", "next": "/login/"})
    assert "data-kern-theme" not in client.get("/login/").content.decode()


def test_a_persons_choice_is_kept_in_the_profile_and_wins_over_the_browser(client, tilda):
    client.force_login(tilda)
    client.post("/language/", {"language": "en"})
    tilda.refresh_from_db()
    assert tilda.language == "en"
    client.cookies["language"] = "de"
    assert client.get("/account/").headers["Content-Language"] == "en"


@pytest.mark.parametrize("value", ["fr", "", "de\r\nSet-Cookie: x=y", "x" * 100_000])
def test_an_unknown_choice_is_a_bad_request(client, tilda, value):
    assert client.post("/language/", {"language": value}).status_code == 400
    assert client.post("/theme/", {"theme": value}).status_code == 400


def test_a_forged_cookie_falls_back_to_german(client, db):
    client.cookies["language"] = "xx"
    client.cookies["theme"] = "pink"
    page = client.get("/login/")
    assert (page.status_code, page.headers["Content-Language"]) == (200, "de")


def test_choices_lead_only_to_pages_of_ours_and_never_change_by_a_link(client, db):
    assert client.post("/language/", {"language": "en", "next": "https://evil.example/"}).url == "/"
    assert client.get("/language/", {"language": "en"}).status_code == 405


def test_a_profile_has_only_what_people_may_set_themselves(tilda):
    with pytest.raises(ValueError):
        commands.change_profile(person=tilda, email="x@evil.example")
