"""Tags of the ticket pages: how a step and a notice look, and a fresh key for a form."""

import uuid
from dataclasses import dataclass

from django import template
from django.utils.translation import gettext_lazy, ngettext

from foundation.templatetags.ui import draw, number, state
from foundation.wording import glued
from tickets.history import VERBS
from tickets.lifecycle import Level, Status, Step

register = template.Library()

MOST_ROOMS = 3


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
    """Draw the state of a report as a pill: {% ticket_state ticket %}; at the second level it is the level's."""
    status = Status(ticket.status)
    if status == Status.IN_PROGRESS and ticket.level == Level.SECOND:
        return state(Level.SECOND.label, "forward")
    return state(status.label, *STATES[status])


@register.simple_tag
def step_look(step):
    """Return label and icon of a step: {% step_look step as shown %}."""
    return LOOKS[Step(step)]


@register.simple_tag
def affected(count, rooms=()):
    """Say how many have a fault, and in which rooms: {% affected fault.affected fault.rooms %}."""
    told = ngettext("%(count)s affected", "%(count)s affected", count) % {"count": number(count)}
    if not rooms:
        return told
    names = ", ".join(glued(room) for room in rooms[:MOST_ROOMS])
    return f"{told} ({names} …)" if len(rooms) > MOST_ROOMS else f"{told} ({names})"


@register.simple_tag
def fresh_key():
    """Return a new idempotency key for a form: {% fresh_key %}."""
    return str(uuid.uuid4())


@register.simple_tag
def notice_icon(kind):
    """Draw the icon of a notice: {% notice_icon notice.kind %}."""
    known = VERBS[kind][0] if kind in VERBS else "notifications"
    return draw(known, "", "")
