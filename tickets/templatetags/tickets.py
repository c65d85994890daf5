"""Tags of the ticket pages: how a step and a notice look, and a fresh key for a form."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from foundation import wording
from foundation.berlin import berlin_day, start_of_day
from foundation.templatetags.ui import draw, due, now, number, stamped, state
from foundation.wording import glued
from tickets.history import VERBS
from tickets.ladder import Clock
from tickets.lifecycle import Level, Status, Step
from tickets.models import Rating

register = template.Library()

MOST_ROOMS = 3
A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Look:
    """How a step is offered; one tap is enough where it needs no words."""

    label: str
    icon: str
    one_tap: bool = False


LOOKS = {
    Step.ACCEPT: Look(gettext_lazy("Take over"), "assignment_ind", one_tap=True),
    Step.RELEASE: Look(gettext_lazy("Put back"), "undo", one_tap=True),
    Step.ASSIGN: Look(gettext_lazy("Assign to a person"), "person_add"),
    Step.CLASSIFY: Look(gettext_lazy("Change category or urgency"), "tune"),
    Step.ASK: Look(gettext_lazy("Ask back"), "chat"),
    Step.ANSWER: Look(gettext_lazy("Answer"), "forum"),
    Step.WAIT: Look(gettext_lazy("Wait for a third party"), "pause_circle"),
    Step.RESUME: Look(gettext_lazy("Continue"), "replay", one_tap=True),
    Step.RESOLVE: Look(gettext_lazy("Solved"), "check"),
    Step.CONFIRM: Look(gettext_lazy("It works again"), "done_all", one_tap=True),
    Step.REOPEN: Look(gettext_lazy("It still does not work"), "replay"),
    Step.CLOSE: Look(gettext_lazy("Close without a solution"), "block"),
    Step.WITHDRAW: Look(gettext_lazy("Withdraw the report"), "delete"),
    Step.ESCALATE: Look(gettext_lazy("To the Systemhaus"), "forward"),
    Step.ACCEPT_ESCALATION: Look(gettext_lazy("Take over"), "assignment_ind", one_tap=True),
    Step.ASK_MEDIATOR: Look(gettext_lazy("Ask the campus management"), "help"),
    Step.TRANSFER: Look(gettext_lazy("Pass on to another team"), "forward"),
    Step.RETURN: Look(gettext_lazy("Return"), "undo"),
    Step.MERGE: Look(gettext_lazy("Merge with another report"), "merge"),
    Step.JOIN: Look(gettext_lazy("I am affected too"), "group_add", one_tap=True),
    Step.LEAVE: Look(gettext_lazy("Not at my place"), "group_remove", one_tap=True),
    Step.RESTRICT: Look(gettext_lazy("Change who may see it"), "lock"),
}

STATES = {
    Status.NEW: ("info", "new"),
    Status.IN_PROGRESS: ("handyman", ""),
    Status.WAITING_REPORTER: ("pause_circle", "wait"),
    Status.WAITING_EXTERNAL: ("pause_circle", "wait"),
    Status.ESCALATED: ("forward", ""),
    Status.RESOLVED: ("check_circle", "done"),
    Status.REOPENED: ("replay", "new"),
    Status.CLOSED: ("done_all", "quiet"),
    Status.WITHDRAWN: ("block", "quiet"),
    Status.MERGED: ("block", "quiet"),
}


@register.simple_tag
def ticket_state(ticket):
    """Draw the state of a report as a pill: {% ticket_state ticket %}; at work at the second level is handed over."""
    return _state(ticket.status, ticket.level, get_language())


@lru_cache(maxsize=100)
def _state(status, level, language):
    if status == Status.IN_PROGRESS and level == Level.SECOND:
        status = Status.ESCALATED
    return state(Status(status).label, *STATES[Status(status)])


@register.simple_tag
def step_look(step):
    """Return label and icon of a step: {% step_look step as shown %}."""
    return LOOKS[Step(step)]


@dataclass(frozen=True)
class Answer:
    """One of the three answers about the help, as it is offered."""

    value: str
    label: str
    icon: str
    is_given: bool


ANSWERS = {
    Rating.Value.GOOD: "sentiment_satisfied",
    Rating.Value.PARTLY: "sentiment_neutral",
    Rating.Value.POOR: "sentiment_dissatisfied",
}


@register.simple_tag
def rating_answers(rating):
    """Return the answers to choose from, and which one was given: {% rating_answers page.rating as answers %}."""
    given = rating.value if rating else None
    return [Answer(value.value, value.label, icon, value == given) for value, icon in ANSWERS.items()]


@register.simple_tag
def affected(count, rooms=()):
    """Say how many have a fault, and in which rooms: {% affected fault.affected fault.rooms %}."""
    told = ngettext("%(count)s affected", "%(count)s affected", count) % {"count": number(count)}
    if not rooms:
        return told
    names = ", ".join(glued(room) for room in rooms[:MOST_ROOMS])
    return f"{told} ({names} …)" if len(rooms) > MOST_ROOMS else f"{told} ({names})"


#: What a due time is called: while it runs, and once it has passed, pauses or was met; None: as while it runs.
DUE_TIMES = {
    Clock.FIRST_RESPONSE: (gettext_lazy("First response by"), gettext_lazy("First response")),
    Clock.RESOLUTION: (gettext_lazy("To be solved by"), gettext_lazy("Solution")),
    Clock.SECOND_RESPONSE: (
        gettext_lazy("Response of the Systemhaus by"),
        gettext_lazy("Response of the second level"),
    ),
    Clock.ANSWER: (gettext_lazy("Answer of the reporter by"), gettext_lazy("Answer of the reporter")),
    Clock.THIRD_PARTY: (gettext_lazy("Goes on on"), gettext_lazy("Waiting for a third party")),
    Clock.CONFIRMATION: (gettext_lazy("Objection possible until"), gettext_lazy("Objection to the solution")),
}
YOUR_ANSWER = gettext_lazy("Your answer by")


@register.simple_tag(takes_context=True)
def due_label(context, row, own=False):
    """Name a due time: {% due_label row page.is_reporter %}."""
    running = row.state_at(now(context)) == "running"
    if row.kind == Clock.ANSWER and own and running:
        return YOUR_ANSWER
    return DUE_TIMES[Clock(row.kind)][not running]


@register.simple_tag(takes_context=True)
def due_time(context, row):
    """Say how a due time stands: {% due_time row %} "heute, 15:00 Uhr", "pausiert seit 9:12 Uhr"."""
    at = now(context)
    standing = row.state_at(at)
    if standing == "running" and row.kind == Clock.CONFIRMATION:
        return stamped(row.due_at, wording.day(row.due_at - A_MOMENT, at))  # to the end of that day
    if standing == "running":
        return due(context, row.due_at)
    if standing == "missed":
        words = stamped(row.due_at, gettext("passed %(since)s") % {"since": wording.since(row.due_at, at)})
        return format_html('<span class="due due--near">{}{}</span>', draw("hourglass_top", "s", ""), words)
    if standing == "paused":
        return stamped(row.paused_at, gettext("paused %(since)s") % {"since": wording.since(row.paused_at, at)})
    words = gettext("in time, %(moment)s") if standing == "met" else gettext("late, %(moment)s")
    return stamped(row.met_at, words % {"moment": wording.moment(row.met_at, at)})


@register.simple_tag(takes_context=True)
def ledger_days(context, days):
    """Say of which day, or of which equal days, a part of a ledger tells: {% ledger_days days %}."""
    if days.number == 1:
        return wording.long_day(days.lines[0].begins)
    at = now(context)
    first, last = (wording.weekday(start_of_day(day), at) for day in (days.first, days.last))
    return gettext("%(first)s to %(last)s, %(number)s days like this") % {
        "first": first,
        "last": last,
        "number": days.number,
    }


@register.simple_tag(takes_context=True)
def ledger_time(context, line, days):
    """Say from when to when a line of a ledger goes: {% ledger_time line days %}."""
    # Midnight is the end of the day before, which people read as 24:00.
    last = line.ends - A_MOMENT if line.ends == start_of_day(berlin_day(line.ends)) else line.ends
    ends = wording.exact_clock(line.ends) if last == line.ends else wording.glued(gettext("24:00"))
    further = (berlin_day(last) - berlin_day(line.begins)).days
    if further == 1:
        ends = gettext("%(time)s the day after") % {"time": ends}
    elif further and days.number > 1:
        ends = gettext("%(time)s, %(number)s days later") % {"time": ends, "number": further}
    elif further:
        ends = gettext("%(day)s, %(time)s") % {"day": wording.weekday(last, now(context)), "time": ends}
    return gettext("%(begins)s to %(ends)s") % {"begins": wording.exact_clock(line.begins), "ends": ends}


@register.filter
def times(length, number):
    """Return a length of time so many times: {{ line.counted|times:days.number }}."""
    return length * number


@register.simple_tag
def fresh_key():
    """Return a new idempotency key for a form: {% fresh_key %}."""
    return str(uuid.uuid4())


@register.simple_tag
def notice_icon(kind):
    """Draw the icon of a notice: {% notice_icon notice.kind %}."""
    known = VERBS[kind][0] if kind in VERBS else "notifications"
    return draw(known, "", "")
