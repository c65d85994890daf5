"""Who does what next with an open report, in one sentence for the school; nothing internal is in it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from schools.viewer import Viewer
from tickets.lifecycle import Level, Status
from tickets.models import Ticket
from tickets.routing import responsible_for


def whats_next(ticket: Ticket, viewer: Viewer) -> str:
    """Return the next step of a report that came `with_names`: "Mona Mobil arbeitet daran."."""
    if ticket.status == Status.WAITING_REPORTER:
        own = ticket.reporter_id == viewer.person.pk
        return _("You answer the question.") if own else _("The person who reported it answers a question.")
    if ticket.status == Status.WAITING_EXTERNAL:
        if ticket.waiting_until is None:
            return _("A third party has to act.")
        day = date_format(ticket.waiting_until, "SHORT_DATE_FORMAT")
        return _("Waiting for %(party)s until %(day)s.") % {"party": ticket.waiting_party, "day": day}
    responsible = responsible_for(ticket, viewer.roster)
    name = {"name": responsible.name}
    if ticket.level == Level.SECOND:
        if ticket.status == Status.ESCALATED:
            return _("The Systemhaus takes it over: %(name)s.") % name
        return _("The Systemhaus works on it: %(name)s.") % name
    if responsible.kind == "queue":
        if responsible.manager is None:
            return _("The coordination sees to it that somebody comes.")
        return _("%(name)s takes it over.") % name
    if ticket.status == Status.IN_PROGRESS:
        return _("%(name)s works on it.") % name
    return _("%(name)s looks into it.") % name
