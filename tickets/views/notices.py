"""What concerns one: notices, newest first. What may no longer be seen is told by its number alone."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from foundation.paging import page_of
from notifications import outbox
from notifications.models import OutboxMessage
from tickets.known_faults import TYPED
from tickets.models import Ticket


@login_required
@require_safe
def notices(request):
    """List the viewer's notices with the reports they are about, as far as these are visible or followed now."""
    own = OutboxMessage.objects.visible_to(request.viewer).notices()
    page = page_of(own, order=["-id"], after=request.GET.get("after", ""))
    numbers = {notice.about for notice in page.rows}
    visible = Ticket.objects.visible_to(request.viewer).filter(number__in=numbers).select_related("school", "room")
    tickets = {ticket.number: ticket for ticket in visible}
    followed = _followed(request.viewer, numbers - tickets.keys())
    rows = [(notice, tickets.get(notice.about), followed.get(notice.about)) for notice in page.rows]
    return render(request, "tickets/notices.html", {"page": page, "rows": rows})


@login_required
@require_POST
def read(request):
    """Mark all notices of the viewer as read."""
    outbox.mark_read(OutboxMessage.objects.visible_to(request.viewer), at=request.at)
    return redirect("notices")


def _followed(viewer, numbers) -> dict[str, Ticket]:
    """Return the faults among these that the viewer follows without seeing them in full, by number."""
    if not numbers:
        return {}
    rows = Ticket.objects.followed_by(viewer).filter(number__in=numbers).select_related("school", "room", "category")
    return {ticket.number: ticket for ticket in rows.defer(*TYPED)}
