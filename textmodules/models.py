"""Texts that those who work on reports write again and again: their own, and those everybody shares."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import Event
from foundation.sorting import german_sort_key

from .placeholders import require_known, with_examples

LONGEST = 2000


class Kind(models.TextChoices):
    """What a text is for; it is offered at the boxes that take this kind."""

    MESSAGE = "message", _("Message or answer")
    QUESTION = "question", _("Question")
    SOLUTION = "solution", _("Solution")
    INTERNAL = "internal", _("Internal remark")


class TextModuleQuerySet(models.QuerySet):
    """Questions about texts."""

    def visible_to(self, viewer) -> Self:
        """Limit to one's own and the shared ones in use; nothing for those who do not work on reports."""
        if not viewer.is_staff:
            return self.none()
        return self.filter(Q(owner=None, active=True) | Q(owner=viewer.person))

    def shared(self) -> Self:
        return self.filter(owner=None)

    def fitting(self, kinds) -> Self:
        """Limit to those for at least one of the kinds."""
        return self.filter(kinds__overlap=[str(kind) for kind in kinds])

    def in_order(self) -> Self:
        """Sort one's own first, each part in German order."""
        return self.order_by(models.F("owner").asc(nulls_last=True), "sort_key", "pk")


class TextModule(models.Model):
    """One text with placeholders. Without an owner it is shared by all who work on reports."""

    title = models.CharField(_("title"), max_length=80)
    body = models.TextField(_("text"), max_length=LONGEST, validators=[require_known])
    kinds = ArrayField(models.CharField(max_length=10, choices=Kind), verbose_name=_("offered for"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="text_modules",
        verbose_name=_("owner"),
    )
    active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("written on"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed on"), default=timezone.now, editable=False)
    sort_key = german_sort_key("title")

    objects = TextModuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("text module")
        verbose_name_plural = _("text modules")
        constraints = [
            models.UniqueConstraint(
                "owner",
                Lower("title"),
                name="one_own_text_of_a_title",
                violation_error_message=_("You already have a text of this title. Choose another title."),
            ),
            models.UniqueConstraint(
                Lower("title"),
                condition=Q(owner=None),
                name="one_shared_text_of_a_title",
                violation_error_message=_("There is already a shared text of this title. Choose another title."),
            ),
            models.CheckConstraint(
                condition=Q(kinds__len__gt=0) & Q(kinds__contained_by=Kind.values),
                name="texts_are_for_a_known_kind",
                violation_error_message=_("Choose what the text is for."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("text", args=[self.pk])

    @property
    def is_shared(self) -> bool:
        return self.owner_id is None

    @property
    def kind_names(self) -> list[str]:
        return [kind.label for kind in Kind if kind in self.kinds]

    @property
    def example(self) -> str:
        """The text as it could read on a report."""
        return with_examples(self.body)


class TextModuleEvent(Event):
    """What was done to a shared text. `data` holds its words afterwards: they go out in the name of the city."""

    class Verb(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")

    module = models.ForeignKey(TextModule, models.PROTECT, related_name="events", verbose_name=_("text module"))

    class Meta:
        verbose_name = _("change of a shared text")
        verbose_name_plural = _("changes of shared texts")
        indexes = [models.Index(fields=["module", "-at"], name="events_of_a_text_module")]
        constraints = [
            models.CheckConstraint(condition=Q(verb__in=["added", "changed"]), name="known_text_module_event")
        ]

    def __str__(self):
        return str(self.Verb(self.verb).label)
