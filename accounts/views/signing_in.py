"""The door: signing in and out."""

import math

from django.contrib import messages
from django.contrib.auth import login, logout
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.commands import signing_in
from accounts.forms import SignInForm
from accounts.middleware import SEEN_AT, SIGNED_IN_AT
from accounts.throttle import TooManyFailures
from foundation.network import network_of
from foundation.redirects import local_target
from foundation.wording import clock


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request):
    if request.method == "POST":
        return _try_to_sign_in(request)
    if request.user.is_authenticated:
        return redirect(local_target(request, "home"))
    return _page(request, SignInForm())


def _try_to_sign_in(request):
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        person = signing_in.sign_in(**form.cleaned_data, network=network_of(request), at=request.at)
    except signing_in.WrongCredentials:
        form.add_error(None, _("E-mail address and password do not match. Check both and try again."))
        return _page(request, form, status=422)
    except TooManyFailures as refused:
        form.add_error(None, too_many(refused))
        return resting(_page(request, form, status=429), refused, at=request.at)
    login(request, person)  # gives the session a new id
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = request.at.timestamp()
    return redirect(local_target(request, "home"))


def resting(response, refused: TooManyFailures, *, at):
    """Tell programs too when to come back."""
    response.headers["Retry-After"] = math.ceil((refused.retry_at - at).total_seconds())
    return response


def _page(request, form, status=200):
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next") or ""}
    return render(request, "accounts/sign_in.html", context, status=status)


def too_many(refused: TooManyFailures) -> str:
    """Return the sentence for an account that has to rest, whether it exists or not."""
    return _("Too many attempts. Try again from %(time)s on, or request a new password.") % {
        "time": clock(refused.retry_at)
    }


@require_POST
def sign_out(request):
    if request.user.is_authenticated:
        signing_in.sign_out(person=request.user, at=request.at)
    logout(request)
    messages.info(request, _("You are signed out."))
    response = redirect("login")
    # Pages kept for working without a connection contain names: they leave with the person.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
