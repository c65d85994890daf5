"""The work of the second level: what there is to do beside the report one looks at."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from tickets.forms import CommentForm
from tickets.models import Ticket
from tickets.surroundings import Surroundings, with_surroundings
from tickets.text_modules import offer_texts
from tickets.ticket_page import TicketPage
from tickets.triage import Triage

#: What htmx calls the answer to a request that replaces a part of the page.
PARTIAL = "partial"


@login_required
@require_safe
@vary_on_headers("HX-Request-Type")
def triage(request):
    """Show the list, and beside it the report the address names; 403 for who works in no team.

    Asked for a part of the page, it answers with the report alone.
    """
    if not request.viewer.teams:
        raise PermissionDenied
    shown = Triage.asked(request.viewer, request.GET)
    number = request.GET.get("ticket", "")[:32].replace("\x00", "")
    context = {"triage": shown, "query": urlencode(shown.address), "is_first_page": not shown.after}
    if number:
        context |= _report(request, shown, number)
    is_part = request.headers.get("HX-Request-Type") == PARTIAL
    return render(request, "tickets/_triage_report.html" if is_part else "tickets/triage.html", context)


def _report(request, shown, number) -> dict:
    """Return what the pane of one report needs, or raise 404 where it is not the viewer's to see."""
    ticket = get_object_or_404(_reports(request.viewer).numbered(number))
    page = TicketPage(ticket, request.viewer)
    form = CommentForm(may_write_internally=page.may_write_internally, auto_id="id_comment_%s")
    offer_texts(form, request, ticket=ticket)
    beside = shown.beside(ticket)
    return {
        "ticket": ticket,
        "page": page,
        "around": Surroundings(ticket),
        "comment_form": form,
        "here": _address(shown, ticket),
        "onward": _address(shown, beside),
        "list_address": _address(shown, None),
    }


def _reports(viewer):
    rows = Ticket.objects.visible_to(viewer).with_names().with_due_times()
    rows = rows.select_related("school__profile", "school__campus", "created_by", "device")
    return with_surroundings(rows, viewer)


def _address(shown, ticket) -> str:
    asked = shown.address | ({"ticket": ticket.number} if ticket else {})
    return f"{reverse('triage')}?{urlencode(asked)}"
