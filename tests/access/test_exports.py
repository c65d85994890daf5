"""What one takes along is what one sees: the same rows in the same order as on the pages, and as many as counted.

For everybody and for each list; and no table tells what its page does not.
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from accounts.models import AccountEvent
from campuses.models import Absence
from schools.models import Cover
from tests.access.doors import DOORS
from tests.access.test_doors import routes
from tests.access.world import CANARIES, EVERYBODY, SEEN_BY
from tests.city import MONDAY
from tests.helpdesk.test_sql_counts import crowd
from tickets.commands import work

EXPORTS = sorted({door.route for door in DOORS if door.route.endswith("-export")})


@dataclass(frozen=True)
class Pair:
    """A page with its parameters, the way to its table, and how a row of either is told."""

    page: str
    table: str
    asked: dict
    shown: object  # the rows of one page of the list, from what its template was given
    row: object  # what one row is called, of those
    column: str  # and in the table


def by_number(page, table, shown, *asked):
    return [Pair(page, table, one, shown, lambda ticket: ticket.number, "Nummer") for one in asked]


PAIRS = [
    *by_number(
        "/tickets/",
        "/tickets/export/",
        lambda context: context["page"].rows,
        {},
        {"status": "open"},
        {"status": "escalated"},
        {"status": "nonsense"},
        {"school": "100001"},
        {"school": "100003", "status": "open"},
        {"school": "999999"},
        {"q": "Bild"},
        {"q": CANARIES["confidential"]},
        {"q": CANARIES["escalated_confidential"], "status": "open"},
        {"q": "100001"},
    ),
    *by_number(
        "/queue/",
        "/queue/export/",
        lambda context: context["queue"].page.rows,
        *[{"tab": tab} for tab in ("todo", "waiting", "elsewhere", "solved", "nonsense")],
        {"tab": "todo", "school": "100001"},
        {"tab": "todo", "school": "100004"},
    ),
    *by_number(
        "/triage/",
        "/triage/export/",
        lambda context: context["triage"].page.rows,
        *[{"view": view} for view in ("inbox", "mine", "team", "waiting", "returned", "all", "nonsense")],
        {"view": "all", "team": "network"},
        {"view": "all", "near": "1"},
        {"view": "all", "cause": "1"},
        {"view": "all", "q": "Bild"},
        {"q": CANARIES["escalated_confidential"]},
    ),
    *by_number(
        "/campuses/responsibility/",
        "/campuses/responsibility/export/",
        lambda context: context["shown"].page.rows,
        {},
        {"kind": "manager"},
        {"kind": "team", "campus": "kirchlinde"},
        {"school": "100004"},
    ),
    *[
        Pair(
            "/schools/",
            "/schools/export/",
            asked,
            lambda context: context["page_obj"].object_list,
            lambda school: school.number,
            "Schulnummer",
        )
        for asked in ({}, {"q": "gymnasium"}, {"campus": "kirchlinde"}, {"campus": "nowhere"}, {"q": "nirgends"})
    ],
    *[
        Pair(
            "/campuses/map/",
            "/campuses/map/export/",
            asked,
            lambda context: [spot for district in context["map"].districts for spot in district.spots],
            lambda spot: spot.school.number,
            "Schulnummer",
        )
        for asked in ({}, {"campus": "asseln"}, {"campus": "-"}, {"district": "Brackel"})
    ],
    Pair(
        "/campuses/",
        "/campuses/export/",
        {},
        lambda context: context["overview"].campuses,
        lambda line: line.campus.name,
        "Campus",
    ),
    Pair(
        "/campuses/absences/",
        "/campuses/absences/export/",
        {},
        lambda context: context["overview"].absences,
        lambda line: line.away.person.name,
        "Person",
    ),
    Pair(
        "/campuses/absences/{absence}/",
        "/campuses/absences/{absence}/export/",
        {},
        lambda context: [line for line in context["shown"].schools for _part in line.stretches],
        lambda line: line.school.number,
        "Schulnummer",
    ),
    Pair(
        "/schools/100001/rooms/",
        "/schools/100001/rooms/export/",
        {},
        lambda context: [
            *(room for building in context["buildings"] for room in building.rooms),
            *context["retired"],
        ],
        lambda room: room.name,
        "Raum",
    ),
    Pair(
        "/schools/100001/contacts/",
        "/schools/100001/contacts/export/",
        {},
        lambda context: context["contacts"],
        lambda contact: contact.name,
        "Name",
    ),
    Pair(
        "/texts/",
        "/texts/export/",
        {},
        lambda context: [*context["own"], *context["shared"]],
        lambda text: text.title,
        "Titel",
    ),
    *[
        Pair(
            "/notices/",
            "/notices/export/",
            asked,
            lambda context: context["page"].rows,
            lambda notice: notice.about,
            "Nummer",
        )
        for asked in ({}, {"show": "unread"})
    ],
    *[
        Pair(
            f"/tickets/{{{name}}}/clocks/",
            f"/tickets/{{{name}}}/clocks/export/",
            {},
            lambda context: [
                (card, line)
                for card in context["page"].cards
                for part in (card.spent, card.over, card.planned)
                for line in part.lines
            ],
            lambda row: row[0].row.get_kind_display(),
            "Frist",
        )
        for name in ("ordinary", "confidential", "escalated_confidential")
    ],
]


def signed_in(world, who):
    client = Client()
    client.force_login(getattr(world, who))
    return client


def told(answer):
    """Return the rows of a table by their headings."""
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def on_the_pages(client, address, pair):
    """Return what the list calls its rows, on all its pages; or the status of the page where it is none."""
    names, asked = [], pair.asked
    for _ in range(40):
        answer = client.get(address, asked)
        if answer.status_code != 200:
            return answer.status_code
        names += [pair.row(row) for row in pair.shown(answer.context)]
        onward = re.search(r'rel="next" href="\?[^"]*\b(after|page)=([\w-]+)"', answer.content.decode())
        if onward is None:
            return names
        asked = {**pair.asked, onward[1]: onward[2]}
    raise AssertionError(f"{address} goes on for ever")


def compare(world, who):
    client, compared = signed_in(world, who), 0
    for pair in PAIRS:
        page, table = world.address(pair.page), world.address(pair.table)
        expected = on_the_pages(client, page, pair)
        answer = client.post(table, pair.asked)
        if isinstance(expected, int):
            assert answer.status_code == expected, (table, pair.asked)
            continue
        assert answer.status_code == 200, (table, pair.asked)
        rows = told(answer)
        assert [row[pair.column] for row in rows] == expected, (table, pair.asked)
        event = AccountEvent.objects.filter(verb="exported").latest("pk")
        assert (event.by, event.data["rows"]) == (getattr(world, who), len(rows)), (table, event.data)
        compared += len(rows)
    return compared


@pytest.fixture
def busy(world):
    """A few things more: a room out of use, an absence with a cover, an internal remark, a question."""
    world.b112.active = False
    world.b112.save()
    Cover.objects.create(
        absence=world.absence,
        school=world.kant,
        substitute=world.manager,
        starts_on=date(2026, 7, 1),
        ends_on=date(2026, 7, 9),
    )
    for name in ("ordinary", "escalated", "escalated_confidential"):
        work.comment(ticket=world.tickets[name], text=REMARK, internal=True, by=world.manager, at=MONDAY)
    Absence.objects.create(person=world.manager, starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 14))
    return world


REMARK = "Der Schlüssel klemmt, unter uns gesagt"


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_a_table_is_the_list(busy, who):
    compare(busy, who)


@pytest.mark.parametrize("who", ["contact", "manager", "helpdesk", "specialist", "coordinator"])
def test_a_table_is_all_pages_of_a_long_list(busy, who):
    crowd(busy, 90)
    assert compare(busy, who) > 90


def test_every_export_is_compared_or_is_figures():
    tables = {re.sub(r"\d{6}|\{\w+\}", "…", pair.table) for pair in PAIRS}
    known = {re.sub(r"\d{6}|\{\w+\}|(?<=/)0(?=/)", "…", door.address) for door in DOORS if door.route in EXPORTS}
    left = known - tables
    assert not {address for address in left if not address.startswith("/reports/") and "/statistics/" not in address}
    assert {name for name in routes() if name.endswith("export")} == set(EXPORTS)


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_no_table_tells_of_what_is_hidden(busy, who):
    client = signed_in(busy, who)
    hidden = {name for name, people in SEEN_BY.items() if who not in people}
    opened = 0
    for door in (door for door in DOORS if door.route in EXPORTS):
        for asked in ({}, {"view": "all"}, {"tab": "elsewhere"}, {"status": "open"}):
            answer = client.post(busy.address(door.address), {**door.body, **asked})
            if answer.status_code != 200:
                continue
            opened += 1
            text = answer.getvalue().decode()
            assert not [name for name in hidden if CANARIES[name] in text], door.address
            assert REMARK not in text
            assert "Hausmeisterei" not in text  # how one gets in
            confidential = [busy.tickets[name].number for name in hidden if "confidential" in name]
            assert not [number for number in confidential if re.search(rf"{number}\b", text)], door.address
            if "/tickets/" in door.address or door.address.startswith(("/queue", "/triage", "/campuses/resp")):
                people = [p.name for p in busy.everybody.values()]
                assert not [name for name in people if name in text], door.address
    assert opened >= 9


def test_a_table_of_the_whole_city_names_no_word_and_no_person(busy):
    rows = told(signed_in(busy, "coordinator").post("/campuses/responsibility/export/"))
    assert list(rows[0]) == [
        *("Nummer", "Schulnummer", "Schule", "Campus", "Kategorie", "Zustand", "Fällig um", "Bei wem", "Team"),
    ]
    assert {row["Nummer"] for row in rows} == {
        busy.tickets[name].number for name in ("ordinary", "elsewhere", "escalated", "unattended")
    }


def test_odd_parameters_break_nothing(busy):
    names = (
        "q",
        "status",
        "school",
        "tab",
        "view",
        "team",
        "near",
        "cause",
        "kind",
        "campus",
        "district",
        "show",
        "after",
    )
    for value in ("\x00", "a\x00b", "x" * 5000, "'; DROP TABLE tickets_ticket;--", "\u202e", "1" * 40):
        for who in ("manager", "specialist", "coordinator"):
            client = signed_in(busy, who)
            for door in (door for door in DOORS if door.route in EXPORTS):
                answer = client.post(busy.address(door.address), dict.fromkeys(names, value))
                assert answer.status_code in (200, 403, 404), (door.address, value)
                if answer.streaming:
                    answer.getvalue()
