"""The figures of the city, for the city and the coordination."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.views.exports import table_answer
from reports.city.listing import listing_of_city, listing_of_part
from reports.city.pages import CityPage, PartPage, PartUnknown
from reports.city.parts import By
from reports.period_page import PeriodUnknown
from schools.permissions import require_city_figures


@login_required
@require_safe
def city(request):
    """Show how all schools were helped in a period, told apart in one way."""
    require_city_figures(request.viewer)
    by = request.GET.get("by", By.CAMPUS)
    if by not in By.values:
        raise Http404
    return render(request, "reports/city/city.html", {"page": _city(request, request.GET, By(by)), "area": "city"})


@login_required
@require_safe
def part(request, by, slug):
    """Show one campus, school form or district with its schools, or one kind with its months."""
    return render(request, "reports/city/part.html", {"page": _part(request, request.GET, by, slug), "area": "city"})


@login_required
@require_POST
def export(request):
    """Hand out the figures of the city as CSV; that it was done is recorded."""
    require_city_figures(request.viewer)
    return table_answer(request, listing_of_city(_city(request, request.POST)))


@login_required
@require_POST
def part_export(request, by, slug):
    """Hand out the figures of a part as CSV; that it was done is recorded."""
    return table_answer(request, listing_of_part(_part(request, request.POST, by, slug)))


def _city(request, asked, by=By.CAMPUS) -> CityPage:
    try:
        return CityPage(request.viewer, asked.get("period", ""), by)
    except PeriodUnknown:
        raise Http404 from None


def _part(request, asked, by, slug) -> PartPage:
    require_city_figures(request.viewer)
    if by not in By.values:
        raise Http404
    try:
        return PartPage(request.viewer, By(by), slug, asked.get("period", ""))
    except (PeriodUnknown, PartUnknown):
        raise Http404 from None
