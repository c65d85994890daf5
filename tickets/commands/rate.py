"""The reporter says how well they were helped. No step of the lifecycle: it moves no state, no clock, no version."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from schools.duties import viewer_of
from tickets import permissions
from tickets.models import Rating, Ticket

from .base import locked, record


@transaction.atomic
def rate(*, ticket: Ticket, value: str, by: User, at: datetime, words: str | None = None) -> Rating:
    """Keep the answer about the solution as it stands, and return it; the last answer counts.

    Without `words` those said before stay, an empty text takes them back. That somebody answered is in the history,
    for their own eyes; the same answer once more is nothing new. Raises Ticket.DoesNotExist, PermissionDenied for all
    but the reporter, RatingNotPossible where there is no solution to judge, or not any more.
    """
    viewer = viewer_of(by, at)
    [ticket] = locked(Ticket.objects.visible_to(viewer), pk=ticket.pk) or [None]
    if ticket is None:
        raise Ticket.DoesNotExist
    permissions.require_rating(viewer, ticket)
    before = Rating.objects.filter(ticket=ticket).first()
    if words is None:
        words = before.words if before else ""
    if before and (before.value, before.words) == (value, words):
        return before
    # An answer keeps its place among the others: figures tell them in fives, in the order they came.
    rating = Rating(ticket=ticket, value=value, words=words, at=before.at if before else at)
    rating.save(force_insert=before is None, force_update=before is not None)
    record(ticket, "rated", viewer=viewer, at=at, keeps_version=True)
    return rating


def forget_rating(ticket: Ticket) -> None:
    """Take the answer back with the solution it was about; the ticket is locked."""
    Rating.objects.filter(ticket=ticket).delete()
