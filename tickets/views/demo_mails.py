"""What would have been sent: a page of the demo, where mails go into a folder and to nobody."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickets.demo_mails import DemoMails


@login_required
@require_safe
def demo_mails(request):
    """Show the viewer's own mails; 404 outside the demo."""
    if not settings.DEMO:
        raise Http404
    shown = DemoMails(request.viewer, after=request.GET.get("after", ""))
    context = {"shown": shown, "page": shown.page, "query": "", "is_first_page": "after" not in request.GET}
    return render(request, "tickets/demo_mails.html", context)
