import pytest

from foundation.network import network_of
from foundation.redirects import local_target


@pytest.mark.parametrize(
    ("proxies", "sender", "passed_on", "network"),
    [
        (0, "192.0.2.1", "198.51.100.1", "192.0.2.1"),
        (1, "10.0.0.1", "198.51.100.1, 192.0.2.1", "192.0.2.1"),
        (2, "10.0.0.1", "198.51.100.1, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        (2, "10.0.0.1", "192.0.2.1", "10.0.0.1"),
        (1, "10.0.0.1", "", "0.0.0.0"),
        (1, "10.0.0.1", "not-an-address", "0.0.0.0"),
        (0, "", "", "0.0.0.0"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
    ],
)
def test_a_request_comes_from_the_network_our_own_proxies_saw(rf, settings, proxies, sender, passed_on, network):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=sender, headers={"X-Forwarded-For": passed_on})
    assert network_of(request) == network


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/tickets/?q=ä", "/tickets/?q=ä"),
        ("//evil.example", "/home/"),
        ("/\\evil.example", "/home/"),
        ("/\n/evil.example", "/home/"),
        ("https://testserver/", "/home/"),
        ("tickets/", "/home/"),
        ("", "/home/"),
    ],
)
def test_only_addresses_of_this_site_are_followed(rf, wanted, target):
    assert local_target(rf.post("/", {"next": wanted}), "/home/") == target
