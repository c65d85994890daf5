"""Figures that others have printed, beside which ours are shown."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedFigureQuerySet(models.QuerySet):
    def of_table(self, key: str) -> Self:
        """Limit to the figures of one table, the newest source first, in the order of the file they came from."""
        return self.filter(table=key).order_by("-as_of", "source", "pk")


class ImportedFigure(models.Model):
    """One figure as a source prints it, right or wrong, with the day it holds for.

    `table`, `row` and `column` are the keys of `reports.annual.sheets`. Sources that differ stand beside each other.
    """

    table = models.CharField(_("table"), max_length=8)
    row = models.CharField(_("row"), max_length=24)
    column = models.CharField(_("column"), max_length=24)
    value = models.IntegerField(_("value"))
    source = models.CharField(_("source"), max_length=200)
    as_of = models.DateField(_("as of"))

    objects = ImportedFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported figure")
        verbose_name_plural = _("imported figures")
        constraints = [
            models.UniqueConstraint(fields=["table", "row", "column", "source"], name="a_source_prints_a_figure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.column}: {self.value}"
