"""Every step of a ticket as a form: shown by GET, taken by POST with an idempotency key and the version seen."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from schools.people import workers_for
from tickets import stale
from tickets.commands import escalate, finish, work
from tickets.commands.attach import attach_photos
from tickets.commands.base import StaleTicket
from tickets.forms import (
    AddressedQuestionForm,
    AssignForm,
    ClassifyForm,
    CloseForm,
    CommentForm,
    InternalTextForm,
    NoWords,
    QuestionForm,
    ReasonForm,
    ResolveForm,
    TextForm,
    TransferForm,
    WaitForm,
)
from tickets.lifecycle import Step, StepNotAllowed
from tickets.live import stamp_of_ticket
from tickets.permissions import StepForbidden, may_write_internally, require, steps_for
from tickets.photos import PHOTOS_A_REPORT
from tickets.templatetags.tickets import LOOKS
from tickets.text_modules import asked_for_text, offer_texts
from tickets.uploads import clean_uploads

from .kept import out_of_sight, too_late
from .taking import once, version_seen
from .ticket import found, scope, ticket_answer
from .way_back import way_back


@dataclass(frozen=True)
class StepPage:
    """A step as a page: its command, its form, what it says afterwards and beforehand."""

    command: Callable
    form: type[forms.Form]
    done: str
    hint: str = ""


PAGES = {
    Step.ACCEPT: StepPage(work.accept, NoWords, gettext_lazy("You take care of it now.")),
    Step.RELEASE: StepPage(work.release, NoWords, gettext_lazy("It is in the queue again.")),
    Step.ASSIGN: StepPage(work.assign, AssignForm, gettext_lazy("It is assigned.")),
    Step.CLASSIFY: StepPage(work.classify, ClassifyForm, gettext_lazy("It is changed.")),
    Step.ASK: StepPage(
        work.ask,
        QuestionForm,
        gettext_lazy("Your question was sent."),
        gettext_lazy("The time pauses until the answer comes."),
    ),
    Step.ANSWER: StepPage(work.answer, TextForm, gettext_lazy("Your answer was sent.")),
    Step.WAIT: StepPage(work.wait, WaitForm, gettext_lazy("It is noted.")),
    Step.RESUME: StepPage(work.resume, NoWords, gettext_lazy("It is in progress again.")),
    Step.ACCEPT_ESCALATION: StepPage(escalate.accept_escalation, NoWords, gettext_lazy("You take care of it now.")),
    Step.TRANSFER: StepPage(
        escalate.transfer,
        TransferForm,
        gettext_lazy("The other team has it now."),
        gettext_lazy("The diagnosis goes along. The school does not read the reason."),
    ),
    Step.RETURN: StepPage(
        escalate.return_to_first_level,
        InternalTextForm,
        gettext_lazy("It is with the campus management again."),
        gettext_lazy("The campus management reads it, the reporter does not."),
    ),
    Step.RESOLVE: StepPage(
        finish.resolve,
        ResolveForm,
        gettext_lazy("The solution is recorded."),
        gettext_lazy("The reporter may open it again for 7 days."),
    ),
    Step.CONFIRM: StepPage(finish.confirm, NoWords, gettext_lazy("Thank you. The report is closed.")),
    Step.REOPEN: StepPage(finish.reopen, ReasonForm, gettext_lazy("The report is open again.")),
    Step.CLOSE: StepPage(finish.close, CloseForm, gettext_lazy("The report is closed.")),
    Step.WITHDRAW: StepPage(finish.withdraw, ReasonForm, gettext_lazy("The report is withdrawn.")),
    Step.RESTRICT: StepPage(work.restrict, NoWords, gettext_lazy("It is changed.")),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request, number, name):
    """Show the form of a step, or take the step and return to the report."""
    if name not in Step.values or Step(name) not in PAGES:
        raise Http404
    chosen = Step(name)
    if request.method == "POST":
        return _take(request, number, chosen)
    ticket = found(request, number)
    require(request.viewer, chosen, ticket)
    return _form_page(request, ticket, chosen, _bound(request, ticket, chosen, data=None))


def _take(request, number, chosen):
    try:
        ticket = found(request, number)
    except Http404:
        return out_of_sight(request)
    form = _bound(request, ticket, chosen, data=request.POST)
    if asked_for_text(request):
        require(request.viewer, chosen, ticket)
        return _form_page(request, ticket, chosen, form)

    def take():
        _command(chosen, form)(
            ticket=ticket,
            by=request.user,
            at=request.at,
            version=version_seen(request),
            **_arguments(ticket, chosen, form),
        )
        return redirect(_way_back(request, ticket))

    try:
        if not form.is_valid():
            require(request.viewer, chosen, ticket)  # nobody mends a form for a step they cannot take
            return _form_page(request, ticket, chosen, form, status=422)
        answer = once(request, take)
    except ValidationError as error:
        form.add_error(None, error)
        return _form_page(request, ticket, chosen, form, status=422)
    except StaleTicket:
        return _changed_meanwhile(request, number, chosen, form)
    except StepNotAllowed as error:
        fresh = found(request, number)
        return _form_page(request, fresh, chosen, form, refused=str(error), status=409)
    messages.success(request, PAGES[chosen].done)
    return HttpResponseClientRedirect(answer["Location"]) if request.htmx else answer


@login_required
@require_POST
def comment(request, number):
    """Add a message with photos, or photos alone; it applies whatever version was seen."""
    try:
        ticket = found(request, number)
    except Http404:
        return out_of_sight(request)
    writes_internally = may_write_internally(request.viewer, ticket)
    if "internal" in request.POST and not writes_internally:
        raise StepForbidden(Step.COMMENT)  # what was meant for colleagues must not come out as a message
    form = CommentForm(request.POST, may_write_internally=writes_internally)
    if asked_for_text(request):
        return ticket_answer(request, ticket, comment_form=form)
    photos, problems = clean_uploads(request.FILES.getlist("photos"), room_for=PHOTOS_A_REPORT)
    if photos and not request.POST.get("text", "").strip():
        form.fields["text"].required = False
    valid = form.is_valid() and not problems
    for problem in problems:
        form.add_error(None, problem)
    if not valid:
        return ticket_answer(request, ticket, comment_form=form, status=422)

    def write():
        if form.cleaned_data["text"]:
            work.comment(
                ticket=ticket,
                text=form.cleaned_data["text"],
                internal=form.cleaned_data.get("internal", False),
                by=request.user,
                at=request.at,
            )
        if photos:
            attach_photos(ticket=ticket, photos=photos, by=request.user, at=request.at)
        back = way_back(request)
        return redirect(back.address if back else f"{ticket.get_absolute_url()}#history")

    try:
        answer = once(request, write)
    except ValidationError as error:
        form.add_error(None, error)
        return ticket_answer(request, ticket, comment_form=form, status=422)
    except StepNotAllowed as error:
        return too_late(request, ticket, error, stale.since_version(ticket, request.viewer, version_seen(request)))
    if ticket.version > (version_seen(request) or ticket.version):
        messages.info(request, _("While you were writing, the report was changed. You find it in the history."))
    return answer


def _way_back(request, ticket) -> str:
    """Return to the list for a step that was taken there, else to the report as long as one sees it."""
    back = way_back(request)
    if back:
        return back.address
    return ticket.get_absolute_url() if scope(request).filter(pk=ticket.pk).exists() else "home"


def _bound(request, ticket, chosen, *, data):
    form = PAGES[chosen].form
    if form is AssignForm:
        return form(data, workers=workers_for(ticket.school, request.viewer))
    if form is ClassifyForm:
        initial = {"category": ticket.category.slug, "impact": ticket.impact, "urgency": ticket.urgency}
        return form(data, initial=initial)
    if form is TransferForm:
        return form(data, team=ticket.team_id)
    if chosen == Step.ASK and Step.ASK_MEDIATOR in steps_for(request.viewer, ticket):
        return AddressedQuestionForm(data)
    return form(data)


def _command(chosen, form) -> Callable:
    """Return the command of the step; a question to the campus management is one of its own."""
    if chosen == Step.ASK and form.cleaned_data.get("to") == AddressedQuestionForm.MEDIATOR:
        return escalate.ask_mediator
    return PAGES[chosen].command


def _arguments(ticket, chosen, form) -> dict:
    if chosen == Step.RESTRICT:
        return {"confidential": not ticket.confidential}
    return {name: value for name, value in form.cleaned_data.items() if name != "to"}


def _changed_meanwhile(request, number, chosen, form):
    """Show what was typed beside what happened meanwhile; neither is lost, and sending again applies it."""
    fresh = found(request, number)
    notice = _("Somebody changed this report meanwhile. Your entries are still here. Look at it and send again.")
    if chosen not in steps_for(request.viewer, fresh):
        return _form_page(request, fresh, chosen, form, refused=str(StepNotAllowed(chosen, fresh.status)), status=409)
    rows = []
    if chosen == Step.CLASSIFY:
        rows = stale.differences(form, fresh, request.viewer, version_seen(request), form.fields)
        form = _bound(request, fresh, chosen, data=stale.joined(request.POST, rows))
    return _form_page(request, fresh, chosen, form, changed=notice, differences=rows, status=412)


def _form_page(request, ticket, chosen, form, *, refused="", changed="", differences=(), status=200):
    offer_texts(form, request, ticket=ticket)
    context = {
        "ticket": ticket,
        "step": chosen,
        "title": LOOKS[chosen].label,
        # Where one chooses whom to ask, each choice says what it does to the time.
        "hint": "" if "to" in form.fields else PAGES[chosen].hint,
        "way_back": way_back(request),
        "form": form,
        "refused": refused,
        "changed": changed,
        "meanwhile": stale.since_version(ticket, request.viewer, version_seen(request)) if refused or changed else [],
        "differences": differences,
        "written": stale.written(form) if refused else [],
        # What has not been shown yet has not been seen: a form to mend keeps the version it was opened with.
        "version": ticket.version if changed else version_seen(request) or ticket.version,
        "works": may_write_internally(request.viewer, ticket),
        "stamp": stamp_of_ticket(ticket, request.viewer),
    }
    template = "tickets/_step_beside.html" if request.htmx else "tickets/step.html"
    return render(request, template, context, status=status)
