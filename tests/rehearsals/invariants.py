"""What holds for a ticket at every moment, whatever happened to it; each function tells in words what does not."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from foundation.berlin import berlin_day
from notifications.models import OutboxMessage
from schools.coverage import roster_on
from tickets.deadlines import PROMISES, WAITS, Clocks, Kind, next_instant
from tickets.lifecycle import ENDED, OPEN, Level, Status
from tickets.models import Deadline, Escalation, Follower, Rating, Ticket, TicketEvent
from tickets.policies import TARGETS
from tickets.routing import responsible_for

ROUNDING = timedelta(milliseconds=1)  # rows of the demo written by COPY are added up in floating point
SAME_MOMENT = timedelta(seconds=1)  # of two people; each looks at the clock before waiting for the other
UNANSWERED = ("reported", "escalated", "joined", "left")
NAMED = ("school", "assignee", "team", "category")


def broken(pk: int, at, roster=None) -> list[str]:
    """Return everything that does not hold for one ticket, read anew; the roster of the day may be at hand."""
    ticket = Ticket.objects.select_related(*NAMED).get(pk=pk)
    events = list(TicketEvent.objects.filter(ticket=pk).order_by("pk"))
    deadlines = list(Deadline.objects.filter(ticket=pk))
    found = [
        *_history(ticket, events),
        *_state(ticket),
        *_clocks(ticket, deadlines),
        *_escalations(ticket, deadlines, events),
        *_merging(ticket),
        *_followers(ticket),
        *_rating(ticket, events),
    ]
    if ticket.is_open and not responsible_for(ticket, roster or roster_on(berlin_day(at))).name:
        found.append("nobody is responsible")
    return [f"{ticket.number} ({ticket.status}, {ticket.level}): {sentence}" for sentence in found]


def all_broken(pks: Iterable[int], at) -> list[str]:
    return [sentence for pk in pks for sentence in broken(pk, at)]


def owed_twice(numbers: Iterable[str]) -> list[str]:
    """Return the notices that one person got twice for the same event of these tickets."""
    keys = OutboxMessage.objects.filter(about__in=list(numbers)).values_list("key", flat=True)
    return [f"the notice {key} is owed {count} times" for key, count in Counter(keys).items() if count > 1]


def _history(ticket, events):
    versions = [event.version for event in events]
    if not events or events[0].verb != "reported":
        yield "the history does not begin with the report"
    if sorted(set(versions)) != list(range(1, ticket.version + 1)) or versions != sorted(versions):
        yield f"the versions {versions} do not lead to {ticket.version} without a gap"
    if events and events[-1].status != ticket.status:
        yield f"the history ends with {events[-1].status}"
    if any(later.at < earlier.at - SAME_MOMENT for earlier, later in pairwise(events)):
        yield "the history is not in the order of time"


def _state(ticket):
    waits = ticket.status == Status.WAITING_REPORTER or ticket.closed_while_waiting
    if bool(ticket.question) != waits:
        yield "an open question and the state do not agree"
    if bool(ticket.waiting_party) != (ticket.status == Status.WAITING_EXTERNAL):
        yield "a third party is waited for in another state"
    if ticket.mediator_question and not (ticket.is_open and ticket.level == Level.SECOND):
        yield "a question to the campus management is left over"
    over = ticket.status in (Status.CLOSED, Status.WITHDRAWN, Status.MERGED)
    if (ticket.closed_at is not None) != over:
        yield "the instant of the end and the state do not agree"
    if (ticket.level == Level.SECOND) != (ticket.team_id is not None):
        yield f"the level {ticket.level} and the team {ticket.team} do not agree"
    if ticket.level == Level.SECOND and ticket.first_escalated_at is None:
        yield "it never came to the second level it is at"
    if ticket.status == Status.ESCALATED and (ticket.level != Level.SECOND or ticket.assignee_id):
        yield "handed over and taken at once"
    if ticket.status in (Status.NEW, Status.REOPENED) and ticket.level != Level.FIRST:
        yield "new at the second level"
    if ticket.status == Status.RESOLVED and (ticket.resolved_at is None or not ticket.solution):
        yield "resolved without a solution"


def _clocks(ticket, deadlines):
    kinds = Counter(row.kind for row in deadlines)
    if any(kinds[kind] != 1 for kind in PROMISES):
        yield f"the promises are {dict(kinds)}"
    running = [row for row in deadlines if row.met_at is None and row.ended_at is None]
    awaited = WAITS.get(ticket.status)
    if [row.kind for row in running if row.kind in WAITS.values()] != [awaited] * (awaited is not None):
        yield f"in the state {ticket.status} these clocks run: {sorted(row.kind for row in running)}"
    if ticket.status in ENDED and any(row.kind != awaited for row in running):
        yield f"clocks run on: {sorted(row.kind for row in running)}"
    if ticket.is_open and Kind.RESOLUTION not in {row.kind for row in running}:
        yield "the clock of the solution does not run"
    clocks = Clocks(ticket)
    for row in clocks.rows:
        if row.kind in PROMISES and row.taken_from is None and row.started_at != ticket.created_at:
            yield f"the clock {row.kind} started again"
        is_running = row.is_running and ticket.is_open and row.kind != Kind.THIRD_PARTY
        due = clocks.clock_of(row).due_at(row.target) if is_running else row.due_at
        if (due is None) != (row.due_at is None) or (due is not None and abs(due - row.due_at) > ROUNDING):
            yield f"the clock {row.kind} is due at {due}, not {row.due_at}"
        if row.is_running and row.next_at != next_instant(row, clocks.steps_of(row)):
            yield f"the next step of the clock {row.kind} is at {row.next_at}"
        was_late = row.met_at is not None and row.due_at is not None and row.due_at < row.met_at
        if row.met_at is not None and (row.missed_at is not None) != was_late:
            yield f"the clock {row.kind} was due at {row.due_at}, met at {row.met_at}, and missed at {row.missed_at}"
    yield from _next_due(ticket, running)


def _next_due(ticket, running):
    dues = {row.kind: row.due_at for row in running if row.due_at is not None and row.kind in TARGETS}
    promised = min((due for kind, due in dues.items() if kind in PROMISES), default=None)
    if ticket.due_at != promised:
        yield f"it is due at {promised}, not {ticket.due_at}"
    at_a_team = ticket.is_open and ticket.level == Level.SECOND
    for_the_team = min(dues.values(), default=None) if at_a_team else None
    if ticket.team_due_at != for_the_team:
        yield f"it is due for the team at {for_the_team}, not {ticket.team_due_at}"


def _escalations(ticket, deadlines, events):
    rows = list(Escalation.objects.filter(ticket=ticket)) if ticket.first_escalated_at else []
    current = [row for row in rows if row.ended_at is None]
    expected = int(ticket.status in OPEN and ticket.level == Level.SECOND)
    if len(current) != expected:
        yield f"{len(current)} open escalations instead of {expected}"
    if any(row.team_id != ticket.team_id for row in current):
        yield "the escalation lies with another team than the report"
    responses = [row for row in deadlines if row.kind == Kind.SECOND_RESPONSE]
    if len(responses) != len(rows):
        yield f"{len(responses)} clocks of the second level for {len(rows)} escalations"
    if any(row.met_at is None and row.ended_at is None for row in responses) and not expected:
        yield "the second level's clock runs without the second level"
    if not current or ticket.status != Status.ESCALATED:
        return
    answered = any(event.at >= current[0].at and event.verb not in UNANSWERED for event in events)
    met = any(row.met_at for row in responses if row.started_at == current[0].at)
    if met and not answered:
        yield "the second level's response counts without one"


def _merging(ticket):
    if (ticket.status == Status.MERGED) != (ticket.merged_into_id is not None):
        yield "merged and nowhere to be found, or the other way round"
    if ticket.merged_into_id is None:
        return
    seen, end = {ticket.pk}, ticket
    while end.merged_into_id is not None:
        if end.merged_into_id in seen:
            yield "merged in a circle"
            return
        seen.add(end.merged_into_id)
        end = Ticket.objects.get(pk=end.merged_into_id)
    into = Ticket.objects.get(pk=ticket.merged_into_id)
    if into.school_id != ticket.school_id:
        yield "merged across schools"
    if ticket.reporter_id and ticket.reporter_id != end.reporter_id and not _follows(ticket.reporter_id, end):
        yield f"its reporter does not follow {end.number}"
    left = Follower.objects.affected().filter(ticket=ticket, person__isnull=False).exclude(person=end.reporter_id)
    if not all(_follows(person, end) for person in left.values_list("person", flat=True)):
        yield "followers were left behind"
    if ticket.attachments.exists():
        yield "photos were left behind"


def _follows(person, ticket):
    return Follower.objects.filter(ticket=ticket, person=person).exists()


def _followers(ticket):
    rows = Follower.objects.filter(ticket=ticket)
    if ticket.reporter_id and rows.filter(person=ticket.reporter_id).exists():
        yield "the reporter follows their own report"


def _rating(ticket, events):
    rating = Rating.objects.filter(ticket=ticket).first()
    if rating is None:
        return
    if not ticket.is_solved:
        yield "an answer has outlived its solution"
    solved = max((place for place, event in enumerate(events) if event.verb == "resolved"), default=0)
    # The first since the solution: who changes their mind keeps their place.
    given = [event for event in events[solved:] if event.verb == "rated"]
    if [(event.by_id, event.at) for event in given[:1]] != [(ticket.reporter_id, rating.at)]:
        yield "the history does not know of the answer"
