"""All reports one may see: newest first, searched, narrowed, and as a table to take along."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.paging import page_of
from tickets.commands.export import MOST_ROWS, TooManyRows, export_tickets
from tickets.known_faults import followed_by
from tickets.lifecycle import Status
from tickets.numbers import is_number
from tickets.search import Search


@login_required
@require_safe
def tickets(request):
    """List the reports in the viewer's scope; `q` searches, `school` and `status` narrow."""
    search = Search.asked(request.viewer, request.GET)
    query = request.GET.copy()
    query.pop("after", None)
    viewer, left = request.viewer, request.GET.get("left", "")
    is_whole = not (search.words or search.number or "after" in request.GET)
    follows = is_whole and (viewer.member_schools or not viewer.is_staff)
    context = {
        "page": page_of(search.tickets.as_rows().with_affected(), order=["-id"], after=request.GET.get("after", "")),
        "search": search,
        "followed": followed_by(viewer) if follows else [],
        "left": left if is_number(left) else "",
        "statuses": Status.choices,
        "query": query.urlencode(),
        "is_first_page": "after" not in request.GET,
        "one_school": len(viewer.member_schools) == 1 and not viewer.is_staff,
        "may_export": viewer.is_staff or bool(viewer.contact_at | viewer.heads),
    }
    return render(request, "tickets/list.html", context)


@login_required
@require_POST
def export(request):
    """Hand out the reports of a search as CSV; that it was done is recorded."""
    search = Search.asked(request.viewer, request.POST)
    try:
        table = export_tickets(search=search, by=request.user, at=request.at)
    except TooManyRows:
        limit = number_format(MOST_ROWS, force_grouping=True)
        messages.warning(request, _("These are more than %(limit)s reports. Narrow the search.") % {"limit": limit})
        return redirect(reverse("tickets"))
    answer = HttpResponse(table, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="meldungen-{request.viewer.day:%Y-%m-%d}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
