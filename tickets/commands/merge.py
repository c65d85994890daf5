"""Two reports about the same thing become one; what was said, who waits and which time was promised is kept."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from schools.duties import viewer_of
from tickets import permissions
from tickets.deadlines import Clocks
from tickets.lifecycle import OPEN, Step, StepNotAllowed
from tickets.models import Attachment, Escalation, Follower, Ticket

from .base import StaleTicket, end_escalation, locked, move, record, save


@transaction.atomic
def merge(*, ticket: Ticket, into: Ticket, by: User, at: datetime, version: int | None = None) -> Ticket:
    """Let `ticket` end in `into`, another open report of the same school; return the target.

    Its reporter and followers follow the target, its photos go there, its clocks end uncounted, and the target goes
    on with the clock that has less time left. Both histories stay. Raises Ticket.DoesNotExist where one of the two
    is not in sight, StepNotAllowed where the target is no longer open, ValidationError where they do not belong
    together.
    """
    viewer = viewer_of(by, at)
    # In the order of their keys, whichever direction: two who merge crosswise wait for each other, not for ever.
    both = {row.pk: row for row in locked(Ticket.objects.visible_to(viewer), pk__in=[ticket.pk, into.pk])}
    source, target = both.get(ticket.pk), both.get(into.pk)
    if source is None or target is None:
        raise Ticket.DoesNotExist
    if version is not None and version != source.version:
        raise StaleTicket(source)
    permissions.require(viewer, Step.MERGE, source)
    _require_mergeable(source, target)
    source_clocks, target_clocks = Clocks(source), Clocks(target)
    target_clocks.take_over(source_clocks, at)
    end_escalation(source, Escalation.Outcome.ENDED, at)
    move(Step.MERGE, source, at=at)
    source.merged_into, source.closed_at = target, at
    record(source, "merged", viewer=viewer, at=at, into=target.number)
    source_clocks.end(at)
    source_clocks.save()
    save(source)
    _follow(source, target, at)
    if not source.confidential:  # the photos of a confidential one stay with those who see it
        Attachment.objects.filter(ticket=source, came_with=None).update(came_with=source)
        Attachment.objects.filter(ticket=source).update(ticket=target)
    record(target, "absorbed", viewer=viewer, at=at, merged=source.number)
    target_clocks.settle(at)
    save(target)
    return target


def _require_mergeable(source, target) -> None:
    if source.pk == target.pk:
        raise ValidationError({"into": _("A report cannot be merged with itself. Choose another one.")})
    if source.school_id != target.school_id:
        raise ValidationError({"into": _("This report is about another school. Choose one of the same school.")})
    if target.status not in OPEN:
        raise StepNotAllowed(Step.MERGE, target.status)
    same_person = source.reporter_id is not None and source.reporter_id == target.reporter_id
    if (source.confidential or target.confidential) and not (
        source.confidential == target.confidential and same_person
    ):
        raise ValidationError(
            {"into": _("Confidential reports can only be merged where both are confidential and of the same person.")}
        )


def _follow(source, target, at) -> None:
    """Let everybody who waits for the source follow the target; nobody twice, and not the target's own reporter."""
    known = set(Follower.objects.filter(ticket=target, person__isnull=False).values_list("person", flat=True))
    affected = set(Follower.objects.affected().filter(ticket=source).values_list("person", flat=True))
    Follower.objects.filter(ticket=target, person__in=affected).update(is_affected=True)
    if target.reporter_id:
        known.add(target.reporter_id)
    Follower.objects.filter(ticket=source).exclude(person__in=known).update(ticket=target)
    if source.reporter_id == target.reporter_id and source.reporter_id is not None:
        return
    facts = {"room": source.room, "is_affected": True}
    if source.reporter_id is None:
        Follower.objects.create(
            ticket=target,
            caller_name=source.caller_name,
            caller_phone=source.caller_phone,
            joined_at=at,
            **facts,
        )
        return
    Follower.objects.update_or_create(
        ticket=target, person=source.reporter, defaults=facts, create_defaults={**facts, "joined_at": at}
    )
