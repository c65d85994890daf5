"""Bearer keys for the API."""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import ApiToken


class BearerAuthentication(BaseAuthentication):
    """Let in who shows a valid key; looked up at every request, so a withdrawn one is refused at once."""

    def authenticate(self, request):
        scheme, _space, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        token = ApiToken.objects.opened_by(secret.strip().decode("latin-1"), at=request.at)
        if token is None:
            raise AuthenticationFailed
        return token.person, token

    def authenticate_header(self, request):
        return "Bearer"
