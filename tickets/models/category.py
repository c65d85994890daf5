from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.translated import Translated
from teams.models import Team
from tickets.lifecycle import Impact


class CategoryQuerySet(models.QuerySet):
    def in_use(self) -> Self:
        return self.filter(active=True).order_by("order", "slug")

    def visible_to(self, viewer) -> Self:
        """What can be reported is no secret to anybody who is signed in."""
        return self.filter(active=True) if viewer.person.is_active else self.none()


class Category(models.Model):
    """What does not work, in the words of those who report it. Rows an administrator edits."""

    slug = models.SlugField(_("short name"), unique=True)
    name_de = models.CharField(_("name (German)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    icon = models.CharField(_("icon"), max_length=40, default="help")
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="categories",
        verbose_name=_("team of the second level"),
        help_text=_("Empty: chosen when a report is handed over."),
    )
    default_impact = models.CharField(_("usual impact"), max_length=8, choices=Impact, default=Impact.PERSON)
    confidential_at_first = models.BooleanField(_("confidential at first"), default=False)
    is_known_fault = models.BooleanField(
        _("shown as known fault"),
        default=False,
        help_text=_("Colleagues of the school see category, state, place."),
    )
    under = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="refinements",
        verbose_name=_("opens under the tile"),
        help_text=_("Empty: a tile of its own on the report page."),
    )
    tips_de = models.TextField(_("already tried? (German)"), blank=True, help_text=_("One tip a line."))
    tips_en = models.TextField(_("already tried? (English)"), blank=True, help_text=_("One tip a line."))
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    active = models.BooleanField(_("in use"), default=True)

    name = Translated("name")
    tips_text = Translated("tips")

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name

    @property
    def tips(self) -> list[str]:
        """What one can try before help comes; two or three sentences."""
        return [line.strip() for line in self.tips_text.splitlines() if line.strip()]
