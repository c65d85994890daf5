"""People have the queue and a report open, and their pages ask whether something is new. What does an answer cost?

A city of 120 schools with as many tickets as wished, of which `open` per cent are open. Half of the people are campus
managers, half are of the helpdesk and see all of the city. Measured is processor time, not waiting: that of this
process, in which the whole application answers, and that of the database's process that serves it. It stays inside
this machine and ends after `polls` questions of each kind.
"""

import os
import random
import re
import time
from collections import defaultdict
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from unittest import mock

from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import CityRole, User
from campuses.models import Campus, CampusAssignment
from schools.models import School
from tests.rehearsals.report import Report
from tickets.commands import work
from tickets.models import Category, Ticket, TicketEvent

SCHOOLS, CAMPUSES, EVERY, MANY = 120, 24, 20, 200
POLLING = {"HX-Request": "true", "HX-Polling": "true"}
OPEN = ["new", "in_progress", "waiting_reporter", "reopened"]
BATCH = 5000
TICK = os.sysconf("SC_CLK_TCK")


def rehearse(wishes) -> Report:
    """Measure with the clock standing still, so that no answer is worded anew because minutes have passed."""
    now = timezone.now()
    with mock.patch("django.utils.timezone.now", lambda: now):
        return measure(wishes)


def measure(wishes) -> Report:
    report = Report(f"{wishes.tickets} tickets, {wishes.open} % open; {wishes.clients} open pages")
    city = BigCity(random.Random(wishes.seed), wishes)
    meter = Meter()
    pages = [OpenQueue(person) for person in islice(cycle(city.people), wishes.clients)]
    for kind in ("manager", "helpdesk"):
        chosen = [page for page in pages if page.person.email.startswith(kind)]
        for page in chosen:
            page.open()
        asked = list(islice(cycle(chosen), wishes.polls))
        meter.measure(f"queue of {kind}, nothing new", [page.ask for page in asked], 204, report)
        city.change()
        meter.measure(f"queue of {kind}, changed", [page.ask_anew for page in asked], 200, report)
    tickets = [OpenTicket(person, city.ticket_of(person)) for person in islice(cycle(city.people), 40)]
    asked = list(islice(cycle(tickets), wishes.polls))
    meter.measure("report, nothing new", [page.ask for page in asked], 204, report)
    for page in tickets:
        work.comment(ticket=page.ticket, text="Danke", by=page.ticket.reporter, at=timezone.now())
    meter.measure("report, changed", [page.ask_anew for page in asked], 200, report)
    meter.tell(report)
    return report


class Meter:
    """Processor time by kind of question."""

    def __init__(self):
        self.spent = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")  # all of a query in the process that is read
            cursor.execute("SELECT pg_backend_pid()")
            self.backend = Path(f"/proc/{cursor.fetchone()[0]}/stat")

    def measure(self, kind, questions, expected, report):
        questions[0]()  # what only the first one costs is not what this is about
        before = time.process_time(), self._database()
        for question in questions:
            status = question()
            report.note(kind, str(status))
            if status != expected:
                report.violated(kind, [f"{status} instead of {expected}"])
        after = time.process_time(), self._database()
        self.spent[kind] = [(b - a) / len(questions) for a, b in zip(before, after, strict=True)]

    def _database(self) -> float:
        """Return the processor seconds of the process that serves this connection."""
        fields = self.backend.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def tell(self, report):
        for kind, (application, database) in self.spent.items():
            cores = (application + database) * MANY / EVERY
            report.facts[f"{kind}"] = (
                f"{application * 1000:.1f} ms application + {database * 1000:.1f} ms database a poll; "
                f"{MANY} pages every {EVERY} s: {cores:.2f} cores"
            )


class BigCity:
    """Schools, people and tickets in bulk."""

    def __init__(self, lot, wishes):
        self.lot = lot
        now = timezone.now()
        self.campuses = Campus.objects.bulk_create(Campus(slug=f"c{n}", name=f"Campus {n}") for n in range(CAMPUSES))
        self.schools = School.objects.bulk_create(
            School(
                number=str(200000 + n),
                name=f"Beispielschule {n}",
                form=School.Form.PRIMARY,
                campus=self.campuses[n % CAMPUSES],
                city="Dortmund",
            )
            for n in range(SCHOOLS)
        )
        self.managers, self.helpdesks = (
            User.objects.bulk_create(
                User(email=f"{kind}-{n}@city.example", first_name="Petra", last_name=f"Person-{n}")
                for n in range(CAMPUSES)
            )
            for kind in ("manager", "helpdesk")
        )
        since = now.date() - timedelta(days=30)
        CampusAssignment.objects.bulk_create(
            CampusAssignment(person=person, campus=campus, starts_on=since)
            for person, campus in zip(self.managers, self.campuses, strict=True)
        )
        CityRole.objects.bulk_create(
            CityRole(person=person, role=CityRole.Role.HELPDESK, starts_on=since) for person in self.helpdesks
        )
        self.people = [person for pair in zip(self.managers, self.helpdesks, strict=True) for person in pair]
        self.reporter = User.objects.create(email="reporter@city.example", first_name="Rita", last_name="Reporter")
        self._add_tickets(wishes, now)

    def _add_tickets(self, wishes, now):
        categories = list(Category.objects.in_use())
        words = next(index for index in Ticket._meta.indexes if index.name == "words_of_a_report")
        with connection.schema_editor() as editor:
            editor.remove_index(Ticket, words)  # built at once at the end; word by word it would take most of the time
        for start in range(0, wishes.tickets, BATCH):
            tickets = Ticket.objects.bulk_create(
                self._ticket(categories, wishes.open, now - timedelta(minutes=7 * n))
                for n in range(start, min(start + BATCH, wishes.tickets))
            )
            TicketEvent.objects.bulk_create(
                TicketEvent(ticket=t, verb="reported", by=self.reporter, at=t.created_at, status="new", version=1)
                for t in tickets
            )
        with connection.schema_editor() as editor:
            editor.add_index(Ticket, words)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _ticket(self, categories, share, at):
        is_open = self.lot.random() * 100 < share
        school = self.lot.choice(self.schools)
        return Ticket(
            series="DO-2026",
            school=school,
            campus=school.campus,
            category=self.lot.choice(categories),
            place="Aula",
            title="Der Beamer in der Aula bleibt dunkel, und der Ton ist auch weg",
            description="Seit der ersten Stunde. " * 5,
            reporter=self.reporter,
            created_by=self.reporter,
            impact="class",
            urgency=self.lot.choice(["hampered", "blocked"]),
            priority="normal",
            status=self.lot.choice(OPEN) if is_open else "closed",
            created_at=at,
            changed_at=at,
            due_at=at + timedelta(days=2) if is_open else None,
            closed_at=None if is_open else at,
        )

    def change(self):
        """Change one open ticket of every campus."""
        for campus in self.campuses:
            ticket = self._open(campus)
            urgency = "blocked" if ticket.urgency == "hampered" else "hampered"
            work.classify(ticket=ticket, urgency=urgency, by=self.helpdesks[0], at=timezone.now())

    def ticket_of(self, person):
        """Return an open ticket that nobody else has open."""
        place = self.people.index(person)
        return self._open(self.campuses[place // 2], place % 2)

    def _open(self, campus, place=0):
        return Ticket.objects.filter(school__campus=campus, status__in=["new", "in_progress"]).order_by("pk")[place]


class Page:
    """A page somebody has open, with what it sends along when it asks."""

    address = ""

    def __init__(self, person):
        self.person = person
        self.client = Client()
        self.client.force_login(person)
        self.client.get("/account/")
        self.open()

    def open(self):
        """Load the page as it is now."""
        page = self.client.get(self.address).content.decode()
        self.seen = dict(re.findall(r'<input type="hidden" name="(stamp|here|rows|more)" value="([^"]*)"', page))

    def ask(self) -> int:
        return self.send(self.seen)

    def ask_anew(self) -> int:
        """Ask as if nothing of the last minutes had been seen."""
        return self.send({**self.seen, "stamp": f"{self.person.pk}.before"})


class OpenQueue(Page):
    address = "/queue/"

    def send(self, seen) -> int:
        return self.client.get("/queue/live/", seen, headers=POLLING).status_code


class OpenTicket(Page):
    def __init__(self, person, ticket):
        self.ticket = ticket
        self.address = f"/tickets/{ticket.number}/"
        super().__init__(person)

    def send(self, seen) -> int:
        return self.client.post(f"{self.address}live/", seen, headers=POLLING).status_code
