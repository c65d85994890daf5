"""Language and colours, chosen at the foot of every page, signed in or not."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts import commands
from accounts.models.people import Language, Theme
from foundation.redirects import local_target


@require_POST
def language(request):
    return _choose(request, "language", Language)


@require_POST
def theme(request):
    return _choose(request, "theme", Theme)


def _choose(request, field, choices):
    value = request.POST.get(field)
    if value not in choices.values:
        raise BadRequest(f"unknown {field}")
    if request.user.is_authenticated:
        commands.change_profile(person=request.user, **{field: value})
    return remember(redirect(local_target(request, "home")), **{field: value})


def remember(response, **chosen: str):
    """Keep the choice in the browser too, so that the sign-in page already speaks and looks that way."""
    names = {"language": settings.LANGUAGE_COOKIE_NAME, "theme": settings.THEME_COOKIE_NAME}
    for field, value in chosen.items():
        response.set_cookie(
            names[field],
            value,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
