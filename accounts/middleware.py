"""What every request knows about the person: how long the session lasts, which language and which theme."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.utils import translation

from accounts.models.people import Language, Theme

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(hours=12)
# How exactly the last visit is known. Writing it at every request would be one more statement a page.
PRECISION = timedelta(minutes=5)
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"


class SessionAge:
    """End sessions that nobody has used for eight hours, and every session after twelve.

    A page that asks by itself whether something is new says so in a header; that is not somebody using it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if SESSION_KEY in request.session:
            self._check(request, request.at.timestamp())
        return self.get_response(request)

    def _check(self, request, now: float):
        session = request.session
        begun, seen = session.get(SIGNED_IN_AT), session.get(SEEN_AT)
        if begun is None or seen is None:
            session[SIGNED_IN_AT] = session[SEEN_AT] = now
        elif now - begun > ABSOLUTE.total_seconds() or now - seen > IDLE.total_seconds():
            logout(request)
        elif now - seen > PRECISION.total_seconds() and not is_polling(request):
            session[SEEN_AT] = now


def is_polling(request) -> bool:
    """Return whether the page asks by itself."""
    return "HX-Polling" in request.headers or "X-Polling" in request.headers


class PreferredLanguage:
    """Speak the language of the profile, or of the cookie, or German; the browser's wishes are not asked.

    School tablets are often set to a language nobody chose. Sets `request.theme` the same way.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        person = request.user
        if person.is_authenticated:
            language, request.theme = person.language, person.theme
        else:
            language = _known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME), Language)
            request.theme = _known(request.COOKIES.get(settings.THEME_COOKIE_NAME), Theme)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _known(value, choices):
    """Return the value if it is one of the choices, else the first of them, which is the default."""
    return value if value in choices.values else choices.values[0]
