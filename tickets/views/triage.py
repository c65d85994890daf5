"""The work of the second level: what there is to do beside the report one looks at."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.views.exports import table_answer
from tickets import presence
from tickets.forms import CommentForm
from tickets.live import Seen, stamp_of_ticket, with_last_event
from tickets.models import Ticket
from tickets.permissions import may_write_internally
from tickets.surroundings import Surroundings, with_surroundings
from tickets.tables import table_of_triage
from tickets.text_modules import offer_texts
from tickets.ticket_page import TicketPage
from tickets.triage import Triage

from .polls import PARTS, polled, unchanged

#: What htmx calls the answer to a request that replaces a part of the page.
PARTIAL = "partial"
GONE = gettext_lazy("You can no longer see this report. What you have typed here stays; copy it if you need it.")


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
    context = _list(shown)
    number = _number(request.GET)
    if number:
        context |= _report(request, shown, number)
    is_part = request.headers.get("HX-Request-Type") == PARTIAL
    return render(request, "tickets/_triage_report.html" if is_part else "tickets/triage.html", context)


@login_required
@require_POST
def export(request):
    """Hand out all reports of a list as CSV."""
    if not request.viewer.teams:
        raise PermissionDenied
    return table_answer(request, table_of_triage(Triage.asked(request.viewer, request.POST)))


@polled(
    gone=GONE,
    closed=gettext_lazy("You have no queue any more. Your duties have changed."),
)
@require_POST
def live(request):
    """Note who is at the report beside the list, and say what changed in both; `new` shows the new rows as well."""
    viewer, seen = request.viewer, Seen.asked(request.POST)
    if not viewer.teams:
        raise PermissionDenied
    wants_new = "new" in request.GET
    shown = Triage.asked(viewer, request.GET, **{"known" if wants_new else "seen": seen})
    number = _number(request.POST)
    report = _attended(request, number) if number else {"report_stamp": "", "attending": ""}
    told = (shown.stamp, report["report_stamp"], report["attending"])
    if not wants_new and told == (seen.stamp, request.POST.get("report", ""), request.POST.get("here", "")):
        return unchanged()
    context = _list(shown) | {"frame": PARTS}
    if number and "gone" not in report:
        context |= _report(request, shown, number)
    return render(request, "tickets/triage.html", context | report)


def _attended(request, number) -> dict:
    """Note that the viewer is at the report, and return who else is, with the stamp of what is told of it.

    A report that went out of sight is told as that; the list beside it goes on.
    """
    viewer = request.viewer
    rows = presence.with_presence(with_last_event(Ticket.objects.visible_to(viewer).numbered(number), viewer), viewer)
    ticket = rows.select_related("school").defer("description", "solution", "words").first()
    if ticket is None:
        return {"report_stamp": "gone", "attending": "", "gone": GONE, "number": number}
    present = []
    if may_write_internally(viewer, ticket):
        presence.attend(ticket=ticket, by=request.user, at=request.at, typing="typing" in request.POST)
        present = presence.colleagues_at(ticket, request.at)
    return {
        "report_stamp": stamp_of_ticket(ticket, viewer),
        "present": present,
        "attending": presence.signature(present),
    }


def _list(shown) -> dict:
    address = urlencode(shown.address | ({"after": shown.after} if shown.after else {}))
    live_url = f"{reverse('triage-live')}?{address}"
    return {
        "triage": shown,
        "query": urlencode(shown.address),
        "is_first_page": not shown.after,
        "live_url": live_url,
        "new_url": f"{live_url}&new=1",
        "page_url": f"{reverse('triage')}?{address}",
    }


def _number(sent) -> str:
    return sent.get("ticket", "")[:32].replace("\x00", "")


def _report(request, shown, number) -> dict:
    """Return what the pane of one report needs, or raise 404 where it is not the viewer's to see."""
    ticket = get_object_or_404(_reports(request.viewer).numbered(number))
    page = TicketPage(ticket, request.viewer)
    form = CommentForm(may_write_internally=page.may_write_internally, auto_id="id_comment_%s")
    offer_texts(form, request, ticket=ticket)
    # A step may have moved the report to where one does not work now; one goes on where one was going to.
    planned = (row for row in shown.rows if row.number == request.GET.get("next"))
    beside = next(planned, None) or shown.beside(ticket)
    return {
        "ticket": ticket,
        "page": page,
        "around": Surroundings(ticket),
        "comment_form": form,
        "here": _address(shown, ticket, next=beside.number if beside else ""),
        "onward": _address(shown, beside),
        "list_address": _address(shown, None),
        "report_stamp": stamp_of_ticket(ticket, request.viewer),
    }


def _reports(viewer):
    rows = Ticket.objects.visible_to(viewer).with_names().with_due_times().with_clocks()
    rows = rows.select_related("school__profile", "school__campus", "created_by", "device")
    return with_last_event(with_surroundings(rows, viewer), viewer)


def _address(shown, ticket, **more) -> str:
    asked = shown.address | ({"ticket": ticket.number} if ticket else {}) | more
    return f"{reverse('triage')}?{urlencode(asked)}"
