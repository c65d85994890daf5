"""Whoever has the same fault says so with one tap, opens no further report, and hears how it goes on."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from schools.models import Room
from schools.people import colleagues_at
from tickets.lifecycle import Step, StepNotAllowed, steps_from
from tickets.models import Follower, Ticket
from tickets.permissions import Relation, StepForbidden, relations_of

from .base import begin, record


@transaction.atomic
def join(*, ticket: Ticket, by: User, at: datetime, room: Room | None = None) -> Follower:
    """Count `by` among those affected; joining again changes the room at most. Moves no state and no clock."""
    ticket, viewer = _begin(Step.JOIN, ticket, by, at)
    _require_same_school(ticket, room)
    before = Follower.objects.filter(ticket=ticket, person=by).first()
    follower = _voice(ticket, by, at, room=room or (before.room if before else None), is_affected=True)
    if before is None or not before.is_affected:
        record(ticket, "joined", viewer=viewer, at=at, public=False, keeps_version=True, **_place(room))
    return follower


@transaction.atomic
def leave(*, ticket: Ticket, by: User, at: datetime) -> Follower:
    """Note that the fault is not there for `by`, or no longer; it is not offered to them again."""
    ticket, viewer = _begin(Step.LEAVE, ticket, by, at)
    before = Follower.objects.filter(ticket=ticket, person=by).first()
    follower = _voice(ticket, by, at, room=before.room if before else None, is_affected=False)
    if before is None or before.is_affected:
        record(ticket, "left", viewer=viewer, at=at, public=False, keeps_version=True)
    return follower


@transaction.atomic
def join_caller(
    *,
    ticket: Ticket,
    by: User,
    at: datetime,
    person: User | None = None,
    caller_name: str = "",
    caller_phone: str = "",
    room: Room | None = None,
) -> Follower:
    """The helpdesk counts somebody who calls among those affected: a member of the school, or a name and telephone.

    Raises ValidationError where nobody is named, or somebody who does not belong to the school.
    """
    ticket, viewer = begin(Step.COMMENT, ticket, by=by, at=at)
    if Relation.HELPDESK not in relations_of(viewer, ticket):
        raise StepForbidden(Step.JOIN)
    if Step.JOIN not in steps_from(ticket.status, ticket.level):
        raise StepNotAllowed(Step.JOIN, ticket.status)
    if ticket.confidential:
        raise ValidationError(_("Nobody joins a confidential report. Enter a report of its own."))
    _require_same_school(ticket, room)
    if person is not None:
        if not ticket.category.is_known_fault:
            raise ValidationError(_("Only known faults can be followed. Enter a report of its own for this person."))
        if not colleagues_at(ticket.school, viewer).filter(pk=person.pk).exists():
            raise ValidationError({"person": _("This person does not belong to the school.")})
        if person.pk == ticket.reporter_id:
            raise ValidationError({"person": _("This person has reported it. They are counted already.")})
        follower = _voice(ticket, person, at, room=room, is_affected=True)
    elif caller_name:
        follower = Follower.objects.create(
            ticket=ticket, caller_name=caller_name, caller_phone=caller_phone, room=room, joined_at=at
        )
    else:
        raise ValidationError({"caller_name": _("The name is missing. Say who is calling.")})
    on_behalf = {"for": person.pk if person else None}
    record(ticket, "joined", viewer=viewer, at=at, public=False, keeps_version=True, **on_behalf, **_place(room))
    return follower


def _begin(step, ticket, by, at):
    return begin(step, ticket, by=by, at=at, scope=Ticket.objects.joinable_by)


def _voice(ticket, person, at, **facts) -> Follower:
    follower, _created = Follower.objects.update_or_create(
        ticket=ticket, person=person, defaults=facts, create_defaults={**facts, "joined_at": at}
    )
    return follower


def _require_same_school(ticket, room) -> None:
    if room is not None and room.school_id != ticket.school_id:
        raise ValidationError({"room": _("This room belongs to another school. Choose a room of this school.")})


def _place(room) -> dict:
    return {"room": room.name} if room else {}
