"""One tap says that a fault is there for oneself too, one that it is not; each leads to what happens next."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schools.models import Room
from tickets.commands import join as commands
from tickets.fault_page import FaultPage
from tickets.models import Ticket

from .taking import once


def fault_answer(request, number) -> HttpResponse:
    """Return the page of a fault the viewer follows; Ticket.DoesNotExist where they do not."""
    page = FaultPage(request.viewer, number)
    return render(request, "tickets/fault.html", {"page": page, "just_joined": "joined" in request.GET})


@login_required
@require_POST
def join(request, number):
    """Count the viewer among those affected, in the room they name if they name one."""
    ticket = _found(request, number)

    def take():
        commands.join(ticket=ticket, room=_room(request, ticket), by=request.user, at=request.at)
        return redirect(f"{ticket.get_absolute_url()}?joined=1")

    answer = once(request, take)
    if Ticket.objects.visible_to(request.viewer).filter(pk=ticket.pk).exists():
        messages.success(request, _("You are counted among those affected and get a notice when something happens."))
    return answer


@login_required
@require_POST
def leave(request, number):
    """Note that the fault is not there for the viewer, or no longer, and lead back to where they were."""
    ticket = _found(request, number)

    def take():
        commands.leave(ticket=ticket, by=request.user, at=request.at)
        return redirect(_way_back(request, ticket))

    return once(request, take)


def _found(request, number) -> Ticket:
    rows = Ticket.objects.joinable_by(request.viewer).select_related("school").defer("title", "description", "place")
    return get_object_or_404(rows.numbered(number))


def _room(request, ticket) -> Room | None:
    """Return the room that was named, of this school; a wrong one counts as none."""
    named = request.POST.get("room") or request.GET.get("room", "")
    if not (named.isascii() and named.isdigit() and len(named) < 19):
        return None
    return Room.objects.visible_to(request.viewer).in_use().filter(school=ticket.school, pk=named).first()


def _way_back(request, ticket) -> str:
    left = {"left": ticket.number}
    if request.POST.get("from") == "report":
        return f"{reverse('report')}?{urlencode({'school': ticket.school.number, **left})}"
    if Ticket.objects.visible_to(request.viewer).filter(pk=ticket.pk).exists():
        return ticket.get_absolute_url()
    return f"{reverse('tickets')}?{urlencode(left)}"
