"""The account page lists what a person holds, whatever floor the row lies on."""

import pytest


@pytest.mark.parametrize(
    ("who", "scope"),
    [
        ("teacher", "Bert-Brecht-Gymnasium"),
        ("manager", "Kirchlinde"),
        ("specialist", "Netz &amp; WLAN"),
        ("helpdesk", "Zentraler Helpdesk"),
    ],
)
def test_everybody_finds_their_roles_on_the_account_page(city, client, who, scope):
    client.force_login(getattr(city, who))
    assert scope in client.get("/account/").content.decode()
