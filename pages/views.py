"""Pages everybody may read, and the report of a barrier, which needs no sign-in."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.network import network_of
from pages import commands
from pages.forms import BarrierForm
from pages.markdown import as_html
from pages.models import Page, SiteSettings

SECURITY_TXT_HOLDS = timedelta(days=90)


@require_safe
def page(request, slug):
    shown = get_object_or_404(Page, slug=slug)
    return render(request, "pages/page.html", {"page": shown, "body": as_html(shown.body)})


@require_safe
def security_txt(request):
    """Say where a weakness is reported (RFC 9116); 404 as long as the city names no address."""
    contact = SiteSettings.current().support_email
    if not contact:
        raise Http404
    lines = (
        f"Contact: mailto:{contact}",
        f"Expires: {(request.at + SECURITY_TXT_HOLDS).isoformat(timespec='seconds')}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.BASE_URL}{request.path}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
def barrier(request):
    """Take the report of a barrier; the page one comes from is filled in."""
    if request.method != "POST":
        form = BarrierForm(initial={"address": _page_before(request)})
        return render(request, "pages/barrier.html", {"form": form})
    form = BarrierForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            commands.report_barrier(**form.cleaned_data, network=network_of(request), at=request.at)
        except commands.TooManyReports:
            status = 429
            form.add_error(None, _("Many reports have just come from your network. Try again in an hour."))
        else:
            return redirect("barrier-reported")
    return render(request, "pages/barrier.html", {"form": form}, status=status)


@require_safe
def barrier_reported(request):
    return render(request, "pages/barrier_reported.html")


def _page_before(request) -> str:
    """Return the address of our page that led here, or nothing."""
    before = request.headers.get("Referer", "")
    here = request.build_absolute_uri("/")
    return before[:300] if before.startswith(here) else ""
