"""Asks the empty view, the bare view and the page in turn, in every city in turn, so that noise hits all of them.

First with nothing in the way, for the times; then once more with a look inside, for statements and memory.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from statistics import median, quantiles

from .questions import Question
from .visitor import Answer, Visitor

EMPTY, BARE, SIZE = "/benchmark/empty/", "/benchmark/bare/", "/benchmark/size/"
WARM_UP = 10
LOOKS = 3


@dataclass
class Times:
    """Seconds of one address: `all` at the client, `busy` on the processor of the worker."""

    all: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    def note(self, answer: Answer) -> None:
        self.all.append(answer.took)
        self.busy.append(int(answer.headers["X-Busy"]) / 1e9)

    @property
    def p50(self) -> float:
        return median(self.all)

    @property
    def p95(self) -> float:
        return quantiles(self.all, n=20, method="inclusive")[-1] if len(self.all) > 1 else self.all[0]

    @property
    def least(self) -> float:
        return min(self.all)


@dataclass
class Measured:
    """What one page took in one city; `statements` and `peak` (bytes) are also known of the bare view."""

    question: Question
    size: int = 0
    page: Times = field(default_factory=Times)
    bare: Times = field(default_factory=Times)
    empty: Times = field(default_factory=Times)
    statements: int = 0
    peak: int = 0
    bare_statements: int = 0
    bare_peak: int = 0


@dataclass
class Measurement:
    """One city: its number of reports, its pages, and the resident size of the worker before and after."""

    tickets: int
    pages: dict[str, Measured] = field(default_factory=dict)
    resident: tuple[int | None, int | None] = (None, None)


def measure(stages: Sequence, questions: Sequence[Question], *, rounds: int, say=print) -> list[Measurement]:
    """Measure every question in every city. Raises where an answer is not what people would get."""
    with ExitStack() as running:
        webs = [running.enter_context(stage.web()) for stage in stages]
        guests = [Guests(web.port) for web in webs]
        for guest in guests:
            guest.enter(questions)
        found = time_all(guests, questions, rounds, say, webs)
    for stage, measurement in zip(stages, found, strict=True):
        say("Looking inside …")
        with stage.web(looked_into=True) as web:
            look(Guests(web.port), measurement, times=min(rounds, LOOKS))
    return found


def time_all(guests, questions, rounds, say, webs=()) -> list[Measurement]:
    """Return the times of each city."""
    found = [Measurement(tickets=int(guest.anybody.get(SIZE).text)) for guest in guests]
    before = [web.resident for web in webs]
    for question in questions:
        asked = [guest.prepared(question) for guest in guests]
        if not all(asked):
            say(f"{question.name}: not there")
            continue
        rows = [measurement.pages.setdefault(question.name, Measured(question)) for measurement in found]
        for number in range(-min(WARM_UP, rounds), rounds):
            for row, (visitor, page) in zip(rows, asked, strict=True):
                took = [right(visitor.get(EMPTY)), right(visitor.get(BARE)), right(page())]
                if number >= 0:
                    for times, answer in zip((row.empty, row.bare, row.page), took, strict=True):
                        times.note(answer)
                row.size = len(took[-1].body)
        say(f"{question.name}: {', '.join(f'{row.page.p50 / row.bare.p50:.2f}' for row in rows)}")
    for measurement, web, size in zip(found, webs, before, strict=False):
        measurement.resident = (size, web.resident)
    return found


def look(guests: "Guests", measurement: Measurement, *, times: int) -> None:
    """Add the statements and the peak of memory, each the least of several answers of a warm worker."""
    for row in measurement.pages.values():
        visitor, page = guests.prepared(row.question)
        row.statements, row.peak = _seen(page, times)
        row.bare_statements, row.bare_peak = _seen(partial(visitor.get, BARE), times)


def _seen(ask: Callable[[], Answer], times: int) -> tuple[int, int]:
    answers = [right(ask()) for _ in range(times)]
    return tuple(min(int(answer.headers[name]) for answer in answers) for name in ("X-Statements", "X-Peak"))


def right(answer: Answer) -> Answer:
    """Return the answer if it is what was meant to be measured."""
    target = answer.headers.get("Location", "")
    if answer.status not in (200, 302) or target.startswith("/login/"):
        raise RuntimeError(f"{answer.status} {target} instead of a page:\n{answer.text[:2000]}")
    return answer


class Guests:
    """The people of one city, signed in once."""

    def __init__(self, port: int, known: Callable[[int, str], Visitor] = Visitor):
        self.port = port
        self.known = known
        self.visitors: dict[str, Visitor] = {}

    def enter(self, questions: Sequence[Question]) -> None:
        """Let everybody sign in before anything is timed: checking a password keeps the worker busy."""
        for question in questions:
            self.visitor(question.person)

    def visitor(self, person: str) -> Visitor:
        if person not in self.visitors:
            self.visitors[person] = self.known(self.port, person)
        return self.visitors[person]

    @property
    def anybody(self) -> Visitor:
        return self.visitor("lehrkraft@demo.example")

    def prepared(self, question: Question) -> tuple[Visitor, Callable[[], Answer]] | None:
        """Return who asks and how; None where this city has no such page."""
        visitor = self.visitor(question.person)
        address = question.address(visitor) if callable(question.address) else question.address
        if visitor.get(address).status == 404:
            return None
        if question.sent is None:
            return visitor, partial(visitor.get, address)
        form = question.sent(visitor)
        return visitor, lambda: visitor.post(address, form())
