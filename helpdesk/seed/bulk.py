"""Very many reports, written as rows by COPY: history, clocks and states as the commands would leave them.

What it leaves out: notices, photos, and the words people exchange on the way. Its effort grows with the number of
reports and with nothing else. All cores draw, in pieces that each have a lot of their own: the same city comes out
however many there are.
"""

import json
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from django.conf import settings
from django.db import connection
from django.db.models import Max

from calendars.reading import hours_of
from foundation.berlin import BERLIN, berlin_day, start_of_day
from helpdesk.seed.bulk_places import Places
from helpdesk.seed.copying import Copy, take_numbers
from helpdesk.seed.drafting import OVER, REPORTERS_STEPS, SPECIALISTS_STEPS, STATUS, Draft, draft
from helpdesk.seed.life import day_weight, school_free_days
from helpdesk.seed.loading import filled_at_once
from helpdesk.seed.packets import ACCESS, answers, checklists
from helpdesk.seed.phrases import Phrase, draw, phrases
from helpdesk.seed.service_time import ServiceTime
from helpdesk.seed.side_by_side import made_side_by_side
from teams.models import Team, TeamMembership
from tickets.commands.recompute import HAVE_CLOCKS, work_out
from tickets.commands.report import compose_title, kind_of
from tickets.lifecycle import Level, Priority, Status, priority_of, reopen_until
from tickets.models import Category, Checklist, Deadline, Escalation, Ticket, TicketEvent
from tickets.policies import promised

BATCH = 10_000  # reports of one piece, written together
MANY = 50_000  # from so many on, indexes and foreign keys of empty tables are made afterwards
OPEN_BATCH = 500  # reports whose clocks are worked out together
NOT_CONTESTED = json.dumps({"because": "not_contested"})
AHEAD = timedelta(days=120)
#: Weight of each hour of a service day, from its opening on; later hours weigh as the last.
HOURS = (22, 20, 17, 14, 11, 8, 6, 3, 1)
HOUR = 3600.0
TICKET = """
    id series serial version kind school_id campus_id room_id category_id title description reporter_id
    created_by_id confidential impact urgency priority status level assignee_id team_id first_escalated_at question
    waiting_party waiting_until solution cause created_at changed_at due_at team_due_at resolved_at closed_at
    closed_from
""".split()  # noqa: SIM905 - one name a line would be a page
EVENT = ("ticket_id", "verb", "by_id", "at", "status", "text", "data", "version", "by_staff", "words_for_staff")
ESCALATION = """
    id ticket_id team_id by_id at checklist_id answers tried since access ended_at outcome
""".split()  # noqa: SIM905
DEADLINE = """
    ticket_id kind target policy_version_id started_at due_at met_at used ended_at missed_at
""".split()  # noqa: SIM905


TABLES = (Ticket, TicketEvent, Deadline, Escalation, Escalation.rooms.through)


def add_bulk(count: int, *, now: datetime, years: int, seed: str) -> None:
    """Add `count` reports of the last `years` years, the earliest first."""
    if count <= 0:
        return
    last = Ticket.objects.aggregate(last=Max("pk"))["last"] or 0
    writer = Writer(now, years, count, seed)
    pieces = [Piece.taken(first, min(BATCH, count - first)) for first in range(0, count, BATCH)]
    with connection.cursor() as cursor:
        # Checked piece by piece; put off to the commit, the checks of a million rows would lie in memory.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with filled_at_once(TABLES) if count >= MANY and not last else nullcontext():
            for rows in made_side_by_side(writer.rows_of, pieces):
                for copy, some in zip(writer.copies, rows, strict=True):
                    copy.write(some)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model in TABLES:
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
    _set_next_steps(last, now)


@dataclass(frozen=True)
class Piece:
    """Some reports from the `first` on, and the numbers nobody else gets: theirs, and of one packet for each."""

    first: int
    ids: array
    serials: array
    packets: array

    @classmethod
    def taken(cls, first: int, count: int) -> "Piece":
        sequences = (_id_sequence(Ticket), "ticket_number", _id_sequence(Escalation))
        return cls(first, *(array("q", take_numbers(sequence, count)) for sequence in sequences))


def _set_next_steps(after: int, now: datetime) -> None:
    """Let the clocks of what is still open know what comes next. What has passed was never more than written."""
    keys = Ticket.objects.filter(HAVE_CLOCKS, pk__gt=after).order_by("pk").values_list("pk", flat=True)
    for some in _in_pieces(list(keys), OPEN_BATCH):
        work_out(some, at=now, leaves_past=True)


def _in_pieces(rows: list, size: int) -> Iterator[list]:
    return (rows[first : first + size] for first in range(0, len(rows), size))


class Writer:
    """The city as ids, read once, and the rows that are collected."""

    def __init__(self, now: datetime, years: int, count: int, seed: str):
        self.count, self.seed = count, seed
        first = start_of_day(berlin_day(now) - timedelta(days=365 * years))
        self.service = ServiceTime(hours_of(), first, now + AHEAD)
        self.now = self.service.seconds(now)
        self.instant = now
        self.slots, self.slot_weights = _slots(self.service, first, now)
        self.places = Places()
        self.categories = {row.slug: row for row in Category.objects.select_related("team")}
        # What is written by the thousand is measured by the promise for all.
        promise = promised(berlin_day(now), "", "")
        kinds = (Deadline.Kind.FIRST_RESPONSE, Deadline.Kind.RESOLUTION, Deadline.Kind.SECOND_RESPONSE)
        self.version = promise.version_id
        self.targets = {
            priority.value: tuple(promise.target(kind, priority).total_seconds() for kind in kinds)
            for priority in Priority
        }
        self.texts = {phrase: _Texts(phrase, self.categories[phrase.category]) for phrase in phrases()}
        self.specialists = _specialists()
        self.teams = dict(Team.objects.values_list("pk", "slug"))
        self.tickets = Copy(Ticket, TICKET)
        self.events = Copy(TicketEvent, EVENT)
        self.deadlines = Copy(Deadline, DEADLINE)
        self.escalations = Copy(Escalation, ESCALATION)
        self.rooms = Copy(Escalation.rooms.through, ("escalation_id", "room_id"))
        self.items = checklists()
        self.checklists = {row.category_id: row.pk for row in Checklist.objects.current()}

    @property
    def copies(self) -> tuple[Copy, ...]:
        return self.tickets, self.events, self.deadlines, self.escalations, self.rooms

    def rows_of(self, piece: Piece) -> list[bytes]:
        """Return the rows of a piece for each of the `copies`; asks the database nothing."""
        self.lot = Random(f"{self.seed}:bulk:{piece.first}")
        numbers = zip(piece.ids, piece.serials, piece.packets, strict=True)
        for place, (pk, serial, packet) in enumerate(numbers, start=piece.first):
            self._add(pk, serial, packet, self._moment((place + self.lot.random()) / self.count))
        return [copy.taken() for copy in self.copies]

    def _moment(self, share: float) -> float:
        """Return the position in service time that lies at this share of all reports."""
        weight = share * self.slot_weights[-1]
        slot = min(bisect_right(self.slot_weights, weight), len(self.slots) - 1)
        before = self.slot_weights[slot - 1] if slot else 0.0
        begins, length = self.slots[slot]
        return begins + length * (weight - before) / (self.slot_weights[slot] - before)

    def _add(self, pk: int, serial: int, packet: int, start: float) -> None:
        lot, service = self.lot, self.service
        phrase = draw(lot)
        text = self.texts[phrase]
        school = self.places.draw(lot)
        urgency = phrase.urgency(lot)
        priority = priority_of(text.impact, urgency).value
        found = draft(start, priority, self.now, lot)
        at = service.at(start)
        closed_at = self._closed_at(found)
        status = Status.CLOSED.value if closed_at else found.status
        reporter = lot.choice(school.teachers)
        people = {"": None, "manager": school.manager, "specialist": self._specialist(text.team, lot)}
        room = lot.choice(school.rooms) if school.rooms and lot.random() < text.in_a_room else None
        cause = phrase.cause(lot) if found.resolved else ""
        waits = found.status == Status.WAITING_EXTERNAL
        firsts = self.targets[priority]
        due = self._write_deadlines(pk, found, at, firsts)
        over = status in OVER
        team_due = self._write_handovers(pk, packet, found, school, text, people["manager"], room, firsts[2])
        if found.level == Level.SECOND and not over:
            team_due = min((instant for instant in (due, team_due) if instant), default=None)
        else:
            team_due = None
        self.tickets.add(
            pk,
            f"{settings.TICKET_PREFIX}-{at.astimezone(BERLIN).year}",
            serial,
            len(found.steps) + bool(closed_at),
            text.kind,
            school.pk,
            school.campus,
            room,
            text.category,
            text.title,
            phrase.text,
            reporter,
            reporter,
            text.confidential,
            text.impact,
            urgency,
            priority,
            status,
            found.level,
            people[found.holder],
            text.team if found.level == Level.SECOND else None,
            self._instant(found.escalated),
            found.question,
            found.steps[-1][2] if waits else "",
            berlin_day(self.instant + timedelta(days=3)) if waits else None,
            phrase.solution if found.resolved else "",
            cause,
            at,
            closed_at or service.at(found.since),
            None if over else due,
            team_due,
            self._instant(found.resolved),
            closed_at or self._instant(found.ended),
            self._closed_from(found, closed_at),
        )
        self._write_events(pk, found, phrase, cause, reporter, people, text.team)
        if closed_at:
            self.events.add(
                pk, "closed", None, closed_at, status, "", NOT_CONTESTED, len(found.steps) + 1, False, False
            )

    def _write_events(self, pk, found: Draft, phrase, cause, reporter, people, team) -> None:
        for version, (position, verb, words) in enumerate(found.steps, start=1):
            by = reporter if verb in REPORTERS_STEPS else people["manager"]
            if verb in SPECIALISTS_STEPS or (verb == "resolved" and found.level == "second"):
                by = people["specialist"]
            data = "{}"
            if verb == "resolved":
                words, data = phrase.solution, json.dumps({"cause": cause})
            elif verb == "waiting":
                until = berlin_day(self.service.at(position)) + timedelta(days=7)
                data = json.dumps({"party": words, "until": until.isoformat(), "reference": ""}, ensure_ascii=False)
                words = ""
            elif verb == "escalated":
                words, data = "", json.dumps({"team": self.teams[team]})
            elif verb == "closed" and not words:
                by, data = None, json.dumps({"because": "no_answer"})
            elif verb == "returned":
                data = json.dumps({"left": self.teams[team]})
            by_staff, instant = verb not in REPORTERS_STEPS, self.service.at(position)
            self.events.add(pk, verb, by, instant, STATUS[verb], words, data, version, by_staff, verb == "returned")

    def _write_handovers(self, pk, key, found: Draft, school, text, manager, room, target) -> datetime | None:
        """Write the packet, there is at most one, with the clock of the response; return when that is due, if it
        still runs."""
        due = None
        for handover in found.handovers:
            items = self.items.get(text.category, [])
            self.escalations.add(
                key,
                pk,
                text.team,
                manager,
                self.service.at(handover.at),
                self.checklists.get(text.category),
                json.dumps(answers(items, self.lot)),
                handover.tried,
                self.service.at(found.steps[0][0]),
                self.lot.choice(ACCESS),
                self._instant(handover.ended),
                handover.outcome,
            )
            if room or school.rooms:
                self.rooms.add(key, room or school.rooms[0])
            runs_until = handover.answered or handover.ended
            due_at, met_at = self._instant(found.due(target, runs_until, handover.at)), self._instant(runs_until)
            clock = (Deadline.Kind.SECOND_RESPONSE.value, f"{int(target)} seconds", self.version)
            self.deadlines.add(
                pk, *clock, self.service.at(handover.at), due_at, met_at, None, None, _missed(due_at, met_at)
            )
            due = due_at if runs_until is None else None
        return due

    def _write_deadlines(self, pk, found: Draft, at, targets) -> datetime | None:
        """Write both clocks and return the next due time of those that still run."""
        running = []
        ended = found.ended if found.resolved is None else None
        for kind, target, met in (
            (Deadline.Kind.FIRST_RESPONSE, targets[0], found.responded),
            (Deadline.Kind.RESOLUTION, targets[1], found.resolved),
        ):
            due = self._instant(found.due(target, ended if met is None else met))
            ended_at, met_at = self._instant(ended) if met is None else None, self._instant(met)
            clock = (kind.value, f"{int(target)} seconds", self.version)
            used = None if met is None else f"{found.used(met)} seconds"
            self.deadlines.add(pk, *clock, at, due, met_at, used, ended_at, _missed(due, met_at))
            if met is None and ended_at is None and due is not None:
                running.append(due)
        return min(running, default=None)

    def _closed_at(self, found: Draft) -> datetime | None:
        """Return when a solution nobody contested closed the report, if that day has come."""
        if not found.closes_by_itself:
            return None
        closed_at = reopen_until(self.service.at(found.resolved))
        return closed_at if closed_at <= self.instant else None

    def _closed_from(self, found: Draft, closed_at) -> str:
        if closed_at:
            return Status.RESOLVED.value
        if found.ended is None or found.steps[-1][1] == "confirmed":
            return ""
        return STATUS[found.steps[-2][1]]

    def _specialist(self, team, lot) -> int | None:
        people = self.specialists.get(team)
        return lot.choice(people) if people else None

    def _instant(self, position: float | None) -> datetime | None:
        return None if position is None else self.service.at(position)


def _missed(due_at: datetime | None, met_at: datetime | None) -> datetime | None:
    return due_at if met_at is not None and due_at is not None and due_at < met_at else None


class _Texts:
    """What is the same for every report in these words."""

    def __init__(self, phrase: Phrase, category: Category):
        self.title = compose_title(category, None, "", phrase.text)
        self.kind = kind_of(category).value
        self.category = category.pk
        self.impact = phrase.impact or category.default_impact
        self.confidential = category.confidential_at_first
        self.team = category.team_id or Category.objects.get(slug="computer").team_id
        self.in_a_room = 0.85 if category.is_known_fault else 0.4


def _slots(service: ServiceTime, first: datetime, now: datetime) -> tuple[list[tuple[float, float]], list[float]]:
    """Return stretches of service time as (position, length), and how much is reported by the end of each."""
    free = school_free_days()
    end, slots, weights = service.seconds(now), [], []
    for begins, length, opens_at in _hours_of_all_days(service):
        if begins >= end:
            break
        day = datetime.fromtimestamp(opens_at, UTC).astimezone(BERLIN).date()
        weight = day_weight(day, free) * HOURS[min(len(HOURS) - 1, int(length[1]))] * length[0] / HOUR
        slots.append((begins, min(length[0], end - begins)))
        weights.append(weight)
    return slots, list(accumulate(weights))


def _hours_of_all_days(service: ServiceTime) -> Iterator[tuple[float, tuple[float, int], float]]:
    """Yield each hour of each period as (position, (length, which hour), instant of the opening)."""
    begins = 0.0
    for opens_at, ends in zip(service.opens, service.ends, strict=True):
        hour = 0
        while begins < ends:
            length = min(HOUR, ends - begins)
            yield begins, (length, hour), opens_at
            begins += length
            hour += 1


def _specialists() -> dict[int, list[int]]:
    people: dict[int, list[int]] = {}
    for team, person in TeamMembership.objects.order_by("pk").values_list("team", "person"):
        people.setdefault(team, []).append(person)
    return people


def _id_sequence(model) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        return cursor.fetchone()[0]
