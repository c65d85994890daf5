"""The one question after the solution: an answer is one tap, words are optional. A link only leads to it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from tickets.commands.rate import rate
from tickets.forms import RatingForm
from tickets.models import Ticket
from tickets.permissions import require_rating
from tickets.ticket_page import TicketPage

from .ticket import found, scope, ticket_answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rating(request, number):
    """Keep an answer, with words or without; whoever only comes here, after signing in say, is led to the question."""
    if request.method != "POST":
        ticket = get_object_or_404(scope(request).only("number").numbered(number))
        return redirect(_question(ticket))
    ticket = found(request, number)
    form = RatingForm(request.POST)
    if not form.is_valid():
        require_rating(request.viewer, ticket)  # nobody mends an answer that is not theirs to give
        return _answer(request, ticket, form, status=422)
    rate(ticket=ticket, by=request.user, at=request.at, **form.answer)
    return _answer(request, found(request, number)) if request.htmx else redirect(_question(ticket))


def _question(ticket: Ticket) -> str:
    return f"{ticket.get_absolute_url()}#rating"


def _answer(request, ticket, form=None, *, status=200) -> HttpResponse:
    """Return the card alone where the page is there already."""
    if not request.htmx:
        return ticket_answer(request, ticket, rating_form=form, status=status)
    page = TicketPage(ticket, request.viewer)
    context = {
        "page": page,
        "ticket": ticket,
        "rating_form": form or RatingForm.of(page.rating),
        "just_rated": form is None,
    }
    return render(request, "tickets/_rating.html", context, status=status)
