"""Whatever is sent, the answer is a sentence: no request makes the server stumble."""

import pytest
from django.urls import get_resolver

from tests.city import MONDAY
from tickets.commands import work
from tickets.models import Ticket, TicketEvent

NONSENSE = [
    None, True, -1, 1.5, 10**4000, " ", "a\x00b", "\ud800", "x" * 20_000, [[1]], {"a": 1}, "2026-13-45",
    "{} %s %(a)s {0}",
]  # fmt: skip
FIELDS = {
    "": [
        "school", "category", "title", "description", "impact", "urgency", "room", "place", "device", "confidential",
        "reporter",
    ],
    "assign": ["person"],
    "classify": ["category", "impact", "urgency"],
    "comment": ["text", "internal"],
    "ask": ["text", "to"],
    "answer": ["text"],
    "wait": ["party", "until", "reference"],
    "resolve": ["solution", "cause"],
    "reopen": ["reason"],
    "close": ["reason"],
    "withdraw": ["reason"],
    "restrict": ["confidential"],
}  # fmt: skip
GOOD = {
    "": {"school": "100001", "category": "display"},
    "comment": {"text": "a"},
    "ask": {"text": "a"},
    "wait": {"party": "a", "until": "2026-03-09"},
    "resolve": {"solution": "a"},
}


def is_problem(answer):
    told = answer.json()
    return (
        answer.headers["Content-Type"] == "application/problem+json"
        and {"type", "title", "status", "detail"} <= set(told)
        and told["status"] == answer.status_code
        and all(told[name] for name in ("type", "title", "detail"))
    )


@pytest.mark.parametrize("step", list(FIELDS))
def test_nonsense_in_any_field_gets_a_sentence(city, program, step):
    ticket = city.report()
    if step == "answer":
        work.ask(ticket=ticket, text="Wo?", by=city.manager, at=MONDAY)
    if step == "reopen":
        program(city.manager).step(ticket, "resolve", {"solution": "a"})
    someone = program(city.teacher if step in ("answer", "reopen", "withdraw") else city.manager)
    address = f"tickets/{ticket.number}/{step}/" if step else "tickets/"
    for field in FIELDS[step]:
        for nonsense in NONSENSE:
            answer = someone.post(address, GOOD.get(step, {}) | {field: nonsense})
            told = (field, nonsense if len(str(nonsense)[:50]) < 50 else "…", answer.content[:300])
            assert answer.status_code in (200, 201, 204, 409, 422), told
            if answer.status_code == 422:
                assert is_problem(answer), told
                assert set(answer.json()["errors"]) <= {*FIELDS[step], "request"}, told
                assert len(answer.content) < 2000, told


def test_what_is_not_text_is_never_taken_for_text(city, program):
    teacher = program(city.teacher)
    for value in (5, True, None, ["a"], {"a": 1}, 1.5):
        for field in ("title", "description", "place"):
            answer = teacher.post("tickets/", GOOD[""] | {field: value})
            assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    for value in ("1", 1.0, True, None, 0, 2**63):
        assert teacher.post("tickets/", GOOD[""] | {"room": value}).status_code == 422
    for value in ("true", 1, None):
        assert teacher.post("tickets/", GOOD[""] | {"confidential": value}).status_code == 422
    assert not Ticket.objects.exists()


def test_control_characters_do_not_reach_the_ticket(city, program):
    told = program(city.teacher).post(
        "tickets/", GOOD[""] | {"title": "Ta\x00fel\u202e\r\nlinks", "place": "\x07Flur"}
    )
    assert (told.json()["title"], told.json()["place"]) == ("Tafel links", "Flur")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '"a"',
        "1",
        "{'a': 1}",
        '{"a": NaN}',
        b"\xff\xfe",
        "[" * 100_000,
        '{"a":' + "9" * 5000 + "}",
    ],
)
def test_what_is_no_json_object_is_not_understood(city, program, body):
    answer = program(city.teacher).post("tickets/", body)
    assert answer.status_code == (422 if body == "" else 400)
    assert is_problem(answer)


def test_a_body_beyond_a_megabyte_is_too_large(city, program):
    answer = program(city.teacher).post("tickets/", GOOD[""] | {"description": "ä" * 1_048_576})
    assert answer.status_code == 413
    assert is_problem(answer)
    answer = program(city.teacher).post("tickets/", GOOD[""] | {"description": "x" * 1_000_000})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["description"])


@pytest.mark.parametrize(
    "key", ["status", "number", "assignee", "reporter_id", "level", "is_staff", "\ud800", "a" * 5000]
)
def test_an_unknown_key_is_refused(city, program, key):
    answer = program(city.teacher).post("tickets/", GOOD[""] | {key: "x"})
    assert answer.status_code == 400
    assert is_problem(answer)
    assert len(answer.content) < 1000
    assert program(city.manager).step(city.report(), "accept", {key: 1}).status_code == 400


def test_what_is_sent_in_another_form_is_not_accepted(city, program):
    teacher = program(city.teacher)
    for media in (
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data; boundary=x",
        "",
        "a/b" * 200,
    ):
        answer = teacher.client.post(
            "/api/v1/tickets/", b"a=b", content_type=media, headers={"Authorization": f"Bearer {teacher.secret}"}
        )
        assert answer.status_code == 415
        assert is_problem(answer)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_not_offered(city, program, method):
    teacher = program(city.teacher)
    answer = getattr(teacher.client, method)("/api/v1/tickets/", headers={"Authorization": f"Bearer {teacher.secret}"})
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert is_problem(answer)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nichts/",
        "tickets",
        "tickets/%00/",
        "tickets/x%0Ay/",
        "schools/1/",
        "schools/%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1/",
        "devices/",
    ],
)
def test_an_address_that_does_not_exist_says_so_as_a_problem(city, program, address):
    for answer in (
        program(city.teacher).get(address or "/api/v1/"),
        program(city.teacher).post(address or "/api/v1/"),
    ):
        assert answer.status_code == 404
        assert is_problem(answer)


def test_sentences_are_german_unless_english_is_asked_for_first(city, program):
    teacher = program(city.teacher)

    def language(**headers):
        return teacher.get("tickets/DO-2026-1/", **headers).headers["Content-Language"]

    assert language() == "de"
    assert language(Accept_Language="en") == "en"
    assert language(Accept_Language="en-GB,de;q=0.5") == "en"
    assert language(Accept_Language="de, en;q=0.9") == "de"
    assert language(Accept_Language="fr, en;q=0.9") == "de"
    assert language(Accept_Language="," * 600) == "de"
    lists = [teacher.get("categories/", Accept_Language=code).json()["results"] for code in ("de", "en")]
    assert [rows[1]["name"] for rows in lists] == ["Bild, Ton, Tafel", "Picture, sound, board"]


def test_no_answer_may_be_kept_by_a_cache(city, program):
    answer = program(city.teacher).get("tickets/")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_refused_request_leaves_nothing(city, program):
    ticket = city.report()
    before = TicketEvent.objects.count()
    program(city.manager).step(ticket, "wait", {"party": "x", "until": "2020-01-01"}, Idempotency_Key="k")
    assert TicketEvent.objects.count() == before
    again = program(city.manager).step(ticket, "wait", {"party": "x", "until": "2026-04-01"}, Idempotency_Key="k")
    assert again.status_code == 200  # a refusal uses no key up


def test_every_address_of_the_api_asks_who_is_there(client, db):
    patterns = next(one for one in get_resolver().url_patterns if str(one.pattern) == "api/v1/").url_patterns
    opened = {"api-schema", "api-docs", "api-nowhere"}
    for pattern in patterns:
        if pattern.name not in opened:
            address = (
                str(pattern.pattern)
                .replace("(?P<number>[A-Za-z0-9-]{1,32})", "DO-2026-1")
                .replace("(?P<number>[0-9]{6})", "100001")
                .replace("(?P<key>[0-9a-f-]{36})", "00000000-0000-4000-8000-000000000000")
                .strip("^$")
            )
            answer = client.get(f"/api/v1/{address}")
            assert answer.status_code == 401, address
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert is_problem(answer)
