"""What our pages are measured against. It stays as it is, or the figures of two days cannot be compared."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from tickets.models import Ticket


@login_required
def empty(request):
    """Answer a constant: what the server, the middleware, the session and the person cost."""
    return HttpResponse("empty")


@login_required
def bare(request):
    """Show the 25 newest reports as anybody would write it: one statement, ten values each, no frame around them."""
    tickets = Ticket.objects.select_related("school", "room", "category", "reporter").order_by("-pk")[:25]
    return render(request, "benchmark/bare.html", {"tickets": tickets})


@login_required
def size(request):
    """Say how many reports there are."""
    return HttpResponse(str(Ticket.objects.count()))
