"""The page of one ticket, and its photos."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tickets.forms import CommentForm
from tickets.models import Attachment, Ticket
from tickets.photos import PHOTOS_A_REPORT
from tickets.text_modules import offer_texts
from tickets.ticket_page import TicketPage
from tickets.uploads import photo_answer


@login_required
@require_safe
def ticket(request, number):
    """Show everything the viewer may know about one report and may do with it."""
    return ticket_answer(request, found(request, number))


@login_required
@require_safe
def photo(request, number, key):
    """Hand out a photo to those who see the report."""
    return photo_answer(get_object_or_404(Attachment.objects.of(scope(request).numbered(number)), key=key))


def scope(request):
    return Ticket.objects.visible_to(request.viewer)


def found(request, number) -> Ticket:
    """Return the ticket with what its page shows, or raise 404 where it is not the viewer's to see."""
    rows = scope(request).with_names().with_due_times().select_related("school__profile")
    return get_object_or_404(rows.select_related("created_by", "packet_draft__by").numbered(number))


def ticket_answer(request, ticket, *, comment_form=None, status=200):
    """Return the ticket's page, with a comment form that needs mending where there is one."""
    page = TicketPage(ticket, request.viewer)
    comment_form = comment_form or CommentForm(may_write_internally=page.may_write_internally)
    offer_texts(comment_form, request, ticket=ticket)
    context = {
        "page": page,
        "ticket": ticket,
        "comment_form": comment_form,
        "just_sent": "sent" in request.GET and page.is_reporter,
        "photo_limit": PHOTOS_A_REPORT,
    }
    return render(request, "tickets/ticket.html", context, status=status)
