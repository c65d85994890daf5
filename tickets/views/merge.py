"""Two reports about the same thing become one: choose the other one, look at both, confirm."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tickets.commands.base import StaleTicket
from tickets.commands.merge import merge as merge_tickets
from tickets.lifecycle import Step, StepNotAllowed
from tickets.merge_page import MergePage
from tickets.permissions import require
from tickets.search import LONGEST_QUERY

from .kept import out_of_sight
from .taking import once, version_seen
from .ticket import found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, number):
    """Offer the reports this one may be merged into, show both, or merge them. There is no way back."""
    if request.method == "POST":
        return _take(request, number)
    ticket = found(request, number)
    require(request.viewer, Step.MERGE, ticket)
    words = request.GET.get("q", "")[:LONGEST_QUERY].replace("\x00", "").strip()
    into = request.GET.get("into", "")[:32].replace("\x00", "")
    page = MergePage(ticket, request.viewer, words=words, into=into)
    if into and page.chosen is None:
        raise Http404
    return _shown(request, page)


def _take(request, number):
    try:
        ticket = found(request, number)
    except Http404:
        return out_of_sight(request)
    into = request.POST.get("into", "")[:32].replace("\x00", "").strip()
    page = MergePage(ticket, request.viewer, into=into)

    def act():
        require(request.viewer, Step.MERGE, ticket)
        if page.chosen is None:
            return _shown(request, page, problem=_what_is_missing(into), status=422)
        seen = version_seen(request)
        merge_tickets(ticket=ticket, into=page.chosen, by=request.user, at=request.at, version=seen)
        told = _("Report %(source)s goes on here. Everybody who waits for it is told.") % {"source": ticket.number}
        messages.success(request, told)
        return redirect(page.chosen.get_absolute_url())

    try:
        return once(request, act)
    except ValidationError as error:
        return _shown(request, page, problem=" ".join(error.messages), status=422)
    except StaleTicket:
        problem = _("Somebody changed this report meanwhile. Look at both and decide again.")
        return _shown(request, MergePage(found(request, number), request.viewer, into=into), problem, status=412)
    except StepNotAllowed as error:
        return _shown(request, MergePage(found(request, number), request.viewer), problem=str(error), status=409)


def _what_is_missing(into: str) -> str:
    if not into:
        return _("The other report is missing. Choose the one in which this one goes on.")
    return _("There is no open report with this number at this school. Choose another one.")


def _shown(request, page, problem="", status=200):
    context = {"page": page, "ticket": page.ticket, "problem": problem, "into": page.chosen}
    return render(request, "tickets/merge.html", context, status=status)
