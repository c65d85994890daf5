"""All reports one may see: newest first, searched, narrowed, and as a table to take along."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.views.exports import table_answer
from foundation.paging import page_of
from tickets.known_faults import followed_by
from tickets.lifecycle import Status
from tickets.numbers import is_number
from tickets.search import Search
from tickets.tables import table_of_search


@login_required
@require_safe
def tickets(request):
    """List the reports in the viewer's scope; `q` searches, `school` and `status` narrow."""
    search, after = Search.asked(request.viewer, request.GET), request.GET.get("after", "")
    query = request.GET.copy()
    query.pop("after", None)
    viewer, left = request.viewer, request.GET.get("left", "")
    is_whole = not (search.words or search.number or "after" in request.GET)
    follows = is_whole and (viewer.member_schools or not viewer.is_staff)
    context = {
        "page": page_of(search.tickets.as_rows().with_affected(), order=search.ORDER, after=after),
        "search": search,
        "followed": followed_by(viewer) if follows else [],
        "left": left if is_number(left) else "",
        "statuses": Status.choices,
        "query": query.urlencode(),
        "is_first_page": "after" not in request.GET,
        "one_school": len(viewer.member_schools) == 1 and not viewer.is_staff,
    }
    return render(request, "tickets/list.html", context)


@login_required
@require_POST
def export(request):
    """Hand out all reports of a search as CSV; that it was done is recorded."""
    return table_answer(request, table_of_search(Search.asked(request.viewer, request.POST)))
