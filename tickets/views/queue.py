"""The queue of whoever works at the first level."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickets.queue import Queue


@login_required
@require_safe
def queue(request):
    """Show what is to do, what waits and what is elsewhere; 403 for who has no queue."""
    viewer = request.viewer
    if not (viewer.works_first_level or viewer.is_coordinator):
        raise PermissionDenied
    shown = Queue(
        viewer,
        tab=request.GET.get("tab", "todo"),
        school=request.GET.get("school", "")[:6].replace("\x00", ""),
        after=request.GET.get("after", ""),
    )
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "queue": shown,
        "query": query.urlencode(),
        "is_first_page": "after" not in request.GET,
    }
    return render(request, "tickets/queue.html", context)
