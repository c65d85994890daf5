"""A new password: asked for by mail, chosen through a link, or changed in the account."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.commands import passwords, signing_in
from accounts.forms import ChangePasswordForm, NewPasswordForm, ResetForm
from accounts.throttle import TooManyFailures
from accounts.views.signing_in import resting, too_many
from foundation.network import network_of

LINK = "password_link"


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request):
    """Take an address and say the same whether anybody has it."""
    form = ResetForm(request.POST or None)
    if request.method != "POST":
        return render(request, "accounts/reset.html", {"form": form})
    if not form.is_valid():
        return render(request, "accounts/reset.html", {"form": form}, status=422)
    passwords.request_reset(email=form.cleaned_data["email"], at=request.at)
    return redirect("password-reset-sent")


@require_safe
def reset_sent(request):
    return render(request, "accounts/reset_sent.html")


@never_cache
@require_safe
def link(request, public_id, token):
    """Move the secret out of the address, where it would be kept by histories and told to other pages."""
    try:
        passwords.person_for_link(public_id=public_id, token=token, at=request.at)
    except passwords.UsedLink:
        return _used(request)
    request.session[LINK] = [str(public_id), token]
    return redirect("password-set")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request):
    """Let the person of the link choose a password. It signs nobody in."""
    if LINK not in request.session:
        return _used(request)
    public_id, token = request.session[LINK]
    secret = {"public_id": UUID(public_id), "token": token, "at": request.at}
    try:
        person = passwords.person_for_link(**secret)
        form = NewPasswordForm(person, request.POST or None)
        if request.method == "POST" and form.is_valid():
            passwords.use_link(**secret, password=form.cleaned_data["new_password"])
            request.session.flush()
            messages.success(request, _("Your new password is set. Sign in with it."))
            return redirect("login")
    except passwords.UsedLink:
        del request.session[LINK]
        return _used(request)
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/choose.html", {"form": form, "person": person}, status=status)


def _used(request):
    return render(request, "accounts/used_link.html", status=410)


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request):
    """Change one's own password. The session one sits at stays, all others end."""
    form = ChangePasswordForm(request.user, request.POST or None)
    if request.method != "POST":
        return _change_page(request, form)
    if not form.is_valid():
        return _change_page(request, form, status=422)
    old, new = form.cleaned_data["old_password"], form.cleaned_data["new_password"]
    who = {"person": request.user, "at": request.at}
    try:
        signing_in.confirm_password(**who, password=old, network=network_of(request))
    except signing_in.WrongCredentials:
        form.add_error("old_password", _("This is not your current password."))
        return _change_page(request, form, status=422)
    except TooManyFailures as refused:
        form.add_error("old_password", too_many(refused))
        return resting(_change_page(request, form, status=429), refused, at=request.at)
    person = passwords.change_password(**who, password=new, by=request.user)
    update_session_auth_hash(request, person)
    messages.success(request, _("Your new password is set. Other devices have to sign in again."))
    return redirect("account")


def _change_page(request, form, status=200):
    return render(request, "accounts/change_password.html", {"form": form}, status=status)
