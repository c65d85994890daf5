"""Somebody calls the helpdesk: one page from the first word to the number that is read out."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from idempotency.fingerprint import fingerprint_of
from idempotency.once import run_once
from tickets.call_form import CallForm, Ending
from tickets.calls import Call
from tickets.commands.calls import solve_on_the_phone
from tickets.commands.join import join_caller
from tickets.commands.report import report_incident
from tickets.lifecycle import StepNotAllowed
from tickets.models import Ticket
from tickets.text_modules import asked_for_text, offer_texts

FIND, PICK, TOLD = "find", "pick", ("category", "place", "description")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calls(request):
    """Show the form of a call, look for a school or a name, or file what the call was about."""
    _require_helpdesk(request)
    if request.method != "POST":
        call = Call(request.viewer, **_named(request.GET))
        return _page(request, call, CallForm(call=call, initial=_initial(call)))
    if asked_for_text(request):
        call = _call_of(request)
        return _page(request, call, CallForm(request.POST, call=call, ending=Ending.SOLVED))
    if PICK in request.POST:
        call = Call(request.viewer, **_picked(request.POST[PICK]))
        return _page(request, call, CallForm(call=call, initial=_kept(request) | _initial(call)))
    call = _call_of(request)
    if request.POST.get("action") == FIND:
        found = call.found(request.POST.get("wanted", ""))
        return _page(request, call, CallForm(call=call, initial=_kept(request)), found=found)
    return _file(request, call)


@login_required
@require_safe
def found(request):
    """Offer who and what may be meant by the letters typed so far."""
    _require_helpdesk(request)
    call = Call(request.viewer, **_named(request.GET))
    typed = request.GET.get("wanted") or request.GET.get("caller_name", "")
    return render(request, "tickets/_call_found.html", {"call": call, "found": call.found(typed), "typed": typed})


@login_required
@require_POST
def beside(request):
    """Tell anew what is open at the school, with what sounds like the call on top. Changes nothing.

    The words come by POST because they have no business in an address, which servers write down.
    """
    _require_helpdesk(request)
    return render(request, "tickets/_call_beside.html", {"call": _call_of(request)})


@login_required
@require_POST
def counted(request):
    """Count the caller in at a report that is there already; nothing else is filed."""
    _require_helpdesk(request)
    call = _call_of(request)
    visible = Ticket.objects.visible_to(request.viewer)
    ticket = get_object_or_404(visible.numbered(request.POST.get("into", "")[:32].replace("\x00", "")))
    form = CallForm(request.POST, call=call, ending=Ending.COUNTED)
    if not form.is_valid():
        return _page(request, call, form, status=422)

    def count():
        who = form.who
        person = who.pop("reporter", None)
        room = call.room(form.cleaned_data["place"]) if ticket.school_id == call.school.pk else None
        join_caller(ticket=ticket, person=person, room=room, by=request.user, at=request.at, **who)
        return _done(ticket, call, Ending.COUNTED)

    return _once(request, call, form, count, mark=ticket.pk)


@login_required
@require_safe
def done(request, number):
    """Show the number to read out, and what to tell the caller."""
    _require_helpdesk(request)
    rows = Ticket.objects.visible_to(request.viewer).with_names().with_due_times().with_affected()
    ticket = get_object_or_404(rows.numbered(number))
    context = {
        "ticket": ticket,
        "mediator": request.viewer.manager_of(ticket.school),
        "is_counted": "counted" in request.GET,
        "again": request.GET.get("person", ""),
    }
    return render(request, "tickets/call_done.html", context)


def _file(request, call):
    solved = request.POST.get("action") == Ending.SOLVED
    form = CallForm(request.POST, call=call, ending=Ending.SOLVED if solved else Ending.REPORTED)
    if not form.is_valid():
        return _page(request, call, form, status=422)

    def file():
        if solved:
            answer = {name: form.cleaned_data[name] for name in ("solution", "cause")}
            ticket = solve_on_the_phone(**answer, **form.report, by=request.user, at=request.at)
        else:
            ticket = report_incident(**form.report, by=request.user, at=request.at)
        return _done(ticket, call)

    return _once(request, call, form, file)


def _once(request, call, form, action, *, mark=""):
    """Do it once for one form, however often it is sent; what cannot be done comes back with all that was typed."""
    key = f"{request.POST.get('idempotency_key') or uuid.uuid4()}{mark and f'-{mark}'}"
    try:
        return run_once(owner=request.user, key=key, fingerprint=fingerprint_of(request), at=request.at, action=action)
    except ValidationError as error:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
        form.add_error(None, error if known else ValidationError(error.messages))
        return _page(request, call, form, status=422)
    except StepNotAllowed as error:
        form.add_error(None, str(error))
        return _page(request, call, form, status=409)


def _done(ticket, call, ending=Ending.REPORTED):
    address = redirect("call-done", ticket.number)
    asked = [f"person={call.person.public_id}"] if call.person else []
    asked += ["counted"] if ending == Ending.COUNTED else []
    if asked:
        address["Location"] += f"?{'&'.join(asked)}"
    return address


def _require_helpdesk(request):
    if not request.viewer.is_helpdesk:
        raise PermissionDenied


def _named(parameters) -> dict:
    return {name: parameters.get(name, "") for name in ("school", "person", "contact")}


def _picked(choice: str) -> dict:
    """Return what a button of the results stands for: "100001", "100001/person/…", "100001/contact/…"."""
    school, _slash, rest = choice.partition("/")
    kind, _slash, key = rest.partition("/")
    return {"school": school, **({kind: key} if kind in ("person", "contact") else {})}


def _call_of(request) -> Call:
    told = {name: request.POST.get(name, "") for name in TOLD}
    return Call(request.viewer, **_named(request.POST), told=told)


def _kept(request) -> dict:
    """Return what was typed, for a form that is shown once more before it is sent."""
    return {name: request.POST[name][:10_000] for name in CallForm.base_fields if name in request.POST}


def _initial(call) -> dict:
    if call.contact is None:
        return {}
    return {"caller_name": call.contact.name, "caller_phone": call.contact.phone}


def _page(request, call, form, *, found=None, status=200):
    offer_texts(form, request, school=call.school)
    context = {
        "call": call,
        "form": form,
        "found": found,
        "title": _("Call"),
        "idempotency_key": request.POST.get("idempotency_key") or uuid.uuid4(),
        "is_solved": form.is_bound and form.ending == Ending.SOLVED,
    }
    return render(request, "tickets/call.html", context, status=status)
