import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

PHOTOS = "photos"


def photo_path(photo, filename: str) -> str:
    """Return a random place for a photo; nothing the sender named goes into it."""
    name = photo.key.hex
    return f"{PHOTOS}/{name[:2]}/{name}.jpg"


class Photo(models.Model):
    """A photo that was decoded and written anew: JPEG, no metadata, no name from outside."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("file"), upload_to=photo_path)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))

    class Meta:
        abstract = True


class AttachmentQuerySet(models.QuerySet):
    def of(self, tickets) -> Self:
        """Limit to the files of these tickets; hand in a queryset that went through the scope.

        A file that moved at a merge belongs to both: whoever sent it still finds it where it was sent.
        """
        return self.filter(Q(ticket__in=tickets) | Q(came_with__in=tickets))


class Attachment(Photo):
    """A photo that belongs to a ticket and leaves only through the scope of the ticket."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="attachments", verbose_name=_("report"))
    came_with = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("came with")
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    added_at = models.DateTimeField(_("at"))

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.key}"

    def get_absolute_url(self) -> str:
        return reverse("photo", args=[self.ticket.number, self.key])
