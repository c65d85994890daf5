"""The course of one report as a list of steps, all drawn at once; the quick way for very many. Pure.

Times are positions in service time (see `service_time`); what lies after now is cut off, so that recent reports are
still open. The same fates and texts as in `life`, without the people's own words in between.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from helpdesk.seed import life, packets
from tickets.lifecycle import ENDED, Level, Status

MINUTE = 60.0
DAY = 8.5 * 3600
FATES = list(life.FATES)
FATE_WEIGHTS = [sum(list(life.FATES.values())[: place + 1]) for place in range(len(life.FATES))]

#: verb: state afterwards.
AFTER = {
    "reported": Status.NEW,
    "accepted": Status.IN_PROGRESS,
    "asked": Status.WAITING_REPORTER,
    "answered": Status.IN_PROGRESS,
    "waiting": Status.WAITING_EXTERNAL,
    "resumed": Status.IN_PROGRESS,
    "escalated": Status.ESCALATED,
    "escalation_accepted": Status.IN_PROGRESS,
    "returned": Status.IN_PROGRESS,
    "resolved": Status.RESOLVED,
    "confirmed": Status.CLOSED,
    "reopened": Status.REOPENED,
    "closed": Status.CLOSED,
    "withdrawn": Status.WITHDRAWN,
}
STATUS = {verb: status.value for verb, status in AFTER.items()}
OVER = frozenset(status.value for status in ENDED)
RESPONSES = frozenset({"accepted", "asked", "resolved", "escalation_accepted"})
REPORTERS_STEPS = frozenset({"reported", "answered", "confirmed", "reopened", "withdrawn"})
SPECIALISTS_STEPS = frozenset({"escalation_accepted", "returned"})

OUTCOMES = {"returned": "returned", "resolved": "resolved", "closed": "ended"}

Pause = tuple[float, float | None]


@dataclass
class Draft:
    """What became of a report until now. `closing` asks for the end by the clock, which is no service time."""

    steps: list[tuple[float, str, str]] = field(default_factory=list)
    status: str = Status.NEW.value
    level: str = Level.FIRST.value
    holder: str = ""  # "", "manager" or "specialist"
    since: float = 0.0
    escalated: float | None = None
    responded: float | None = None
    resolved: float | None = None
    ended: float | None = None
    pauses: list[Pause] = field(default_factory=list)
    question: str = ""
    closes_by_itself: bool = False

    def due(self, target: float, stopped: float | None, started: float | None = None) -> float | None:
        """Return where the target is used up, as known when the clock stopped; None while it pauses.

        The clock starts with the report unless told otherwise.
        """
        started = self.steps[0][0] if started is None else started
        due = started + target
        for begins, ends in self.pauses:
            if due <= begins or (stopped is not None and begins >= stopped):
                break
            if ends is None:
                return None
            due += max(0.0, ends - max(begins, started))
        return due

    def used(self, stopped: float) -> float:
        """Return how much service time had run, pauses out, when a clock of the report stopped."""
        paused = sum(min(stopped, ends or stopped) - begins for begins, ends in self.pauses if begins < stopped)
        return stopped - self.steps[0][0] - paused

    @property
    def handovers(self) -> list["Handover"]:
        """Each time it came to the second level: what was tried, when somebody took it and how it ended there."""
        found: list[Handover] = []
        for at, verb, words in self.steps:
            if verb == "escalated":
                found.append(Handover(at, words))
            elif found and found[-1].ended is None:
                found[-1].note(at, verb)
        return found


@dataclass
class Handover:
    """One stay at the second level."""

    at: float
    tried: str
    answered: float | None = None
    ended: float | None = None
    outcome: str = ""

    def note(self, at: float, verb: str) -> None:
        """Let a later step have its effect on it."""
        self.answered = self.answered or at
        if verb in OUTCOMES:
            self.ended, self.outcome = at, OUTCOMES[verb]


def draft(start: float, priority: str, now: float, lot: Random) -> Draft:
    """Return what became of a report made at `start` with this priority."""
    fate = lot.choices(FATES, cum_weights=FATE_WEIGHTS)[0]
    found = Draft()
    for at, verb, text in _told(start, priority, fate, lot):
        if at > now:
            break
        _take(found, at, verb, text)
    else:
        found.closes_by_itself = found.status == Status.RESOLVED
    return found


def _take(found: Draft, at: float, verb: str, text: str) -> None:
    """Let one step have its effects."""
    status = STATUS[verb]
    was_still = found.pauses and found.pauses[-1][1] is None
    is_still = status == "waiting_reporter" or status in OVER
    if is_still and not was_still:
        found.pauses.append((at, None))
    elif was_still and not is_still:
        found.pauses[-1] = (found.pauses[-1][0], at)
    found.steps.append((at, verb, text))
    found.status, found.since = status, at
    if verb in RESPONSES and found.responded is None:
        found.responded = at
    if verb == "accepted":
        found.holder = "manager"
    elif verb == "escalated":
        found.level, found.holder, found.escalated = "second", "", found.escalated or at
    elif verb == "escalation_accepted":
        found.holder = "specialist"
    elif verb == "returned":
        found.level, found.holder = "first", ""
    elif verb == "resolved":
        found.resolved, found.holder = at, found.holder or "manager"
    elif verb == "reopened":
        found.level, found.holder, found.resolved = "first", "", None
    elif verb in ("confirmed", "closed", "withdrawn"):
        found.ended = at
    if verb != "closed":  # closed over a question, it may still be answered
        found.question = text if verb == "asked" else ""


def _told(at: float, priority: str, fate: str, lot: Random) -> Iterator[tuple[float, str, str]]:
    yield at, "reported", ""
    if fate == "withdrawn":
        yield at + lot.uniform(30, 300) * MINUTE, "withdrawn", _one(life.WITHDRAWN, lot)
        return
    at += life.patience(priority, lot) * MINUTE
    yield at, "accepted", ""
    if fate == "closed":
        yield at + lot.uniform(20, 400) * MINUTE, "closed", _one(life.CLOSED, lot)
        return
    if fate in ("asked", "unanswered"):
        question, answer = life.ASKED[int(lot.random() * len(life.ASKED))]
        at += lot.uniform(10, 120) * MINUTE
        yield at, "asked", question
        if fate == "unanswered":
            yield at + 5 * DAY, "closed", ""  # by itself
            return
        at += lot.uniform(20, 900) * MINUTE
        yield at, "answered", answer
    elif fate in ("handed_over", "given_back"):
        at += lot.uniform(60, 500) * MINUTE
        yield at, "escalated", _one(packets.TRIED, lot)
        at += lot.uniform(30, 700) * MINUTE
        yield at, "escalation_accepted", ""
        if fate == "given_back":
            at += lot.uniform(30, 300) * MINUTE
            yield at, "returned", _one(life.RETURNED, lot)
    elif fate == "waits":
        at += lot.uniform(60, 300) * MINUTE
        yield at, "waiting", _one(life.PARTIES, lot)
        at += lot.uniform(2, 7) * DAY
        yield at, "resumed", ""
    at += life.effort(lot) * MINUTE
    yield at, "resolved", ""
    if lot.random() < 0.05:
        at += lot.uniform(60, 1000) * MINUTE
        yield at, "reopened", _one(life.REOPENED, lot)
        at += lot.uniform(20, 240) * MINUTE
        yield at, "accepted", ""
        at += lot.uniform(60, 900) * MINUTE
        yield at, "resolved", ""
    if lot.random() < 0.6:
        yield at + min(3 * DAY, lot.expovariate(1 / 300) * MINUTE), "confirmed", ""


def _one(texts: Sequence[str], lot: Random) -> str:
    return texts[int(lot.random() * len(texts))]
