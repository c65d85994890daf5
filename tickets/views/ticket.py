"""The page of one ticket, and its photos."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tickets import presence
from tickets.company import with_company
from tickets.forms import CommentForm, RatingForm
from tickets.live import Seen, stamp_of_ticket, with_last_event
from tickets.models import Attachment, Ticket
from tickets.permissions import may_write_internally
from tickets.photos import PHOTOS_A_REPORT
from tickets.stale import since_event
from tickets.text_modules import offer_texts
from tickets.ticket_page import TicketPage
from tickets.uploads import photo_answer

from .joining import fault_answer
from .polls import PARTS, polled, unchanged


@login_required
@require_safe
def ticket(request, number):
    """Show everything the viewer may know about one report, or about a fault they follow, and may do with it."""
    try:
        shown = found(request, number)
    except Http404:
        return fault_answer(request, number)
    return ticket_answer(request, shown)


@polled(
    gone=gettext_lazy("You can no longer see this report. What you have typed here stays; copy it if you need it.")
)
@require_POST
def live(request, number):
    """Note who is here, and say what changed since the page was made; `part` says of which page of the report."""
    viewer, asked = request.viewer, with_last_event(scope(request).numbered(number), request.viewer)
    if viewer.is_staff:
        asked = presence.with_presence(asked, viewer)
    ticket = get_object_or_404(asked.select_related("school").defer("description", "solution", "words"))
    present = []
    if may_write_internally(viewer, ticket):
        presence.attend(ticket=ticket, by=request.user, at=request.at, typing="typing" in request.POST)
        present = presence.colleagues_at(ticket, request.at)
    told = {"stamp": stamp_of_ticket(ticket, viewer), "present": present, "attending": presence.signature(present)}
    is_known = Seen.asked(request.POST).stamp == told["stamp"]
    if is_known and request.POST.get("here", "") == told["attending"]:
        return unchanged()
    if request.GET.get("part") == "line":
        told["since"] = request.POST.get("since", "")
        told["happened"] = since_event(ticket, viewer, told["since"])
    elif not is_known:
        return ticket_answer(request, found(request, number), frame=PARTS, **told)
    return render(request, "tickets/_live_news.html", told)


@login_required
@require_safe
def photo(request, number, key):
    """Hand out a photo to those who see the report."""
    return photo_answer(get_object_or_404(Attachment.objects.of(scope(request).numbered(number)), key=key))


def scope(request):
    return Ticket.objects.visible_to(request.viewer)


def found(request, number) -> Ticket:
    """Return the ticket with what its page shows, or raise 404 where it is not the viewer's to see."""
    rows = scope(request).with_names().with_due_times().with_clocks().select_related("school__profile")
    rows = with_company(with_last_event(rows, request.viewer), request.viewer)
    return get_object_or_404(rows.select_related("created_by", "packet_draft__by", "rating").numbered(number))


def ticket_answer(request, ticket, *, comment_form=None, rating_form=None, status=200, **more):
    """Return the ticket's page, with a form that needs mending where there is one."""
    page = TicketPage(ticket, request.viewer)
    # What one writes to the Systemhaus is between those who work on it, unless one wants the reporter to read it.
    comment_form = comment_form or CommentForm(
        may_write_internally=page.may_write_internally, initial={"internal": page.is_asked}
    )
    offer_texts(comment_form, request, ticket=ticket)
    context = {
        "page": page,
        "ticket": ticket,
        "comment_form": comment_form,
        "rating_form": rating_form or RatingForm.of(page.rating),
        "just_sent": "sent" in request.GET and page.is_reporter,
        "photo_limit": PHOTOS_A_REPORT,
        "stamp": stamp_of_ticket(ticket, request.viewer),
        **more,
    }
    return render(request, "tickets/ticket.html", context, status=status)
