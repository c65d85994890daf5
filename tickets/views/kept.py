"""What was written for a report that can no longer take it: shown to be read and copied, instead of being lost."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .taking import once

WORDS = {
    "text": gettext_lazy("Message"),
    "solution": gettext_lazy("Solution"),
    "reason": gettext_lazy("Reason"),
    "tried": gettext_lazy("What was tried"),
}


def out_of_sight(request):
    """Answer 404 with what was written; whether the report exists is not said. Raise Http404 where nothing was.

    Whoever pressed twice, and has put the report out of sight the first time, gets the first answer.
    """
    try:
        return once(request, _not_here)
    except Http404:
        written = _written(request)
        if not written:
            raise
    refused = _("You can no longer see this report.")
    return render(request, "tickets/kept.html", {"refused": refused, "written": written}, status=404)


def _not_here():
    raise Http404


def too_late(request, ticket, error, meanwhile):
    """Answer 409 with what was written, beside what happened to the report meanwhile."""
    context = {"refused": str(error), "written": _written(request), "ticket": ticket, "meanwhile": meanwhile}
    return render(request, "tickets/kept.html", context, status=409)


def _written(request) -> list[tuple[str, str]]:
    words = ((label, request.POST.get(name, "").strip()[:10_000]) for name, label in WORDS.items())
    return [(label, text) for label, text in words if text]
