from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from audit.models import Event, EventManager, EventQuerySet
from tickets.lifecycle import Status

from .ticket import Ticket

#: What nobody reads of a history but who did it: who has judged the help is as little to be known as how.
OWN = ("rated",)
#: What somebody who follows a fault reads of its history.
FOR_FOLLOWERS = ("accepted", "commented", "waiting", "escalated", "resolved", "reopened", "closed")


class TicketEventQuerySet(EventQuerySet):
    def visible_to(self, viewer) -> Self:
        """Internal remarks stay with those who work on the ticket, whoever else may see it.

        Whether the viewer sees the ticket is asked where the ticket is found.
        """
        told = self.filter(~Q(verb__in=OWN) | Q(by=viewer.person.pk))
        if not viewer.is_staff:
            return told.filter(public=True)
        # Asked of the one ticket: as a list of keys the database would read all tickets of the viewer first.
        worked_on = Ticket.objects.worked_on_by(viewer).filter(pk=OuterRef("ticket"))
        return told.filter(Q(public=True) | Exists(worked_on))

    def for_followers(self) -> Self:
        """Limit to what staff has said to all who are affected; not what the reporter or a colleague wrote.

        What was said while nobody could join was said to the reporter alone: before the report changed its category
        or who may see it, and, where nobody can join but by a merge, before that.
        """
        opened = Q(verb="restricted") | Q(verb="classified", data__has_key="category")
        opened |= Q(verb="absorbed", ticket__category__is_known_fault=False)
        later = TicketEvent.objects.filter(opened, ticket=OuterRef("ticket"), pk__gt=OuterRef("pk"))
        told = self.filter(public=True, by_staff=True, words_for_staff=False, verb__in=FOR_FOLLOWERS)
        return told.filter(~Exists(later))

    def in_order(self) -> Self:
        """Order as it was written, with the ticket locked; of two people at the same moment the one who came second
        may have looked at the clock first."""
        return self.order_by("pk")


class TicketEvent(Event):
    """One step in the life of a ticket: who, when, what, seen by whom. Written only by a command's `record`."""

    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="events", verbose_name=_("report"))
    status = models.CharField(_("state afterwards"), max_length=20, choices=Status)
    public = models.BooleanField(_("seen by the reporter"), default=True)
    text = models.TextField(_("text"), blank=True)
    words_for_staff = models.BooleanField(
        _("text for those who work on it only"),
        default=False,
        help_text=_("The reporter sees that it happened, not what was written."),
    )
    by_staff = models.BooleanField(_("by those who work on it"), default=False)
    version = models.PositiveIntegerField(_("version afterwards"), default=0)

    objects = EventManager.from_queryset(TicketEventQuerySet)()

    class Meta:
        verbose_name = _("event of a report")
        verbose_name_plural = _("events of reports")
        indexes = [models.Index(fields=["ticket", "at", "id"], name="history_of_a_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.verb}"

    def text_for(self, works: bool) -> str:
        """Return what was written, as far as the reader may read it: some words are for those who work on it."""
        return self.text if works or not self.words_for_staff else ""
