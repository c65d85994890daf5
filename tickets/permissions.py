"""Who may take which step: the right-hand column of the table "States and steps" of the glossary as data.

A right comes from a relation between a person and one ticket, not from a role as such. Page, API and command ask
the same two functions, `steps_for` and `require`.
"""

from enum import Enum

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from schools.permissions import looks_after
from schools.viewer import Viewer
from tickets.lifecycle import (
    Level,
    Status,
    Step,
    StepNotAllowed,
    answer_until,
    rate_until,
    reopen_until,
    steps_from,
)
from tickets.models import Ticket


class Relation(Enum):
    """What somebody is to a ticket."""

    REPORTER = "R"
    CONTACT = "K"
    FIRST_LEVEL = "C"
    HELPDESK = "H"
    SPECIALIST = "S"
    COORDINATOR = "O"
    TEACHER = "teaches at the school"
    TAKER = "took it, or was given it"
    READER = "sees it in full"


R, K, C, H, S, COORDINATOR, TEACHER, TAKER = (
    Relation.REPORTER,
    Relation.CONTACT,
    Relation.FIRST_LEVEL,
    Relation.HELPDESK,
    Relation.SPECIALIST,
    Relation.COORDINATOR,
    Relation.TEACHER,
    Relation.TAKER,
)

WHO: dict[Step, frozenset[Relation]] = {
    Step.ACCEPT: frozenset({C, H}),
    Step.RELEASE: frozenset({TAKER}),
    Step.ASSIGN: frozenset({C, H, COORDINATOR}),
    Step.CLASSIFY: frozenset({C, H, S}),
    Step.COMMENT: frozenset({Relation.READER}),
    Step.ASK: frozenset({C, H, S}),
    Step.ASK_MEDIATOR: frozenset({S}),
    Step.ANSWER: frozenset({R, K, H}),
    Step.WAIT: frozenset({C, S}),
    Step.RESUME: frozenset({C, S}),
    Step.ESCALATE: frozenset({C, H}),
    Step.ACCEPT_ESCALATION: frozenset({S}),
    Step.TRANSFER: frozenset({S}),
    Step.RETURN: frozenset({S}),
    Step.RESOLVE: frozenset({C, H, S}),
    Step.CONFIRM: frozenset({R}),
    Step.REOPEN: frozenset({R, C, H}),
    Step.CLOSE: frozenset({C, H}),
    Step.WITHDRAW: frozenset({R}),
    Step.MERGE: frozenset({C, H, S}),
    Step.JOIN: frozenset({TEACHER, K}),
    Step.LEAVE: frozenset({TEACHER, K}),
    Step.RESTRICT: frozenset({R, C, H}),
}
#: Which relations resolve at which level.
RESOLVERS = {Level.FIRST: frozenset({C, H}), Level.SECOND: frozenset({S})}


class StepForbidden(PermissionDenied):
    """The person sees the ticket, but this step is not theirs to take: 403."""

    def __init__(self, step: Step):
        self.step = step
        super().__init__(_("“%(step)s” is not yours to do here.") % {"step": step.label})


class RatingNotPossible(Exception):
    """There is no solution to judge, or it is too late for it: 409, with the state of the ticket."""

    def __init__(self, status: Status | str):
        self.status = Status(status)
        super().__init__(status)

    def __str__(self):
        return _("There is no solution to judge now, or it is too late for it.")


def relations_of(viewer: Viewer, ticket: Ticket) -> frozenset[Relation]:
    """Return what the viewer is to a ticket they see. The coordinator stands in where nobody is on duty."""
    person = viewer.person
    manager = viewer.manager_of(ticket.school)
    found = {
        Relation.REPORTER: ticket.reporter_id == person.pk,
        Relation.CONTACT: not ticket.confidential and ticket.school_id in viewer.contact_at,
        Relation.FIRST_LEVEL: (manager.id == person.pk)
        if manager
        else (viewer.is_coordinator and not ticket.confidential),
        Relation.HELPDESK: viewer.is_helpdesk
        and (not ticket.confidential or person.pk in (ticket.created_by_id, ticket.assignee_id)),
        Relation.SPECIALIST: ticket.level == Level.SECOND and ticket.team_id in viewer.teams,
        Relation.COORDINATOR: viewer.is_coordinator and not ticket.confidential,
        Relation.TEACHER: ticket.school_id in viewer.teaches_at,
        Relation.TAKER: viewer.is_staff and ticket.assignee_id == person.pk,
        Relation.READER: True,
    }
    return frozenset(relation for relation, holds in found.items() if holds)


def may_write_internally(viewer: Viewer, ticket: Ticket) -> bool:
    """Whether the viewer reads and writes remarks on this ticket that the school does not see.

    Decided by what they are to the ticket, not by a role as such: a campus manager who also teaches is a teacher
    at the own school. Says for one ticket what `TicketQuerySet.worked_on_by` says for many.
    """
    if relations_of(viewer, ticket) & {C, H, S, TAKER}:
        return True
    if ticket.confidential:
        return ticket.first_escalated_at is not None and ticket.team_id in viewer.teams
    return looks_after(viewer, ticket.school) or (ticket.first_escalated_at is not None and bool(viewer.teams))


def acts_as_staff(viewer: Viewer, ticket: Ticket) -> bool:
    """Whether what the viewer says here is said by those who work on it, and not by somebody of the school."""
    return bool(relations_of(viewer, ticket) & {C, H, S}) and ticket.reporter_id != viewer.person.pk


def is_joinable(viewer: Viewer, ticket: Ticket) -> bool:
    """Whether this is a fault others of the school may know of and join; nobody joins what they reported."""
    return ticket.category.is_known_fault and not ticket.confidential and ticket.reporter_id != viewer.person.pk


def steps_for(viewer: Viewer, ticket: Ticket) -> tuple[Step, ...]:
    """Return the steps that are possible now and permitted to the viewer, in the order of `Step`."""
    relations = relations_of(viewer, ticket)
    possible = steps_from(ticket.status, ticket.level, closed_while_waiting=ticket.closed_while_waiting)
    return tuple(
        step for step in possible if _permitted(viewer, step, ticket, relations) and _in_time(step, ticket, viewer.at)
    )


def require(viewer: Viewer, step: Step, ticket: Ticket) -> None:
    """Raise StepForbidden where the step is not the viewer's, StepNotAllowed where it is not possible now."""
    if not _permitted(viewer, step, ticket, relations_of(viewer, ticket)):
        raise StepForbidden(step)
    possible = steps_from(ticket.status, ticket.level, closed_while_waiting=ticket.closed_while_waiting)
    if step not in possible or not _in_time(step, ticket, viewer.at):
        raise StepNotAllowed(step, ticket.status)


def is_asked_to_rate(viewer: Viewer, ticket: Ticket) -> bool:
    """Whether the viewer is asked how well they were helped, and may still say it or say it otherwise."""
    return _judges(viewer, ticket) and _has_solution_to_judge(ticket, viewer.at)


def require_rating(viewer: Viewer, ticket: Ticket) -> None:
    """Raise PermissionDenied for all who are not asked, RatingNotPossible where there is nothing to judge now."""
    if not _judges(viewer, ticket):
        raise PermissionDenied(_("Only who has reported it says how well the help was."))
    if not _has_solution_to_judge(ticket, viewer.at):
        raise RatingNotPossible(ticket.status)


def _judges(viewer, ticket) -> bool:
    """For whom it was reported; not those of the staff who filed it themselves, who would judge their own work."""
    return ticket.reporter_id == viewer.person.pk and not may_write_internally(viewer, ticket)


def _has_solution_to_judge(ticket, at) -> bool:
    """A confidential report is in no figure, so nobody is asked about it."""
    return not ticket.confidential and ticket.is_solved and at < rate_until(ticket.resolved_at)


def _permitted(viewer, step, ticket, relations) -> bool:
    if not WHO[step] & relations:
        return False
    if step == Step.RESOLVE:
        return bool(RESOLVERS[Level(ticket.level)] & relations)
    if step in (Step.JOIN, Step.LEAVE):
        return is_joinable(viewer, ticket)
    if step == Step.RESTRICT and ticket.confidential:
        return bool({C, H} & relations)
    return True


def _in_time(step, ticket, at) -> bool:
    if step == Step.REOPEN:
        return at < reopen_until(ticket.resolved_at)
    if step == Step.ANSWER and ticket.status == Status.CLOSED:
        return at < answer_until(ticket.closed_at)
    return True
