"""How one wants to hear of things."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from . import commands
from .forms import PreferenceForm
from .models import Preference


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request):
    """Show what the person has chosen, and keep what they choose now."""
    chosen = Preference.objects.filter(person=request.user).first() or Preference(person=request.user)
    form = PreferenceForm(request.POST if request.method == "POST" else None, instance=chosen)
    if request.method == "POST" and form.is_valid():
        commands.change_preference(person=request.user, at=request.at, **form.cleaned_data)
        messages.success(request, _("Your choice is saved. It also holds for what is still to be sent."))
        return redirect("notification-preferences")
    return render(request, "notifications/preferences.html", {"form": form}, status=422 if form.errors else 200)
