from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.translated import Translated

from .category import Category


class ChecklistQuerySet(models.QuerySet):
    def current(self) -> Self:
        """Limit to the version in use of each category: the latest one."""
        return self.order_by("category", "-version").distinct("category")


class Checklist(models.Model):
    """What the first level looks at before it hands over a report of one category.

    Versions are never edited: a change is the next version, and a packet keeps the one it was made by.
    """

    category = models.ForeignKey(Category, models.PROTECT, related_name="checklists", verbose_name=_("category"))
    version = models.PositiveIntegerField(_("version"))
    created_at = models.DateTimeField(_("published at"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
        help_text=_("Empty: comes with the product."),
    )

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        constraints = [
            models.UniqueConstraint(fields=["category", "version"], name="one_checklist_a_category_and_version")
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.version}"


class ChecklistItem(models.Model):
    """One statement that is true, false, or could not be looked at."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items", verbose_name=_("checklist"))
    key = models.CharField(
        _("short name"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", _("A short name has small letters, digits and “_”."))],
    )
    text_de = models.CharField(_("statement (German)"), max_length=160)
    text_en = models.CharField(_("statement (English)"), max_length=160)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    text = Translated("text")

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["checklist", "key"], name="one_item_a_key_and_checklist")]

    def __str__(self) -> str:
        return self.text
