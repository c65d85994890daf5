"""What happened, who did it and when: rows that are only ever added."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class HistoryIsNeverEdited(Exception):
    """Raised where a row of a history would be changed or removed."""


class EventQuerySet(models.QuerySet):
    """Reads and adds, and refuses everything else."""

    def update(self, **kwargs):
        raise HistoryIsNeverEdited("Rows of a history are not updated.")

    def delete(self):
        raise HistoryIsNeverEdited("Rows of a history are not deleted.")

    def bulk_update(self, *args, **kwargs):
        raise HistoryIsNeverEdited("Rows of a history are not updated.")

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise HistoryIsNeverEdited("Rows of a history are not updated.")
        return super().bulk_create(objs, *args, **kwargs)

    def pseudonymise(self, **values) -> int:
        """Replace persons by pseudonyms and return how many rows it touched; for the retention run alone."""
        return super().update(**values)

    def expire(self) -> int:
        """Remove rows whose retention period is over and return how many; for the retention run alone."""
        return self._raw_delete(self.db)


# What a query offers is refused by the manager as well: `.objects.update()` goes through the same class.
EventManager = models.Manager.from_queryset(EventQuerySet)


class Event(models.Model):
    """One thing that happened. `by` is empty where the clock or an unknown visitor did it."""

    verb = models.CharField(_("event"), max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    data = models.JSONField(_("details"), default=dict, blank=True)

    objects = EventManager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise HistoryIsNeverEdited("Rows of a history are not updated.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise HistoryIsNeverEdited("Rows of a history are not deleted.")
