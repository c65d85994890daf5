"""Two workers, two beats, Valkey, PostgreSQL and a mail server, while people work; all of them are killed by lot.

Afterwards everything that people were told was done is there once. Each step of each clock that fell due was taken
once, not before its time, and had one effect. Each event told exactly the right people once in each channel, and each
message ended in one mail that came; it came again only with the same Message-ID, and only where a kill or a broken
conversation explains it. All figures are right, those the keepers left as they were killed and those of the end.
"""

import random
import time
from datetime import timedelta

from django.db import Error, connection
from django.utils import timezone

from calendars.public_holidays import is_public_holiday
from demo.trouble import Trouble
from foundation.berlin import berlin_day
from notifications.models import Mail, OutboxMessage
from pulse.models import Heartbeat
from reports.keeping import CITY_EVERY, keep_figures
from reports.verifying import verify
from tests.rehearsals.chaos.books import wrong_books
from tests.rehearsals.chaos.kills import KINDS, Killer
from tests.rehearsals.chaos.lags import Lags
from tests.rehearsals.chaos.later import days_go_by
from tests.rehearsals.chaos.load import Load
from tests.rehearsals.chaos.messages import resent, wrong_mails, wrong_messages
from tests.rehearsals.chaos.scene import Scene
from tests.rehearsals.chaos.steps import wrong_steps
from tests.rehearsals.chaos.town import Town
from tests.rehearsals.invariants import broken
from tests.rehearsals.report import Report
from tickets.models import Deadline, StepTaken, Ticket, TicketEvent
from tickets.tasks import deliver_outbox, sweep_deadlines

BEFORE = timedelta(minutes=3)  # as long as the oldest of the first reports lie back
FIRST = 40  # reports
BLINK = 0.1  # seconds between two looks at what is up
LOOK = 1.0  # seconds between two looks into the database
CALM = 4.0  # seconds between two kills, on average
PATIENCE = 240.0  # seconds until all flows again, on a machine that does other things too


def rehearse(wishes) -> Report:
    """Kill for the wished number of seconds, let everything come to rest, and judge."""
    if is_public_holiday(berlin_day(timezone.now())):
        raise Trouble("Today is a public holiday: clocks stand still, and there is nothing to see.")
    return Rehearsal(wishes.scene, seconds=wishes.seconds, seed=wishes.seed).play()


class Rehearsal:
    """One evening: the first reports, the kills, the rest, the verdict."""

    def __init__(self, scene: Scene, *, seconds: int, seed: int):
        self.scene, self.seconds, self.seed = scene, seconds, seed
        self.report = Report(f"{seconds} s of kills under load")
        self.lot = random.Random(seed)
        self.killer = Killer(scene, seed)
        self.town = Town()
        self.load = Load(self.town, seed)
        self._looked_at = 0.0

    def play(self) -> Report:
        self.load.begin(FIRST, over=BEFORE, now=timezone.now())
        self.lags = Lags(timezone.now())
        self.scene.post.lot = random.Random(f"{self.seed}.post")
        for task in (sweep_deadlines, deliver_outbox):
            task.delay()  # else the first tick would come after twenty seconds
        for process in self.scene.processes:
            process.start()
        self._wait("the first step is taken", lambda: StepTaken.objects.exists())
        with self.load.going_on():
            self._kill()
            self._wait("everything is up again", lambda: self.killer.all_is_up)
            last_kill = self.killer.kills[-1].at
            self._measure("all steps due at the last kill taken", lambda: not _steps_due(last_kill), last_kill)
            self._measure("all mails due at the last kill out", lambda: not _mails_due(last_kill), last_kill)
        self.scene.post.lot = None
        until = timezone.now()
        self._wait("all steps are taken", lambda: not _steps_due(until))
        self.scene.stop_processes()
        self.report.facts["rounds of the post office until nothing waited"] = days_go_by(timezone.now())
        self._judge(until)
        return self.report

    def _kill(self) -> None:
        """Kill something every now and then; in a short rehearsal each kind comes once."""
        calm = min(CALM, self.seconds / len(KINDS))
        ends = time.monotonic() + self.seconds
        next_at = time.monotonic()
        while (now := time.monotonic()) < ends or not self.killer.has_killed_each:
            if now >= next_at and (now < ends or not self.killer.has_dealt_each):
                self.killer.kill()
                next_at = time.monotonic() + calm * self.lot.uniform(0.3, 1.7)
            self._tend()

    def _tend(self) -> None:
        """Do what a supervisor does, look at what was taken, and let a blink pass."""
        self.killer.tend()
        if time.monotonic() > self._looked_at + LOOK:
            self._asked(lambda: self.lags.look(timezone.now()))
            self._looked_at = time.monotonic()
        time.sleep(BLINK)

    def _asked(self, question):
        """Return the answer of the database; None while it is down."""
        try:
            return question()
        except Error:
            connection.close()
            return None

    def _wait(self, what: str, is_so) -> float:
        """Wait until it is so and return how long it took; what never comes is a violation."""
        began = time.monotonic()
        while not self._asked(is_so):
            if time.monotonic() > began + PATIENCE:
                self.report.violated("waiting", [f"not within {PATIENCE:.0f} s: {what}"])
                break
            self._tend()
        return time.monotonic() - began

    def _measure(self, what: str, is_so, since) -> None:
        self._wait(what, is_so)
        self.report.facts[f"{what}, seconds after it"] = round((timezone.now() - since).total_seconds())

    def _since(self, ticket: Ticket):
        return max(self.lags.opened_at, self.load.noted_at(ticket))

    def _judge(self, until) -> None:
        report, post, kills = self.report, self.scene.post, self.killer.kills
        at = timezone.now()
        report.violated("people", self.load.failures)
        report.violated("books", wrong_books(self.load.entries))
        report.violated("steps", wrong_steps(self._since, until))
        report.violated("messages", wrong_messages(at))
        report.violated("mails", wrong_mails(post.taken, kills))
        report.violated("figures", wrong_figures(at))
        for ticket in Ticket.objects.order_by("pk"):
            if sentences := broken(ticket.pk, at):
                report.violated("tickets", [*sentences, _history(ticket)])
        report.acts |= self.load.outcomes
        for kill in kills:
            report.note(f"killed: {kill.kind}", "times")
        for outcome in StepTaken.objects.values_list("outcome", flat=True):
            report.note("steps", outcome)
        for fate, count in post.counts.items():
            report.facts[f"mails the server has {fate}"] = count
        report.facts |= {f"killed, {way}": count for way, count in self.killer.ways.items() if count}
        report.facts |= {
            "school years counted while things were killed": _counted(),
            "messages": OutboxMessage.objects.count(),
            "mails": Mail.objects.count(),
            "mails that came again with the same Message-ID": resent(post.taken),
            "seconds from due to seen, half of the steps": self.lags.at(0.5),
            "seconds from due to seen, 99 of 100": self.lags.at(0.99),
            "seconds from due to seen, the longest": self.lags.at(1),
        }


def _steps_due(at) -> bool:
    """Return whether a step is due, or a clock rests after a failure."""
    return Deadline.objects.due(at).exists() or Deadline.objects.running().filter(attempts__gt=0).exists()


def _mails_due(at) -> bool:
    """Return whether a mail is due that is in nobody's hands, or something waits to be put into one."""
    return Mail.objects.due(at=at).exists() or OutboxMessage.objects.due(at=at).exists()


def wrong_figures(at) -> list[str]:
    """Return which figures are false as the last keeper left them, and which once nothing waits to be counted."""
    different = verify().different
    keep_figures(at=at + CITY_EVERY)
    last = verify()
    found = [f"{place}: {name} is {found}, ought to be {ought}" for place, name, ought, found in different]
    found += [f"{place}: {name} is {found}, and stays so" for place, name, _ought, found in last.different]
    return [*found, *(f"{place} is still to be counted" for place in last.pending)]


def _counted() -> int:
    sign = Heartbeat.objects.filter(name=Heartbeat.FIGURES).first()
    return sign.totals.get("schools", 0) if sign else 0


def _history(ticket: Ticket) -> str:
    """Return what happened in the order in which it was written."""
    events = TicketEvent.objects.filter(ticket=ticket).order_by("pk").values_list("at", "verb", "status", "by")
    return "; ".join(f"{at:%H:%M:%S.%f} {verb} ({status}) {by or 'by itself'}" for at, verb, status, by in events)
