from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models import Event, EventManager, EventQuerySet
from tickets.lifecycle import Status


class TicketEventQuerySet(EventQuerySet):
    def visible_to(self, viewer) -> Self:
        """Internal remarks stay with those who work on tickets, whoever else may see the ticket."""
        works = viewer.works_first_level or viewer.teams
        return self if works else self.filter(public=True)

    def in_order(self) -> Self:
        return self.order_by("at", "pk")


class TicketEvent(Event):
    """One step in the life of a ticket: who, when, what, seen by whom. Written only by a command's `record`."""

    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="events", verbose_name=_("report"))
    status = models.CharField(_("state afterwards"), max_length=20, choices=Status)
    public = models.BooleanField(_("seen by the reporter"), default=True)
    text = models.TextField(_("text"), blank=True)

    objects = EventManager.from_queryset(TicketEventQuerySet)()

    class Meta:
        verbose_name = _("event of a report")
        verbose_name_plural = _("events of reports")
        indexes = [models.Index(fields=["ticket", "at", "id"], name="history_of_a_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.verb}"
