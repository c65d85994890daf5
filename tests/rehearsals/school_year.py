"""A year of the town, from holidays to holidays: people report, work, forget and answer, and the clocks run along.

Time is passed in, and ticks of beat that would find nothing due are left out, so a year takes seconds. After every
tick it is asked of all it did: was anybody reminded outside their service hours, before something was due, or twice.
When somebody works is told by the wall clock here, not by the code.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

import holidays
from django.core.exceptions import PermissionDenied

from calendars.models import BusinessCalendar, SchoolHoliday
from foundation.berlin import BERLIN, berlin_day, start_of_day
from notifications.models import OutboxMessage
from schools.coverage import roster_on
from schools.models import MovableDay, School
from teams.models import Team
from tests.rehearsals.invariants import broken
from tests.rehearsals.report import Report
from tests.rehearsals.town import Town
from tickets.commands import escalate, finish, work
from tickets.commands.rate import rate
from tickets.commands.sweep import sweep
from tickets.ladder import TELLINGS
from tickets.lifecycle import Level, Status, StepNotAllowed
from tickets.models import Deadline, Rating, StepTaken, Ticket, TicketEvent
from tickets.permissions import RatingNotPossible

FIRST, LAST = date(2026, 8, 3), date(2027, 8, 2)
FEASTS = holidays.country_holidays("DE", subdiv="NW", years=(2026, 2027))
END = start_of_day(LAST + timedelta(days=60))
TICK = 20  # seconds
ANSWERING = 0.3  # of those whose report was solved
#: What is only told, and to whom it may be told when: their service hours decide.
TOLD = frozenset({"reminded", "told", "follow_up_due", "reporter_reminded"})
DAY = (time(7, 30), time(16))
EVENING = (time(14), time(21, 30))  # the network team of this year
HOLIDAYS = ((date(2026, 10, 17), date(2026, 10, 31)), (date(2026, 12, 23), date(2027, 1, 6)))
MOVABLE = (date(2027, 2, 8), date(2027, 5, 7))


def rehearse(wishes) -> Report:
    return live(Town(Random(wishes.seed)), tickets=wishes.tickets)


def live(town: Town, *, tickets: int) -> Report:
    """Let a year pass with so many reports; return what happened."""
    return Year(town, tickets).pass_by()


class Year:
    """What is still to happen, in the order of time."""

    def __init__(self, town: Town, tickets: int):
        self.town, self.lot = town, town.lot
        self.report = Report(f"a school year with {tickets} reports")
        self.numbers = count()
        self.coming: list[tuple[datetime, int, tuple]] = []
        self.seen = 0
        self._set_up()
        length = (start_of_day(LAST) - start_of_day(FIRST)).total_seconds()
        for _ in range(tickets):
            self._plan(start_of_day(FIRST) + timedelta(seconds=self.lot.random() * length), "report")
        for week in range(52):
            self._plan(start_of_day(FIRST + timedelta(weeks=week, days=self.lot.randrange(7))), "change")

    def _set_up(self) -> None:
        """Give the Kant a calendar that closes on school-free days, and the network team the evening."""
        quiet = BusinessCalendar.objects.create(slug="quiet", name_de="Ruhig", school_free_rule="closed")
        evening = BusinessCalendar.objects.create(slug="evening", name_de="Abend")
        for weekday in range(5):
            quiet.opening_hours.create(weekday=weekday, opens=DAY[0], closes=DAY[1])
            evening.opening_hours.create(weekday=weekday, opens=EVENING[0], closes=EVENING[1])
        School.objects.filter(pk=self.town.kant.pk).update(calendar=quiet)
        self.town.kant.calendar = quiet
        Team.objects.filter(slug="network").update(calendar=evening)
        for number, (first, last) in enumerate(HOLIDAYS):
            SchoolHoliday.objects.create(name=f"Ferien {number}", starts_on=first, ends_on=last)
        for day in MOVABLE:
            MovableDay.objects.create(school=self.town.kant, day=day, name="Beweglicher Ferientag")

    def pass_by(self) -> Report:
        while self.coming:
            at, _number, (what, *about) = heappop(self.coming)
            self._tick_until(at)
            self.town.at = at
            getattr(self, f"_{what}")(*about)
        self._tick_until(END)
        self._look_at_all()
        return self.report

    def _plan(self, at: datetime, what: str, *about) -> None:
        """Let something happen then, as long as anybody looks."""
        if at < END:
            heappush(self.coming, (at, next(self.numbers), (what, *about)))

    def _soon(self, minutes: float) -> datetime:
        """Return an instant in the coming service time, on average after so many minutes of it."""
        return self.town.hours.add(self.town.at, timedelta(minutes=1 + self.lot.expovariate(1 / minutes)))

    def _report(self) -> None:
        self.town._forget_viewers()
        self._plan(self._soon(self.lot.choice((60, 400, 900))), "act", self.town.report().pk)

    def _change(self) -> None:
        self.report.note("the town", self.town.change())

    def _act(self, pk: int) -> None:
        """Somebody does what is next for a ticket, or forgets about it for a while."""
        ticket = Ticket.objects.select_related("school", "team", "assignee", "reporter", "category").get(pk=pk)
        if not ticket.is_open and not (ticket.is_solved and self.lot.random() < ANSWERING):
            return
        if ticket.status == Status.WAITING_REPORTER and self.lot.random() < 0.4:
            self._plan(self._soon(3000), "act", pk)  # the question is forgotten
            return
        self.town._forget_viewers()
        name, by, step = self._next(ticket)
        try:
            step(by)
            self.report.note(name, "done")
        except (StepNotAllowed, RatingNotPossible, PermissionDenied, Ticket.DoesNotExist, AttributeError) as refused:
            self.report.note(name, type(refused).__name__)
            self._plan(self._soon(10_000), "act", pk)  # nobody is there for it now
            return
        self._plan(self._soon(self.lot.choice((100, 600, 2000))), "act", pk)

    def _next(self, ticket: Ticket):
        """Return name, person and step of what is done next."""
        at, facts = self.town.at, {"ticket": ticket, "at": self.town.at}
        roster = roster_on(berlin_day(at))
        manager = roster.manager_of(ticket.school_id, ticket.school.campus_id)
        first = self.town.person_of(manager.id) if manager else self.town.helpdesk
        specialists = [self.town.person_of(person) for team, person in roster.specialists if team == ticket.team_id]
        worker = self.lot.choice(specialists or [first]) if ticket.level == Level.SECOND else first
        solve = ("solve", worker, lambda by: finish.resolve(solution="Erledigt", cause="cable", by=by, **facts))
        if ticket.is_solved:
            value = self.lot.choice(Rating.Value.values)
            return "rate", ticket.reporter, lambda by: rate(value=value, by=by, **facts)
        if ticket.status == Status.WAITING_REPORTER:
            return "answer", ticket.reporter, lambda by: work.answer(text="Raum A 204", by=by, **facts)
        if ticket.status == Status.ESCALATED:
            return "take at the second level", worker, lambda by: escalate.accept_escalation(by=by, **facts)
        if ticket.status in (Status.NEW, Status.REOPENED):
            return "take", first, lambda by: work.accept(by=by, **facts)
        if ticket.status == Status.WAITING_EXTERNAL:
            return "resume", worker, lambda by: work.resume(by=by, **facts)
        until = berlin_day(at) + timedelta(days=self.lot.randint(0, 12))
        others = [
            ("ask", worker, lambda by: work.ask(text="Welcher Raum?", by=by, **facts)),
            ("wait", worker, lambda by: work.wait(party="Hersteller", until=until, by=by, **facts)),
        ]
        if ticket.level == Level.FIRST:
            packet = self.town.packet(ticket)
            others.append(("hand over", worker, lambda by: escalate.escalate(packet=packet, by=by, **facts)))
        return solve if self.lot.random() < 0.5 else self.lot.choice(others)

    def _tick_until(self, at: datetime) -> None:
        while (row := Deadline.objects.due(at).first()) is not None:
            tick = _next_tick(max(row.next_at, self.town.at))
            if tick > at:
                return
            swept = sweep(at=tick)
            self.report.facts["ticks with something due"] += 1
            if swept.failed:
                self.report.violated(f"{tick}", [f"{swept.failed} clocks failed"])
            self._look_at(tick)

    def _look_at(self, tick: datetime) -> None:
        """Ask of what a tick has done whether it was right to do it then."""
        events = TicketEvent.objects.filter(pk__gt=self.seen, by=None, at=tick).select_related("ticket__school")
        for event in events.order_by("pk"):
            self.seen = event.pk
            self.report.note("by itself", event.verb)
            if event.verb not in TOLD:
                continue
            place = f"{tick.astimezone(BERLIN):%a %d.%m.%Y %H:%M:%S}, {event.verb}, {event.ticket.number}"
            keys = {"key__startswith": f"event:{event.pk}:", "channel": OutboxMessage.Channel.IN_APP}
            for recipient in OutboxMessage.objects.filter(**keys).values_list("recipient", flat=True):
                self.report.facts["reminders told"] += 1
                if not self._works(event, recipient, tick):
                    self.report.violated(place, [f"outside the hours of {self.town.person_of(recipient)}"])
        for step in StepTaken.objects.filter(at=tick, action__in=TELLINGS, due_at__gt=tick):
            self.report.violated(f"{tick}", [f"{step} is due only at {step.due_at}"])

    def _works(self, event: TicketEvent, recipient: int, tick: datetime) -> bool:
        """Whether the wall clock shows service time of whoever is told."""
        local = tick.astimezone(BERLIN)
        day, shown = local.date(), local.time()
        if day.weekday() > 4 or day in FEASTS:
            return False
        team = Ticket.objects.values_list("team__slug", flat=True).get(pk=event.ticket_id)
        is_specialist = recipient in {person for _team, person in roster_on(day).specialists}
        if event.verb != "reporter_reminded" and team == "network" and is_specialist:
            return EVENING[0] <= shown < EVENING[1]
        free = day in MOVABLE or any(first <= day <= last for first, last in HOLIDAYS)
        with_a_team = team is not None and event.verb != "reporter_reminded"
        if event.ticket.school_id == self.town.kant.pk and free and not with_a_team:
            return False
        hours = EVENING if team == "network" and event.verb != "reporter_reminded" else DAY
        return hours[0] <= shown < hours[1]

    def _look_at_all(self) -> None:
        """At the end of the year: no step twice, nothing left behind, every ticket in order."""
        for row in Deadline.objects.running().filter(next_at__lte=self.town.at):
            self.report.violated(str(row), ["was due and is still waiting"])
        told = Counter(
            TicketEvent.objects.filter(verb__in=("reminded", "told"), by=None).values_list(
                "ticket", "verb", "data__clock", "data__percent", "data__due"
            )
        )
        for (ticket, *what), times in told.items():
            if times > 1:
                self.report.violated(f"ticket {ticket}", [f"{what} came {times} times"])
        for pk in Ticket.objects.values_list("pk", flat=True):
            self.report.violated("at the end", broken(pk, self.town.at))
        self.report.facts["tickets"] = Ticket.objects.count()


def _next_tick(at: datetime) -> datetime:
    """Return the first tick of beat that is not before `at`."""
    seconds = -(-at.timestamp() // TICK) * TICK
    return datetime.fromtimestamp(seconds, tz=at.tzinfo)
