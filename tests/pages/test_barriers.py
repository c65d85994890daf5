import pytest

from pages.models import BarrierReport

pytestmark = pytest.mark.django_db


def report(client, network="192.0.2.1", **posted):
    return client.post("/barrier/", {"hindrance": "Die Schrift ist zu klein", **posted}, REMOTE_ADDR=network)


def test_a_barrier_is_reported_without_signing_in(client):
    answer = report(client, address="/tickets/", contact="a@b.example")
    assert (answer.status_code, answer.url) == (302, "/barrier/reported/")
    assert client.get(answer.url).status_code == 200
    kept = BarrierReport.objects.get()
    assert (kept.hindrance, kept.address, kept.contact) == ("Die Schrift ist zu klein", "/tickets/", "a@b.example")
    assert "192.0.2.1" not in str(vars(kept))


def test_the_page_one_comes_from_is_filled_in_if_it_is_ours(client):
    ours = client.get("/barrier/", headers={"Referer": "http://testserver/pages/imprint/"})
    assert 'value="http://testserver/pages/imprint/"' in ours.content.decode()
    foreign = client.get("/barrier/", headers={"Referer": "https://evil.example/x"})
    assert "evil.example" not in foreign.content.decode()


@pytest.mark.parametrize(
    "posted",
    [
        {"hindrance": ""},
        {"hindrance": "\x00\u200b"},
        {"hindrance": "x" * 1_000_000},
        {"address": "x" * 301},
        {"contact": "x" * 201},
    ],
)
def test_nonsense_is_refused_and_what_was_typed_stays(client, posted):
    answer = report(client, **posted)
    assert answer.status_code == 422
    assert not BarrierReport.objects.exists()


def test_control_characters_are_taken_out(client):
    report(client, hindrance="Zeile eins\x00\r\nZeile\u202e zwei")
    assert BarrierReport.objects.get().hindrance == "Zeile eins\nZeile zwei"


def test_a_flood_from_one_network_is_stopped_and_others_still_report(client):
    for _ in range(10):
        assert report(client).status_code == 302
    refused = report(client)
    assert refused.status_code == 429
    assert "Die Schrift ist zu klein" in refused.content.decode()
    assert report(client, network="203.0.113.9").status_code == 302
