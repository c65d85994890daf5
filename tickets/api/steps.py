"""Each step as `POST tickets/<number>/<step>/`: found in scope, checked, handed to the command of the pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db.models import QuerySet
from django.urls import re_path
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError

from foundation.api.bodies import Body, Nothing
from foundation.api.schema import IDEMPOTENCY_KEY, IF_MATCH, WRITING, operation
from idempotency.api import answer_once
from schools.viewer import Viewer
from tickets import permissions
from tickets.commands import escalate, finish, join, merge, work
from tickets.commands.base import StaleTicket
from tickets.lifecycle import Step
from tickets.models import Ticket

from . import bodies
from .scope import NUMBER, TICKET_OR_FAULT, TicketsView

_VERSION = re.compile(r'"([0-9]{1,18})"|([0-9]{1,18})')


@dataclass(frozen=True)
class StepResource:
    """One step: the command that takes it, and the body whose fields are the command's arguments.

    A step that always applies, whatever version was seen, has no `If-Match`.
    """

    step: Step
    command: Callable
    summary: str
    description: str
    body: type[Body] = Nothing
    always_applies: bool = False
    scope: Callable[[Viewer], QuerySet[Ticket]] = Ticket.objects.visible_to


def ask(*, to: str, **facts):
    """Ask the reporter or the campus management: one step with two addressees."""
    return escalate.ask_mediator(**facts) if to == "mediator" else work.ask(**facts)


STEPS = (
    StepResource(
        Step.ACCEPT,
        work.accept,
        "Take over",
        "Takes a new or reopened ticket into your hands; counts as first response.",
    ),
    StepResource(
        Step.RELEASE,
        work.release,
        "Put back",
        "Puts a ticket you took back into the queue of whoever is on duty.",
    ),
    StepResource(
        Step.ASSIGN,
        work.assign,
        "Assign",
        "Hands the ticket to somebody of the first level; its state stays.",
        bodies.Assign,
    ),
    StepResource(
        Step.CLASSIFY,
        work.classify,
        "Classify",
        "Corrects category, impact or urgency; priority and due times follow.",
        bodies.Classify,
    ),
    StepResource(
        Step.COMMENT,
        work.comment,
        "Write a message",
        "Adds a message, or an internal remark. Applies whatever version you saw and does not change the version.",
        bodies.Comment,
        always_applies=True,
    ),
    StepResource(
        Step.ASK,
        ask,
        "Ask",
        "Asks the reporter, and the clocks pause until the answer; or the campus management, and nothing pauses.",
        bodies.Question,
    ),
    StepResource(
        Step.ANSWER,
        work.answer,
        "Answer",
        "Answers the open question. Within 28 days it also reopens a ticket closed while waiting for it.",
        bodies.Answer,
    ),
    StepResource(
        Step.WAIT,
        work.wait,
        "Wait for somebody outside",
        "Says for whom the ticket waits and until which day.",
        bodies.Wait,
    ),
    StepResource(
        Step.RESUME,
        work.resume,
        "Go on",
        "Goes on working after waiting for somebody outside.",
    ),
    StepResource(
        Step.ESCALATE,
        escalate.escalate,
        "Hand over",
        "Hands the ticket to a team of the second level with a complete packet; every gap is named by its field.",
        bodies.Handover,
    ),
    StepResource(
        Step.ACCEPT_ESCALATION,
        escalate.accept_escalation,
        "Take over at the second level",
        "Takes an escalated ticket of your team into your hands.",
    ),
    StepResource(
        Step.TRANSFER,
        escalate.transfer,
        "Pass on",
        "Passes the ticket on to another team of the second level.",
        bodies.Transfer,
    ),
    StepResource(
        Step.RETURN,
        escalate.return_to_first_level,
        "Return",
        "Gives the ticket back to the campus management.",
        bodies.Return,
    ),
    StepResource(
        Step.MERGE,
        merge.merge,
        "Merge",
        "Lets the ticket end in another open one of the same school. Followers and photos move, the earlier due time "
        "counts.",
        bodies.Merge,
    ),
    StepResource(
        Step.JOIN,
        join.join,
        "Join",
        "Says that a known fault is there for you too. Opens no ticket and changes no version.",
        bodies.Join,
        always_applies=True,
        scope=Ticket.objects.joinable_by,
    ),
    StepResource(
        Step.LEAVE,
        join.leave,
        "Leave",
        "Says that a known fault is not there for you, or no longer.",
        always_applies=True,
        scope=Ticket.objects.joinable_by,
    ),
    StepResource(
        Step.RESOLVE,
        finish.resolve,
        "Solve",
        "Records the solution and stops the clocks. The reporter may reopen for seven days.",
        bodies.Solution,
    ),
    StepResource(
        Step.CONFIRM,
        finish.confirm,
        "Confirm the solution",
        "The reporter says that it works; the ticket is closed.",
    ),
    StepResource(
        Step.REOPEN,
        finish.reopen,
        "Reopen",
        "It does not work after all: back to the first level, within seven days of the solution.",
        bodies.Reason,
    ),
    StepResource(
        Step.CLOSE,
        finish.close,
        "Close without a solution",
        "Ends the ticket; its clocks end uncounted.",
        bodies.Reason,
    ),
    StepResource(
        Step.WITHDRAW,
        finish.withdraw,
        "Withdraw",
        "The reporter takes the report back.",
        bodies.Reason,
    ),
    StepResource(
        Step.RESTRICT,
        work.restrict,
        "Change who may see it",
        "Makes the ticket confidential, or visible to the school again.",
        bodies.Restrict,
    ),
)


class StepView(TicketsView):
    """Takes one step; `resource` says which."""

    resource: StepResource

    def take(self, request, number):
        return answer_once(request, partial(self._take, request, number))

    def _take(self, request, number):
        resource = self.resource
        ticket = self.found(number, resource.scope)
        version = {} if resource.always_applies else {"version": version_seen(request)}
        # Before the body is looked at: nobody mends entries for a step they cannot take. The command asks again,
        # with the ticket locked.
        if version.get("version") not in (None, ticket.version):
            raise StaleTicket(ticket)
        permissions.require(self.viewer, resource.step, ticket)
        facts = resource.body.read(request, viewer=self.viewer, ticket=ticket)
        resource.command(ticket=ticket, by=request.user, at=request.at, **version, **facts)
        return self.answer_anew(ticket)


def version_seen(request) -> int | None:
    """Return the version of `If-Match`, None for no such header or `*`; ParseError where it is none of ours."""
    header = request.headers.get("If-Match", "*").strip()
    if header == "*":
        return None
    found = _VERSION.fullmatch(header)
    if found is None:
        raise ParseError(_('If-Match takes the version of the ticket, as in ETag: "3".'))
    return int(found[1] or found[2])


def _view_of(resource: StepResource):
    """Return the view of one step, described for the documentation."""
    name = resource.step.value
    describe = operation(
        f"{name.replace('-', '_')}_ticket",
        resource.summary,
        f"{resource.description} Step `{name}`: offered where `steps` of the ticket names it.",
        tag="Steps",
        body=None if resource.body is Nothing else resource.body,
        answers={200: TICKET_OR_FAULT, 204: None},
        parameters=[NUMBER, IDEMPOTENCY_KEY, *([] if resource.always_applies else [IF_MATCH])],
        problems_of=sorted({*WRITING, *(() if resource.always_applies else (412,))}),
    )

    @describe
    def post(self, request, number):
        return self.take(request, number)

    return type(f"{resource.step.name.title()}View", (StepView,), {"resource": resource, "post": post}).as_view()


def step_urls(number: str) -> list:
    """Return the addresses of all steps; `number` is the pattern of a ticket's number."""
    return [
        re_path(rf"^tickets/{number}/{resource.step.value}/$", _view_of(resource), name=f"api-{resource.step.value}")
        for resource in STEPS
    ]
