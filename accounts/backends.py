"""E-mail address and password."""

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password

from accounts.models import User

DEMO_PASSWORD = "demo"


class EmailBackend(BaseBackend):
    """Knows people by their address. Who may not sign in is unknown, also in a session that is still open."""

    def authenticate(self, request, email: str = "", password: str = ""):
        """Return the person, or None; both take the time of one password hash."""
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None or not person.is_active or (password == DEMO_PASSWORD and not settings.DEMO):
            make_password(password)
            return None
        return person if person.check_password(password) else None

    def get_user(self, user_id):
        return User.objects.active().filter(pk=user_id).first()
