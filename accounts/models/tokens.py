"""Personal keys for programs that speak to the API."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ApiTokenQuerySet(models.QuerySet):
    """Questions about keys."""

    def visible_to(self, person, *, at: datetime):
        """Limit to one's own keys."""
        return self.filter(person=person) if person.is_authenticated else self.none()

    def valid(self, *, at: datetime):
        """Limit to the keys that open the API now."""
        unspent = Q(expires_at=None) | Q(expires_at__gt=at)
        return self.filter(unspent, revoked_at=None, person__is_active=True)

    def opened_by(self, secret: str, *, at: datetime) -> "ApiToken | None":
        """Return the valid key with this secret and its person, or None."""
        return self.valid(at=at).select_related("person").filter(digest=ApiToken.digest_of(secret)).first()


class ApiToken(models.Model):
    """A key of one person. The secret itself is shown once and kept nowhere."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=_("person")
    )
    name = models.CharField(_("what it is for"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=16)
    # The secret has 256 random bits: a plain hash cannot be guessed back, and can be looked up by index.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self):
        return f"{self.name} ({self.prefix}…)"

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
