"""Plays the stories of reports step by step, in the order of time, through the commands the pages use."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from random import Random

from accounts.models import CityRole, User
from calendars.reading import hours_of
from foundation.berlin import berlin_day, start_of_day
from helpdesk.seed.packets import checklists, packet_of
from helpdesk.seed.people import DOMAIN
from helpdesk.seed.phrases import Phrase
from helpdesk.seed.service_time import ServiceTime
from schools.coverage import roster_on
from schools.duties import viewer_of
from schools.models import Room, School, SchoolMembership
from schools.roster import Roster
from schools.viewer import Viewer
from teams.models import Team, TeamMembership
from tickets.commands import escalate, finish, join, merge, report, work
from tickets.commands.sweep import take_steps
from tickets.lifecycle import Level, StepNotAllowed
from tickets.models import Category, Deadline, Ticket
from tickets.permissions import StepForbidden

#: A story yields the instant of its next step and takes that step when it is resumed.
Story = Iterator[datetime]
AHEAD = timedelta(days=400)  # stories are told to their end, also where that lies in the future
LAST_CHOICE = "workplaces"  # the team for categories that have none of their own


def play(stories: Iterable[Story], until: datetime) -> None:
    """Take the steps of all stories in the order of time; what would come after `until` has not happened yet.

    The clocks run along: reminders, hand-overs and closings happen in between, each at its own instant. A story which
    something of that has overtaken ends there.
    """
    waiting: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(stories):
        heappush(waiting, (next(story), number, story))
    while waiting:
        at, number, story = heappop(waiting)
        if at > until:
            story.close()
            continue
        run_clocks(at)
        with suppress(StepNotAllowed, StepForbidden):
            upcoming = next(story, None)
            if upcoming is not None:
                heappush(waiting, (max(upcoming, at), number, story))
    run_clocks(until)


def run_clocks(until: datetime) -> None:
    """Let happen by itself what falls due until this instant, in the order of time."""
    while (row := Deadline.objects.due(until).first()) is not None:
        take_steps(deadline_id=row.pk, at=row.next_at)


class Stage:
    """The city as the stories need it: people, rooms, service time and who is on duty; read once."""

    def __init__(self, now: datetime, *, weeks: int):
        self.now = now
        first = start_of_day(berlin_day(now) - timedelta(weeks=weeks + 4))
        self.service = ServiceTime(hours_of(), first, now + AHEAD)
        self.schools = {
            school.number: school for school in School.objects.select_related("campus").exclude(campus=None)
        }
        self.categories = {category.slug: category for category in Category.objects.select_related("team")}
        self.checklists = checklists()
        self.teams = {team.slug: team for team in Team.objects.all()}
        self.people = {person.pk: person for person in User.objects.filter(is_active=True)}
        self.by_account = {person.email: person for person in self.people.values()}
        today = berlin_day(now)
        self.members: dict[tuple[int, str], list[User]] = {}
        for school, role, person in _demo_rows(SchoolMembership, today).values_list("school", "role", "person"):
            self.members.setdefault((school, role), []).append(self.people[person])
        self.specialists: dict[int, list[User]] = {}
        for team, person in _demo_rows(TeamMembership, today).values_list("team", "person"):
            self.specialists.setdefault(team, []).append(self.people[person])
        helpdesk = _demo_rows(CityRole, today).filter(role=CityRole.Role.HELPDESK)
        self.helpdesk = [self.people[person] for person in helpdesk.values_list("person", flat=True)]
        self.rooms: dict[int, dict[str, Room]] = {}
        for room in Room.objects.filter(active=True).order_by("sort_key", "pk"):
            self.rooms.setdefault(room.school_id, {})[room.name] = room
        self._rosters: dict[date, Roster] = {}
        self._viewers: dict[tuple[int, date], Viewer] = {}

    def account(self, name: str) -> User:
        return self.by_account[f"{name}@{DOMAIN}"]

    def at_work(self, person: User, at: datetime) -> User:
        """Return the person with the viewer of this instant at hand.

        Roles hold for whole days, so they are read once a person and day; a command alone would read them anew.
        """
        key = (person.pk, berlin_day(at))
        if key not in self._viewers:
            self._viewers[key] = viewer_of(person, at)
        person._viewer = replace(self._viewers[key], at=at)
        return person

    def manager(self, school: School, at: datetime) -> User | None:
        """Return who is on duty for the school on that day."""
        day = berlin_day(at)
        if day not in self._rosters:
            self._rosters[day] = roster_on(day)
        manager = self._rosters[day].manager_of(school.pk, school.campus_id)
        return self.people.get(manager.id) if manager else None

    def ago(self, minutes: float) -> datetime:
        """Return the instant so many minutes of service time before now."""
        return self.service.before(self.now, timedelta(minutes=minutes))

    def after(self, at: datetime, minutes: float) -> datetime:
        """Return the instant so many minutes of service time after `at`."""
        return self.service.after(at, timedelta(minutes=minutes))


class Course:
    """One report on its way: its people, and one method for each step anybody takes."""

    def __init__(self, stage: Stage, school: School, reporter: User | None, phrase: Phrase, lot: Random):
        self.stage = stage
        self.school = school
        self.reporter = reporter
        self.phrase = phrase
        self.lot = lot
        self.category = stage.categories[phrase.category]
        self.ticket: Ticket | None = None

    @property
    def team(self) -> Team:
        """The team it lies with, or would be handed to."""
        return self.ticket.team or self.category.team or self.stage.teams[LAST_CHOICE]

    def manager(self, at: datetime) -> User:
        """Return who works on it at the first level at this instant."""
        return self.stage.at_work(self.stage.manager(self.school, at) or self.stage.helpdesk[0], at)

    def worker(self, at: datetime) -> User:
        """Return who has it in hand: the specialist at the second level, else the first level."""
        self.ticket.refresh_from_db()  # something may have happened by itself
        if self.ticket.level != Level.SECOND:
            return self.manager(at)
        holder, people = self.ticket.assignee, self.stage.specialists[self.team.pk]
        return self.stage.at_work(holder if holder in people else people[0], at)

    def author(self, at: datetime) -> User:
        return self.stage.at_work(self.reporter, at)

    def report(self, at: datetime, *, by: User | None = None, room: str = "", **facts) -> None:
        """Report in the words of the phrase; `facts` may name a caller who has no account."""
        rooms = self.stage.rooms.get(self.school.pk, {})
        self.ticket = report.report_incident(
            school=self.school,
            category=self.category,
            by=self.stage.at_work(by, at) if by else self.author(at),
            **({} if self.reporter is None else {"reporter": self.reporter}),
            room=rooms.get(room),
            place="" if room in rooms else room,
            description=self.phrase.text,
            at=at,
            **facts,
        )

    def take(self, at: datetime) -> None:
        self.ticket = work.accept(ticket=self.ticket, by=self.manager(at), at=at)

    def tell(self, at: datetime, text: str) -> None:
        work.comment(ticket=self.ticket, text=text, by=self.worker(at), at=at)

    def note(self, at: datetime, text: str) -> None:
        work.comment(ticket=self.ticket, text=text, by=self.worker(at), at=at, internal=True)

    def ask(self, at: datetime, text: str) -> None:
        self.ticket = work.ask(ticket=self.ticket, text=text, by=self.worker(at), at=at)

    def answer(self, at: datetime, text: str) -> None:
        self.ticket = work.answer(ticket=self.ticket, text=text, by=self.author(at), at=at)

    def wait(self, at: datetime, party: str, days: int, reference: str = "") -> None:
        until = berlin_day(at) + timedelta(days=days)
        self.ticket = work.wait(
            ticket=self.ticket,
            party=party,
            until=until,
            reference=reference,
            by=self.worker(at),
            at=at,
        )

    def resume(self, at: datetime) -> None:
        self.ticket = work.resume(ticket=self.ticket, by=self.worker(at), at=at)

    def hand_over(self, at: datetime, tried: str) -> None:
        """Hand over with a complete packet, whatever the first level has found out."""
        rooms = self.stage.rooms.get(self.school.pk, {})
        packet = packet_of(
            self.ticket,
            tried=tried,
            items=self.stage.checklists.get(self.category.pk, []),
            rooms=[self.ticket.room or self.lot.choice(list(rooms.values()))],
            lot=self.lot,
            at=at,
        )
        if self.category.team is None:
            packet = replace(packet, team=self.team)
        self.ticket = escalate.escalate(ticket=self.ticket, packet=packet, by=self.manager(at), at=at)

    def take_over(self, at: datetime, account: str = "") -> None:
        by = self.stage.account(account) if account else self.lot.choice(self.stage.specialists[self.team.pk])
        self.ticket = escalate.accept_escalation(ticket=self.ticket, by=self.stage.at_work(by, at), at=at)

    def pass_on(self, at: datetime, slug: str, reason: str) -> None:
        team = self.stage.teams[slug]
        self.ticket = escalate.transfer(ticket=self.ticket, team=team, reason=reason, by=self.worker(at), at=at)

    def ask_manager(self, at: datetime, text: str) -> None:
        self.ticket = escalate.ask_mediator(ticket=self.ticket, text=text, by=self.worker(at), at=at)

    def reply(self, at: datetime, text: str) -> None:
        """The manager writes to the Systemhaus and the school, who stays their mediator."""
        work.comment(ticket=self.ticket, text=text, by=self.manager(at), at=at, internal=True)

    def give_back(self, at: datetime, text: str) -> None:
        self.ticket = escalate.return_to_first_level(ticket=self.ticket, text=text, by=self.worker(at), at=at)

    def join(self, at: datetime, account: str = "", room: str = "") -> None:
        """Somebody else of the school says that it is there for them too; nobody where there is nobody else."""
        if account:
            by = self.stage.account(account)
        else:
            teachers = self.stage.members.get((self.school.pk, "teacher"), [])
            others = [person for person in teachers if person != self.reporter]
            if not others:
                return
            by = self.lot.choice(others)
        rooms = self.stage.rooms.get(self.school.pk, {})
        join.join(ticket=self.ticket, by=self.stage.at_work(by, at), at=at, room=rooms.get(room))

    def solve(self, at: datetime, by: User | None = None, solution: str = "") -> None:
        self.ticket = finish.resolve(
            ticket=self.ticket,
            solution=solution or self.phrase.solution,
            cause=self.phrase.cause(self.lot),
            by=self.stage.at_work(by, at) if by else self.worker(at),
            at=at,
        )

    def confirm(self, at: datetime) -> None:
        self.ticket = finish.confirm(ticket=self.ticket, by=self.author(at), at=at)

    def reopen(self, at: datetime, text: str) -> None:
        self.ticket = finish.reopen(ticket=self.ticket, by=self.author(at), reason=text, at=at)

    def withdraw(self, at: datetime, text: str) -> None:
        self.ticket = finish.withdraw(ticket=self.ticket, by=self.author(at), reason=text, at=at)

    def close(self, at: datetime, text: str) -> None:
        self.ticket = finish.close(ticket=self.ticket, by=self.manager(at), reason=text, at=at)

    def merge(self, at: datetime, into: Ticket) -> None:
        """Let the ticket end in another one of the school."""
        merge.merge(ticket=self.ticket, into=into, by=self.manager(at), at=at)
        self.ticket.refresh_from_db()


def _demo_rows(model, day: date):
    """Return the rows of today that belong to people of the demo; nobody else is put words into the mouth."""
    return model.objects.on(day).filter(person__email__endswith=f"@{DOMAIN}", person__is_active=True).order_by("pk")
