"""What concerns one: notices, newest first. What may no longer be seen is told by its number alone."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.views.exports import table_answer
from notifications import outbox
from notifications.models import OutboxMessage
from tickets.inbox import Inbox, subject_of
from tickets.tables import table_of_inbox


@login_required
@require_safe
def notices(request):
    """List the viewer's notices, all of them or those not read yet."""
    unread_only = request.GET.get("show") == "unread"
    inbox = Inbox(request.viewer, unread_only=unread_only, after=request.GET.get("after", ""))
    context = {
        "inbox": inbox,
        "page": inbox.page,
        "unread_only": unread_only,
        "query": "show=unread" if unread_only else "",
        "asked": {"show": "unread"} if unread_only else {},
        "is_first_page": "after" not in request.GET,
        "is_demo": settings.DEMO,
    }
    return render(request, "tickets/notices.html", context)


@login_required
@require_POST
def export(request):
    """Hand out all of one's own notices, or those not read yet, as CSV."""
    inbox = Inbox(request.viewer, unread_only=request.POST.get("show") == "unread")
    return table_answer(request, table_of_inbox(inbox))


@login_required
@require_POST
def opening(request, notice):
    """Mark as read what the viewer was told about a report, and lead there, or back where it is theirs no more."""
    own = OutboxMessage.objects.visible_to(request.viewer).notices()
    opened = get_object_or_404(own, pk=notice)
    outbox.mark_read(own.filter(about=opened.about), at=request.at)
    return redirect(subject_of(request.viewer, opened.about).link or "notices")


@login_required
@require_POST
def read(request):
    """Mark all notices of the viewer as read."""
    outbox.mark_read(OutboxMessage.objects.visible_to(request.viewer), at=request.at)
    return redirect("notices")
