"""Handing a report over to the Systemhaus: the packet grows, is kept on the way, and is sent when it is complete."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tickets.commands.attach import attach_photos
from tickets.commands.base import StaleTicket
from tickets.commands.escalate import escalate as hand_over
from tickets.commands.escalate import keep_packet_draft
from tickets.lifecycle import Step, StepNotAllowed
from tickets.models import Escalation
from tickets.packet_form import PacketForm
from tickets.packet_page import PacketPage
from tickets.packets import ITEM
from tickets.permissions import require, steps_for
from tickets.photos import PHOTOS_A_REPORT
from tickets.text_modules import asked_for_text, offer_texts
from tickets.uploads import clean_uploads

from .taking import not_here, once, version_seen
from .ticket import found, scope

ALL_YES = "all_yes"  # presses that do not hand over: answer the rest with yes, and keep it for later
KEEP = "keep"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def escalate(request, number):
    """Show the packet with what is known, keep it, or hand the report over with it."""
    if request.method == "POST":
        return _take(request, number)
    ticket = found(request, number)
    require(request.viewer, Step.ESCALATE, ticket)
    return _page(request, ticket, PacketForm(page=PacketPage(ticket, request.viewer), at=request.at))


def _take(request, number):
    try:
        ticket = found(request, number)
    except Http404:
        # Pressed twice, and the first time has put the report out of sight: the answer is the first one.
        return once(request, not_here)
    form = PacketForm(_entries(request, ticket), page=PacketPage(ticket, request.viewer), at=request.at)
    if asked_for_text(request):
        require(request.viewer, Step.ESCALATE, ticket)
        return _page(request, ticket, form)
    photos, problems = clean_uploads(request.FILES.getlist("photos"), room_for=PHOTOS_A_REPORT)
    for problem in problems:
        form.add_error(None, problem)
    if KEEP in request.POST or ALL_YES in request.POST:
        return _keep(request, ticket, form, photos, problems)

    def send():
        if photos:
            attach_photos(ticket=ticket, photos=photos, by=request.user, at=request.at)
        hand_over(ticket=ticket, packet=form.packet, by=request.user, at=request.at, version=version_seen(request))
        return redirect(ticket.get_absolute_url() if scope(request).filter(pk=ticket.pk).exists() else "home")

    try:
        if not form.is_valid():
            return _to_be_mended(request, ticket, form, photos)
        answer = once(request, send)
    except ValidationError as error:
        _add(form, error)
        return _to_be_mended(request, ticket, form, ())
    except StaleTicket:
        return _changed_meanwhile(request, number)
    except StepNotAllowed as error:
        return _too_late(request, number, form, error)
    messages.success(request, _("The report is with the Systemhaus. You remain the contact of the school."))
    return answer


def _keep(request, ticket, form, photos, problems):
    """Keep what is there for whoever goes on with it, complete or not, and return to the form."""
    require(request.viewer, Step.ESCALATE, ticket)
    try:
        _attach(request, ticket, photos)
    except ValidationError as error:
        form.add_error(None, error)
        problems = [error]
    _keep_draft(request, ticket, form)
    if problems:
        return _page(request, found(request, ticket.number), form, status=422)
    if KEEP in request.POST:
        messages.success(request, _("It is kept. Whoever works on this report can go on with it."))
    return redirect(f"{request.path}{'#checklist' if ALL_YES in request.POST else ''}")


def _to_be_mended(request, ticket, form, photos):
    """Name each gap; what was typed is kept for everybody, and photos have gone to the report already."""
    require(request.viewer, Step.ESCALATE, ticket)  # nobody mends a form for a step they cannot take
    try:
        _attach(request, ticket, photos)
    except ValidationError as error:
        form.add_error(None, error)
    _keep_draft(request, ticket, form)
    return _page(request, found(request, ticket.number), form, status=422)


def _changed_meanwhile(request, number):
    """Show the entries with the report as it is now: sending again hands it over."""
    fresh = found(request, number)
    form = PacketForm(request.POST, page=PacketPage(fresh, request.viewer), at=request.at)
    if Step.ESCALATE not in steps_for(request.viewer, fresh):
        return _too_late(request, number, form, StepNotAllowed(Step.ESCALATE, fresh.status))
    _keep_draft(request, fresh, form)
    notice = _("Somebody changed this report meanwhile. Your entries are still here. Look at it and send again.")
    return _page(request, fresh, form, changed=notice, status=412)


def _too_late(request, number, form, error):
    context = {"refused": str(error), "written": form.words}
    return _page(request, found(request, number), form, status=409, **context)


def _entries(request, ticket):
    """Return what was sent; with the press for it, every open question is answered with yes."""
    if ALL_YES not in request.POST:
        return request.POST
    entries = request.POST.copy()
    for item in PacketPage(ticket, request.viewer).items:
        if entries.get(ITEM + item.key) not in Escalation.Answer.values:
            entries[ITEM + item.key] = Escalation.Answer.YES.value
    return entries


def _attach(request, ticket, photos) -> None:
    """Add photos to the report although the packet stays here, once, however often the form is sent."""

    def attach():
        attach_photos(ticket=ticket, photos=photos, by=request.user, at=request.at)
        return HttpResponse(status=204)

    if photos:
        once(request, attach, part="-photos")


def _keep_draft(request, ticket, form) -> None:
    keep_packet_draft(ticket=ticket, words=form.words, by=request.user, at=request.at)


def _add(form, error) -> None:
    """Put each sentence to its field; what the form does not ask for stands above."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, sentences in error.error_dict.items():
        form.add_error(name if name in form.fields else None, sentences)


def _page(request, ticket, form, *, changed="", refused="", written=None, status=200):
    offer_texts(form, request, ticket=ticket)
    page = PacketPage(ticket, request.viewer)
    context = {
        "ticket": ticket,
        "form": form,
        "draft": page.draft,
        "photos": page.photos,
        "changed": changed,
        "refused": refused,
        "written": written,
        "photo_limit": PHOTOS_A_REPORT,
    }
    return render(request, "tickets/escalate.html", context, status=status)
