"""Handing a report over to the Systemhaus: the packet grows, is kept on the way, and is sent when it is complete."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tickets import stale
from tickets.commands.attach import attach_photos
from tickets.commands.base import StaleTicket
from tickets.commands.escalate import escalate as hand_over
from tickets.commands.escalate import keep_packet_draft
from tickets.lifecycle import Step, StepNotAllowed
from tickets.live import stamp_of_ticket
from tickets.models import Escalation, PacketDraft
from tickets.packet_form import PacketForm
from tickets.packet_page import PacketPage
from tickets.packets import ITEM
from tickets.permissions import may_write_internally, require, steps_for
from tickets.photos import PHOTOS_A_REPORT
from tickets.text_modules import asked_for_text, offer_texts
from tickets.uploads import clean_uploads

from .kept import out_of_sight
from .taking import once, version_seen
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
        return out_of_sight(request)
    form = PacketForm(_entries(request, ticket), page=PacketPage(ticket, request.viewer), at=request.at)
    if asked_for_text(request):
        require(request.viewer, Step.ESCALATE, ticket)
        return _page(request, ticket, form)
    photos, problems = clean_uploads(request.FILES.getlist("photos"), room_for=PHOTOS_A_REPORT)
    for problem in problems:
        form.add_error(None, problem)
    kept = _kept_by_others(request, ticket)
    if kept and Step.ESCALATE in steps_for(request.viewer, ticket):
        return _kept_meanwhile(request, ticket, form, photos, kept)
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
    return _page(request, found(request, number), form, changed=notice, status=412)


def _kept_by_others(request, ticket) -> PacketDraft | None:
    """Return what a colleague has kept since this form was opened; None where it has been seen."""
    draft = PacketPage(ticket, request.viewer).draft
    if draft is None or draft.by_id == request.user.pk or request.POST.get("draft_seen") == _mark(draft):
        return None
    return draft


def _kept_meanwhile(request, ticket, form, photos, kept):
    """Show what a colleague has kept beside one's own entries; sending again takes one's own."""
    form._errors = ErrorDict(renderer=form.renderer)  # nobody is asked to mend before both are compared
    try:
        _attach(request, ticket, photos)
    except ValidationError as error:
        form.add_error(None, error)
    theirs = PacketForm(page=PacketPage(ticket, request.viewer), at=request.at)
    mine = dict(stale.written(form))
    context = {
        "kept": kept,
        "theirs": [(label, words) for label, words in stale.written(theirs) if mine.get(label) != words],
        "changed": _("Somebody kept this packet meanwhile. Your entries are still here. Compare them and send again."),
    }
    return _page(request, ticket, form, status=412, **context)


def _too_late(request, number, form, error):
    context = {"refused": str(error), "written": stale.written(form)}
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


def _mark(draft) -> str:
    return draft.saved_at.isoformat() if draft else ""


def _page(request, ticket, form, *, changed="", refused="", status=200, **more):
    offer_texts(form, request, ticket=ticket)
    page = PacketPage(ticket, request.viewer)
    seen = version_seen(request)
    context = {
        "ticket": ticket,
        "form": form,
        "draft": page.draft,
        "draft_seen": _mark(page.draft),
        "photos": page.photos,
        "changed": changed,
        "refused": refused,
        "meanwhile": stale.since_version(ticket, request.viewer, seen) if changed or refused else [],
        # What has not been shown yet has not been seen: a form to mend keeps the version it was opened with.
        "version": ticket.version if changed else seen or ticket.version,
        "works": may_write_internally(request.viewer, ticket),
        "stamp": stamp_of_ticket(ticket, request.viewer),
        "photo_limit": PHOTOS_A_REPORT,
        **more,
    }
    return render(request, "tickets/escalate.html", context, status=status)
