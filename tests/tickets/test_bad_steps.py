"""Bad input to the steps of a report: a clear sentence, nothing half done, and every good word kept."""

import pytest

from tests.city import MONDAY
from tickets.commands import work

HUGE, MEGABYTE = str(10**40), "Ä" * 500_000


class TestKeysAndVersions:
    @pytest.mark.parametrize(
        "step, facts",
        [
            ("accept", {}),
            ("ask", {"text": "Welcher?"}),
            ("wait", {"party": "DOKOM21", "until": "2026-03-05"}),
            ("resolve", {"cause": "cable"}),
            ("close", {"reason": "Doppelt"}),
            ("restrict", {}),
            ("classify", {"category": "network", "impact": "class", "urgency": "blocked"}),
            ("comment", {"text": "Ich komme"}),
        ],
    )
    def test_a_step_pressed_twice_is_taken_once(self, city, client, clock, step, facts):
        ticket = city.report()
        client.force_login(city.manager)
        sent = {"idempotency_key": "k1", "version": 1, **facts}
        answers = [client.post(f"/tickets/{ticket.number}/{step}/", sent) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert len(city.verbs_of(ticket)) == 2
        # The key says which sending it was, not which report: used for something else it is refused.
        other = client.post(f"/tickets/{city.report().number}/{step}/", sent)
        assert other.status_code == 422

    @pytest.mark.parametrize("version", ["0", "2", "999999999"])
    def test_another_version_than_the_one_seen_keeps_the_words(self, city, client, clock, version):
        ticket = city.report()
        client.force_login(city.manager)
        sent = {"idempotency_key": "k1", "version": version, "text": "Welcher Beamer?"}
        answer = client.post(f"/tickets/{ticket.number}/ask/", sent)
        assert answer.status_code == 412 and "Welcher Beamer?" in answer.content.decode()
        assert client.post(f"/tickets/{ticket.number}/ask/", {**sent, "version": "1"}).status_code == 302

    @pytest.mark.parametrize("version", ["", "x", "-1", HUGE, "١"])
    def test_a_version_that_is_none_is_no_version(self, city, client, clock, version):
        ticket = city.report()
        client.force_login(city.manager)
        assert client.post(f"/tickets/{ticket.number}/accept/", {"version": version}).status_code == 302


class TestSteps:
    MISTAKES = [
        ("assign", {}),
        ("assign", {"person": "x"}),
        ("assign", {"person": "{teacher}"}),
        ("assign", {"person": "\x00"}),
        ("classify", {}),
        ("classify", {"category": "x", "impact": "x", "urgency": "x"}),
        ("classify", {"category": "display", "impact": "class", "urgency": "hampered"}),
        ("ask", {}),
        ("ask", {"text": " \u200b\x00 "}),
        ("ask", {"text": "x" * 5001}),
        ("wait", {}),
        ("wait", {"party": "X", "until": "gestern"}),
        ("wait", {"party": "X", "until": "2026-02-30"}),
        ("wait", {"party": "X", "until": "2026-03-01"}),
        ("wait", {"party": "X", "until": "0000-00-00"}),
        ("wait", {"party": "X" * 121, "until": "2026-03-05"}),
        ("resolve", {}),
        ("resolve", {"cause": "magic"}),
        ("resolve", {"solution": MEGABYTE}),
        ("close", {}),
        ("comment", {}),
        ("comment", {"text": MEGABYTE}),
        ("comment", {"text": "\x00"}),
    ]

    @pytest.mark.parametrize("step, facts", MISTAKES)
    def test_a_mistake_changes_nothing(self, city, client, clock, step, facts):
        ticket = city.report()
        client.force_login(city.manager)
        ids = {who: person.public_id for who, person in city.everybody.items()}
        sent = {name: value.format(**ids) if "{" in value else value for name, value in facts.items()}
        answer = client.post(f"/tickets/{ticket.number}/{step}/", {"version": 1, "idempotency_key": "k", **sent})
        assert answer.status_code == 422
        ticket.refresh_from_db()
        assert (ticket.version, city.verbs_of(ticket)) == (1, ["reported"])

    def test_a_step_that_is_not_possible_keeps_the_words(self, city, client, clock):
        ticket = work.ask(ticket=city.report(), text="Welcher?", by=city.manager, at=MONDAY)
        work.answer(ticket=ticket, text="Der linke", by=city.contact, at=MONDAY)
        client.force_login(city.teacher)
        answer = client.post(f"/tickets/{ticket.number}/answer/", {"text": "Der rechte"})
        assert answer.status_code == 409 and "Der rechte" in answer.content.decode()

    @pytest.mark.parametrize(
        "back",
        [
            "https://evil.example/",
            "//evil.example/queue/?",
            "/queue/?//evil.example",
            "/queue/?x=\r\nSet-Cookie: a=b",
            "/queue/?\\\\evil.example",
            "javascript:alert(1)",
            "/settings/",
            "/queue/?" + "x" * 100_000,
            "\x00",
        ],
    )
    def test_the_way_back_stays_in_the_queue(self, city, client, clock, back):
        ticket = city.report()
        client.force_login(city.manager)
        answer = client.post(f"/tickets/{ticket.number}/accept/", {"from": "queue", "back": back})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/queue/")
        assert "evil" not in answer["Location"].partition("?")[0] and "\n" not in answer["Location"]

    def test_a_good_way_back_is_taken(self, city, client, clock):
        ticket = city.report()
        client.force_login(city.manager)
        back = "/queue/?tab=todo&school=100001"
        answer = client.post(f"/tickets/{ticket.number}/accept/", {"from": "queue", "back": back})
        assert answer["Location"] == back
