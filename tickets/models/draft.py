import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from .attachment import Photo

KEPT_FOR = timedelta(hours=24)


class DraftQuerySet(models.QuerySet):
    def visible_to(self, viewer) -> Self:
        """A draft is its author's alone, for a day."""
        return self.filter(author=viewer.person, saved_at__gt=viewer.at - KEPT_FOR)

    def with_photo_keys(self) -> Self:
        """Bring along the keys of its photos, the first one first, in the same statement."""
        photos = DraftPhoto.objects.filter(draft=OuterRef("pk")).order_by("pk")
        return self.annotate(photo_keys=ArraySubquery(photos.values("key")))

    def outdated(self, at: datetime) -> Self:
        return self.filter(saved_at__lte=at - KEPT_FOR)


class Draft(models.Model):
    """The words of a report form that could not be sent yet."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", verbose_name=_("author")
    )
    words = models.JSONField(_("words"), default=dict)
    saved_at = models.DateTimeField(_("saved at"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [models.Index(fields=["author", "-saved_at"], name="latest_draft_of_an_author")]

    def __str__(self) -> str:
        return str(self.key)


class DraftPhoto(Photo):
    """A photo that waits with its draft."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="photos", verbose_name=_("draft"))

    class Meta:
        verbose_name = _("photo of a draft")
        verbose_name_plural = _("photos of drafts")

    def __str__(self) -> str:
        return str(self.key)
