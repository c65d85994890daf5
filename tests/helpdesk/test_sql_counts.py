"""How many statements a page takes: the same with ten reports as with a thousand, and at most ten.

Everything counts that a request sends, from the session to the scope; what only opens and closes transactions does
not. A session is counted as it is day by day: signed in before, not at its first page.
"""

import re
import uuid
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import CityRole, User
from reports.keeping import keep_figures
from schools.models import Room, School, SchoolMembership
from teams.models import Team, TeamMembership
from tests.access.world import clean
from tests.city import MONDAY, SINCE
from tickets.commands import finish, work
from tickets.commands.attach import attach_photos
from tickets.drafts import keep
from tickets.models import Category, Deadline, Ticket, TicketEvent

AT_MOST, WHEN_CREATING, SMALL = 10, 16, 60_000
TRANSACTIONS = re.compile(r"^(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK|BEGIN|COMMIT)")

PEOPLE = {
    "teacher": ["/tickets/", "{ticket}", "{ticket}clocks/", "/tickets/new/"],
    "drafting": ["/tickets/new/?draft={draft}"],
    "with many roles": ["/queue/", "/tickets/", "{ticket}", "/tickets/new/?school=100001"],
    "contact": ["/tickets/", "{ticket}", "/tickets/new/"],
    "head": [
        "/overview/",
        "/schools/100001/statistics/",
        "/schools/100001/statistics/?period=2026-03",
        "/schools/100001/",
    ],
    "manager": [
        "/queue/",
        "/queue/?tab=waiting",
        "/queue/?school=100001",
        "/tickets/",
        "{ticket}",
        "/tickets/new/?school=100001",
    ],
    "substitute": ["/queue/", "/tickets/", "{ticket}", "/tickets/new/?school=100001"],
    "helpdesk": [
        "/queue/",
        "/tickets/",
        "/tickets/?q=Beamer&status=open&school=100001",
        "{ticket}",
        "/tickets/new/?school=100001",
        "/calls/",
        "/calls/?school=100001",
        "/calls/?school=100001&person={teacher}",
        "/calls/found/?wanted=tafel%20brecht",
        "/calls/{number}/",
    ],
    "coordinator": [
        "/queue/",
        "/tickets/",
        "/campuses/",
        "/campuses/map/",
        "/campuses/responsibility/",
        "/campuses/responsibility/?kind=manager&campus=kirchlinde",
        "/campuses/kirchlinde/",
        "/campuses/absences/",
        "/reports/remarks/",
    ],
    "city_reader": [
        "/reports/",
        "/reports/?by=category",
        "/reports/?period=2026-03&by=district",
        "/reports/parts/campus/kirchlinde/",
        "/reports/parts/category/network/",
        "/reports/annual/8/",
        "/reports/annual/11/",
        "/reports/annual/14/sum/full/",
    ],
    "specialist": [
        "/tickets/",
        "{ticket}",
        "{ticket}clocks/",
        "/triage/",
        "/triage/?view=returned&team=network&near=1",
        "/triage/?view=returned&ticket={number}",
        "/triage/?q=Beamer",
    ],
}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


class Counted:
    """A signed-in browser that says what each of its requests sent to the database."""

    def __init__(self, person):
        self.client = Client()
        self.client.force_login(person)
        self.client.get("/account/")  # the first page of a session writes it

    def get(self, address):
        return self._of(self.client.get, address)

    def post(self, address, sent):
        return self._of(self.client.post, address, sent)

    def poll(self, method, address, seen):
        headers = {"HX-Request": "true", "HX-Polling": "true"}
        return self._of(lambda: getattr(self.client, method)(address, seen, headers=headers))

    def _of(self, method, *asked):
        with CaptureQueriesContext(connection) as captured:
            answer = method(*asked)
        return answer, [query["sql"] for query in captured if not TRANSACTIONS.match(query["sql"])]


@pytest.fixture
def busy(city):
    """One report with everything on its page: photos, a long history, reports of the room before it."""
    for who in (city.teacher, city.colleague, city.contact):
        city.report(by=who)
    ticket = city.report(description="Der Beamer bleibt dunkel")
    for number, category in enumerate((city.network, city.display, city.network)):
        at = MONDAY + timedelta(minutes=number)
        ticket = work.classify(ticket=ticket, category=category, by=city.manager, at=at)
        work.comment(ticket=ticket, text="Ich sehe nach", by=city.manager, at=at)
        work.comment(ticket=ticket, text="Intern", internal=True, by=city.helpdesk, at=at)
        work.comment(ticket=ticket, text="Danke", by=city.teacher, at=at)
    attach_photos(ticket=ticket, photos=[clean()] * 3, by=city.teacher, at=MONDAY)
    Ticket.objects.filter(pk=ticket.pk).update(first_escalated_at=MONDAY, team=Team.objects.get(slug="network"))
    return ticket


def person(city, who):
    """Return somebody of the city in the situation they are here for."""
    if who == "substitute":
        city.substitute = city.person("Suse", "Ersatz")
        city.away(city.manager, cover=city.substitute, schools=[city.brecht, city.widey])
    if who == "coordinator":
        School.objects.filter(pk=city.brecht.pk).update(campus=None)
    if who == "drafting":
        who = "contact"
        city.draft = keep(author=city.contact, words={}, photos=[clean()] * 5, draft=None, at=MONDAY)
    if who == "with many roles":
        who = "manager"
        for school, role in product((city.brecht, city.kant), SchoolMembership.Role.values):
            SchoolMembership.objects.create(person=city.manager, school=school, role=role, starts_on=SINCE)
        CityRole.objects.create(person=city.manager, role=CityRole.Role.HELPDESK, starts_on=SINCE)
        CityRole.objects.create(person=city.manager, role=CityRole.Role.CITY_READER, starts_on=SINCE)
        for team in Team.objects.all():
            TeamMembership.objects.create(person=city.manager, team=team, starts_on=SINCE)
    return User.objects.get(pk=getattr(city, who).pk)


def crowd(city, number):
    """Add reports of all kinds that everybody of these tests sees, with their clocks and first events."""
    mark = uuid.uuid4().hex[:6]
    categories = list(Category.objects.in_use())
    rooms = Room.objects.bulk_create(Room(school=city.brecht, name=f"R {mark} {n}") for n in range(number // 25))
    people = User.objects.bulk_create(
        User(email=f"{mark}-{n}@city.example", first_name="Petra", last_name=f"Person-{n}")
        for n in range(number // 10)
    )
    statuses = ["new", "in_progress", "waiting_reporter", "waiting_external", "reopened", "resolved", "closed"]
    tickets = Ticket.objects.bulk_create(
        Ticket(
            series="DO-2026",
            school=city.brecht if n % 3 else city.widey,
            campus=city.kirchlinde,
            room=(rooms or [None])[n % max(len(rooms), 1)] if n % 3 else None,
            place="" if n % 3 else "Aula",
            category=categories[n % len(categories)],
            title=f"Störung {n}: Der Beamer in der Aula bleibt dunkel, und der Ton ist auch weg",
            description="Seit der ersten Stunde. " * 5,
            reporter=(city.teacher, *people)[n % (len(people) + 1)] if n % 2 else city.teacher,
            created_by=city.teacher,
            impact="class",
            urgency="blocked" if n % 5 == 0 else "hampered",
            priority="high" if n % 5 == 0 else "normal",
            status=statuses[n % len(statuses)],
            assignee=city.manager if n % 4 == 0 else None,
            first_escalated_at=MONDAY if n % 6 == 0 else None,
            created_at=MONDAY - timedelta(minutes=n),
            changed_at=MONDAY - timedelta(minutes=n),
            due_at=MONDAY + timedelta(minutes=n) if n % len(statuses) not in (2, 5, 6) else None,
            resolved_at=MONDAY if n % len(statuses) == 5 else None,
        )
        for n in range(number)
    )
    for kind in Deadline.Kind.values:
        Deadline.objects.bulk_create(
            Deadline(ticket=t, kind=kind, target=timedelta(hours=8), started_at=t.created_at, due_at=t.due_at)
            for t in tickets
        )
    TicketEvent.objects.bulk_create(
        TicketEvent(ticket=t, verb="reported", by=t.reporter, at=t.created_at, status="new") for t in tickets
    )
    keep_figures(at=MONDAY)


@pytest.mark.parametrize("who", PEOPLE)
def test_pages_take_the_same_statements_with_ten_and_with_a_thousand(city, busy, who):
    browser = Counted(person(city, who))
    names = {"teacher": city.teacher.public_id, "number": busy.number}
    names |= {"ticket": f"/tickets/{busy.number}/", "draft": city.draft.key if who == "drafting" else ""}
    addresses = [page.format(**names) for page in PEOPLE[who]]
    crowd(city, 10)
    few = {address: browser.get(address) for address in addresses}
    crowd(city, 990)
    for address, (answer, statements) in few.items():
        assert answer.status_code == 200, address
        again, many = browser.get(address)
        assert len(many) == len(statements) <= AT_MOST, f"{address}\n" + "\n".join(many)
        if address.startswith(("/queue", "/tickets/?")) or address == "/tickets/":
            assert again.content.count(b"item__title") == 25, address
            assert len(again.content) < SMALL, (address, len(again.content))


def test_a_solved_report_takes_no_more_with_an_answer_than_without(city, busy):
    browser = Counted(city.teacher)
    Ticket.objects.filter(pk=busy.pk).update(first_escalated_at=None, team=None)
    finish.resolve(ticket=busy, solution="Kabel gesteckt", cause="", by=city.manager, at=MONDAY)
    asked, without = browser.get(f"/tickets/{busy.number}/")
    answer, tapped = browser.post(f"/tickets/{busy.number}/rating/", {"value": "good"})
    _shown, with_answer = browser.get(f"/tickets/{busy.number}/")
    assert (asked.status_code, answer.status_code) == (200, 302)
    assert len(with_answer) == len(without) <= AT_MOST, "\n".join(with_answer)
    assert len(tapped) <= AT_MOST + 1, "\n".join(tapped)


@pytest.mark.parametrize("who", ["teacher", "contact", "manager", "helpdesk"])
def test_a_report_is_created_with_few_statements(city, who):
    browser = Counted(person(city, who))
    sent = {
        "idempotency_key": str(uuid.uuid4()),
        "school": city.brecht.number,
        "category": "display",
        "urgency": "hampered",
        "room": city.a204.pk,
    }
    answer, statements = browser.post("/tickets/new/", sent)
    assert answer.status_code == 302
    assert len(statements) <= WHEN_CREATING, "\n".join(statements)


class TestPolls:
    """What 200 open pages ask every 20 seconds: as few statements as an answer can have."""

    def seen(self, page):
        return dict(
            re.findall(r'<input type="hidden" name="(stamp|rows|more)" value="([^"]*)"', page.content.decode())
        )

    @pytest.mark.parametrize("who", ["manager", "helpdesk"])
    def test_a_queue(self, city, busy, who):
        browser = Counted(person(city, who))
        crowd(city, 100)
        seen = self.seen(browser.client.get("/queue/"))
        answer, statements = browser.poll("get", "/queue/live/", seen)
        assert answer.status_code == 204
        assert len(statements) <= 5, "\n".join(statements)
        city.report(urgency="blocked", category=city.network)
        answer, statements = browser.poll("get", "/queue/live/", seen)
        assert answer.status_code == 200 and b"live__new" in answer.content
        assert len(statements) <= AT_MOST, "\n".join(statements)

    def test_the_work_of_the_second_level_with_a_report_beside_it(self, city, busy):
        browser = Counted(person(city, "specialist"))
        crowd(city, 100)
        page = browser.client.get(f"/triage/?view=all&ticket={busy.number}")
        fields = r'<input type="hidden" name="(stamp|rows|more|report|ticket|here)" value="([^"]*)"'
        seen = dict(re.findall(fields, page.content.decode()))
        answer, statements = browser.poll("post", "/triage/live/?view=all", seen)
        assert answer.status_code == 204
        assert len(statements) <= 7, "\n".join(statements)

    @pytest.mark.parametrize("who", ["teacher", "manager", "helpdesk", "specialist"])
    def test_a_ticket(self, city, busy, who):
        browser = Counted(person(city, who))
        seen = self.seen(browser.client.get(f"/tickets/{busy.number}/"))
        answer, statements = browser.poll("post", f"/tickets/{busy.number}/live/", seen)
        assert answer.status_code == 204
        assert len(statements) <= 6, "\n".join(statements)
        work.comment(ticket=busy, text="Danke", by=city.teacher, at=MONDAY)
        answer, statements = browser.poll("post", f"/tickets/{busy.number}/live/", seen)
        assert answer.status_code == 200
        assert len(statements) <= AT_MOST + 4, "\n".join(statements)
