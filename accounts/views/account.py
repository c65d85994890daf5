"""One's own account: profile, roles and keys."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts import commands
from accounts.forms import ApiKeyForm, ProfileForm
from accounts.models import ApiToken
from accounts.roles import city_role_lines
from accounts.views.preferences import remember
from foundation.berlin import berlin_day, end_of_day


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request, roles_of=city_role_lines):
    """Show the account and save the profile.

    `roles_of(person, at=…)` lists what the person holds as lines of `accounts.roles.RoleLine`; the roof gives one
    that knows schools, campuses and teams.
    """
    person = request.user
    if request.method == "POST":
        form = ProfileForm(request.POST)
        if form.is_valid():
            commands.change_profile(person=person, **form.cleaned_data)
            with translation.override(person.language):
                messages.success(request, _("Your details are saved."))
            return remember(redirect("account"), language=person.language, theme=person.theme)
    else:
        form = ProfileForm(initial={"phone": person.phone, "language": person.language, "theme": person.theme})
    keys = ApiToken.objects.visible_to(person, at=request.at).valid(at=request.at).order_by("-created_at")
    context = {"form": form, "roles": roles_of(person, at=request.at), "keys": keys}
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)


@sensitive_variables("secret")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_key(request):
    """Make a key. The answer to the form is the only page that ever shows it."""
    form = ApiKeyForm(request.POST or None)
    if request.method != "POST":
        return render(request, "accounts/new_key.html", {"form": form})
    if form.is_valid():
        last_day = berlin_day(request.at) + timedelta(days=form.cleaned_data["days"])
        try:
            key, secret = commands.create_token(
                person=request.user,
                name=form.cleaned_data["name"],
                by=request.user,
                at=request.at,
                expires_at=end_of_day(last_day),
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return render(request, "accounts/key_made.html", {"key": key, "secret": secret})
    return render(request, "accounts/new_key.html", {"form": form}, status=422)


@login_required
@require_POST
def revoke_key(request, key):
    token = get_object_or_404(ApiToken.objects.visible_to(request.user, at=request.at), pk=key)
    commands.revoke_token(token=token, by=request.user, at=request.at)
    messages.success(request, _("The key “%(name)s” no longer opens anything.") % {"name": token.name})
    return redirect("account")
