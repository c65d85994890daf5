"""The queue of whoever works at the first level."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.views.exports import table_answer
from tickets.live import Seen
from tickets.queue import Queue
from tickets.tables import table_of_queue

from .polls import PARTS, polled, unchanged


@login_required
@require_safe
def queue(request):
    """Show what is to do, what waits and what is elsewhere; 403 for who has no queue."""
    return render(request, "tickets/queue.html", _context(request, _asked(request, request.GET)))


@login_required
@require_POST
def export(request):
    """Hand out all reports of a view of the queue as CSV."""
    return table_answer(request, table_of_queue(_asked(request, request.POST)))


@polled(
    gone=gettext_lazy("This list does not exist any more."),
    closed=gettext_lazy("You have no queue any more. Your duties have changed."),
)
@require_safe
def live(request):
    """Say what changed in the queue since the page was made; `new` shows the new rows as well."""
    seen = Seen.asked(request.GET)
    if "new" in request.GET:
        return render(
            request, "tickets/queue.html", _context(request, _asked(request, request.GET, known=seen), frame=PARTS)
        )
    shown = _asked(request, request.GET, seen=seen)
    if seen.stamp == shown.stamp:
        return unchanged()
    return render(request, "tickets/queue.html", _context(request, shown, frame=PARTS))


def _asked(request, parameters, **seen) -> Queue:
    viewer = request.viewer
    if not (viewer.works_first_level or viewer.is_coordinator):
        raise PermissionDenied
    return Queue(
        viewer,
        tab=parameters.get("tab", "todo"),
        school=parameters.get("school", "")[:6].replace("\x00", ""),
        after=parameters.get("after", ""),
        **seen,
    )


def _context(request, shown, **more):
    query = request.GET.copy()
    for name in ("after", "stamp", "rows", "more", "new"):
        query.pop(name, None)
    return {"queue": shown, "query": query.urlencode(), "is_first_page": not shown.after, **more}
