"""How the due times of one report were worked out: a page, and each clock by itself to open in place."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tickets.clock_page import ClockPage

from .ticket import scope


@login_required
@require_safe
def clocks(request, number):
    """Show the ledger of each clock the viewer may know; with `clock` and htmx that of one kind alone."""
    rows = scope(request).select_related("school", "category", "room").defer("description", "solution", "words")
    ticket = get_object_or_404(rows.numbered(number))
    page = ClockPage(ticket, request.viewer)
    if "clock" not in request.GET or not request.htmx:
        return render(request, "tickets/clocks.html", {"page": page, "ticket": ticket})
    card = page.card(request.GET["clock"])
    if card is None:
        raise Http404
    return render(request, "tickets/_clock.html", {"card": card, "ticket": ticket, "in_place": True})
