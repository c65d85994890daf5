"""Photos come to a ticket."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.lifecycle import Step
from tickets.models import Attachment, Ticket
from tickets.photos import PHOTOS_A_TICKET, CleanPhoto

from .base import begin, record


def add_photos(ticket: Ticket, photos: Sequence[CleanPhoto], *, by: User, at: datetime) -> list[Attachment]:
    """Store cleaned photos with a ticket that is being created or is locked."""
    added = []
    for photo in photos:
        attachment = Attachment(ticket=ticket, added_by=by, added_at=at, width=photo.width, height=photo.height)
        photo.store(attachment)
        added.append(attachment)
    return Attachment.objects.bulk_create(added)


@transaction.atomic
def attach_photos(*, ticket: Ticket, photos: Sequence[CleanPhoto], by: User, at: datetime) -> list[Attachment]:
    """Add photos to an existing ticket; whoever may comment may attach.

    Raises ValidationError where the ticket would hold more than it may.
    """
    ticket, viewer = begin(Step.COMMENT, ticket, by=by, at=at)
    if ticket.attachments.count() + len(photos) > PHOTOS_A_TICKET:
        raise ValidationError(
            _("A report holds at most %(limit)s photos. Leave some out."), params={"limit": PHOTOS_A_TICKET}
        )
    added = add_photos(ticket, photos, by=by, at=at)
    record(ticket, "attached", viewer=viewer, at=at, keeps_version=True, photos=len(added))
    return added
