"""How the due times of one report were worked out: a page, and each clock by itself to open in place."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from accounts.views.exports import table_answer
from tickets.clock_page import ClockPage
from tickets.tables import table_of_clocks

from .ticket import scope


@login_required
@require_safe
def clocks(request, number):
    """Show the ledger of each clock the viewer may know; with `clock` and htmx that of one kind alone."""
    page = _found(request, number)
    ticket = page.ticket
    if "clock" not in request.GET or not request.htmx:
        return render(request, "tickets/clocks.html", {"page": page, "ticket": ticket})
    card = page.card(request.GET["clock"])
    if card is None:
        raise Http404
    return render(request, "tickets/_clock.html", {"card": card, "ticket": ticket, "in_place": True})


@login_required
@require_POST
def export(request, number):
    """Hand out the lines of these ledgers as CSV."""
    return table_answer(request, table_of_clocks(_found(request, number)))


def _found(request, number) -> ClockPage:
    rows = scope(request).select_related("school", "category", "room").defer("description", "solution", "words")
    return ClockPage(get_object_or_404(rows.numbered(number)), request.viewer)
