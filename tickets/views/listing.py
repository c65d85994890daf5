"""All reports one may see: newest first, searched, narrowed."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schools.models import School
from tickets.lifecycle import Status
from tickets.models import Ticket
from tickets.paging import page_of


@login_required
@require_safe
def tickets(request):
    """List the reports in the viewer's scope; `q` searches, `school`, `status` and `open` narrow."""
    words = request.GET.get("q", "")[:200].replace("\x00", "")
    number, status = request.GET.get("school", ""), request.GET.get("status", "")
    rows = Ticket.objects.visible_to(request.viewer).with_names()
    if words.strip():
        rows = rows.searched(words)
    if status == "open":
        rows = rows.open()
    elif status in Status.values:
        rows = rows.filter(status=status)
    school = None
    if number:
        school = School.objects.visible_to(request.viewer).filter(number=number[:6]).first()
        rows = rows.filter(school=school) if school else rows.none()
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "page": page_of(rows, by="-pk", after=request.GET.get("after", "")),
        "words": words,
        "status": status,
        "school": school,
        "statuses": Status.choices,
        "query": query.urlencode(),
        "is_first_page": "after" not in request.GET,
        "one_school": len(request.viewer.member_schools) == 1 and not request.viewer.is_staff,
    }
    return render(request, "tickets/list.html", context)
