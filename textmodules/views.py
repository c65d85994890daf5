"""The pages on which those who work on reports keep their own texts and look at the shared ones."""

from functools import partial
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.exports import table_answer
from idempotency.fingerprint import fingerprint_of
from idempotency.once import run_once
from schools.forms import OnceForm

from . import commands
from .forms import LONGEST_TITLE, TextModuleForm
from .models import TextModule
from .placeholders import PLACEHOLDERS, with_examples
from .tables import table_of_texts

LARGEST_KEY = 2**63 - 1


@login_required
@require_safe
def texts(request):
    """List one's own texts and the shared ones."""
    commands.require_staff(request.viewer)
    found = list(_visible(request).in_order())
    context = {
        "own": [text for text in found if not text.is_shared],
        "shared": [text for text in found if text.is_shared],
    }
    return render(request, "textmodules/texts.html", context)


@login_required
@require_POST
def export(request):
    """Hand out one's own texts and the shared ones as CSV."""
    commands.require_staff(request.viewer)
    return table_answer(request, table_of_texts(_visible(request).in_order()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Add a text of one's own, from nothing or from a copy."""
    commands.require_staff(request.viewer)
    form = TextModuleForm(request.POST or None, initial=_copied(request))

    def add(**facts):
        text = commands.add_own_text(**facts, by=request.user, at=request.at)
        messages.success(request, _("The text “%(title)s” is saved.") % {"title": text.title})

    return _answer(request, form, add, {})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def text(request, pk):
    """Change a text of one's own."""
    module = _own(request, pk)
    initial = {"title": module.title, "kinds": module.kinds, "body": module.body}
    form = TextModuleForm(request.POST or None, initial=initial)

    def change(**facts):
        commands.change_own_text(module=module, **facts, by=request.user, at=request.at)
        messages.success(request, _("The text “%(title)s” is saved.") % {"title": facts["title"]})

    return _answer(request, form, change, {"text": module})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request, pk):
    """Ask, because it cannot be undone, and remove a text of one's own."""
    commands.require_staff(request.viewer)

    def remove():
        # Looked up only here: pressed twice, the second answer is the first one and not "not found".
        module = _own(request, pk)
        commands.remove_own_text(module=module, by=request.user, at=request.at)
        messages.success(request, _("The text “%(title)s” is removed.") % {"title": module.title})
        return redirect("texts")

    if request.method == "POST":
        return _once(request, remove)
    return render(request, "textmodules/removal.html", {"text": _own(request, pk), "form": OnceForm()})


def _visible(request):
    return TextModule.objects.visible_to(request.viewer)


def _own(request, pk) -> TextModule:
    """Return one's own text; not in sight is 404, shared and not one's own to change is 403."""
    commands.require_staff(request.viewer)
    module = get_object_or_404(_visible(request), pk=min(pk, LARGEST_KEY))
    commands.require_owner(request.viewer, module)
    return module


def _copied(request) -> dict:
    """Return what the form begins with: a text in sight that was chosen to be copied, or nothing."""
    key = request.GET.get("from", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return {}
    module = get_object_or_404(_visible(request), pk=key)
    title = module.title
    if not module.is_shared:  # next to the original it needs another title
        title = _("Copy of %(title)s") % {"title": title}
    return {"title": title[:LONGEST_TITLE], "kinds": module.kinds, "body": module.body}


def _answer(request, form, command, context):
    """Show the form, show how the text would read, or let `command` run once with what was typed."""
    page = partial(render, request, "textmodules/text.html")
    context = {"form": form, "placeholders": PLACEHOLDERS, **context}

    def act():
        if form.is_valid():
            try:
                command(**form.facts)
                return redirect("texts")
            except ValidationError as refused:
                form.add_error(None, refused)
        return page(context, status=422)

    if request.method != "POST":
        return page(context)
    if "preview" in request.POST and form.is_valid():
        return page({**context, "preview": with_examples(form.cleaned_data["body"])})
    return _once(request, act)


def _once(request, act):
    key, fingerprint = request.POST.get("idempotency_key") or str(uuid4()), fingerprint_of(request)
    return run_once(owner=request.user, key=key, fingerprint=fingerprint, at=request.at, action=act)
