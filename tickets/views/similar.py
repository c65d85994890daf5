"""What is open already, told while somebody fills in a report. Asked by POST: what is typed stands in no address."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tickets.report_page import reportable_schools
from tickets.similar import Asked, Similar

from .polls import unchanged


@never_cache
@require_POST
def similar(request):
    """Show similar open reports as a fragment; 204 where they are those shown already, or nobody may be told.

    Nobody waits for this answer, so it never leads to the sign-in and never complains.
    """
    if not request.user.is_authenticated:
        return unchanged()
    number = request.POST.get("school", "")[:6].replace("\x00", "")
    school = reportable_schools(request.viewer).filter(number=number).first()
    if school is None:
        return unchanged()
    asked = Asked.filled_in(request.POST)
    found = Similar(request.viewer, school, asked)
    if found.stamp == request.POST.get("shown", ""):
        return unchanged()
    return render(request, "tickets/_similar.html", {"similar": found, "asked": asked})
