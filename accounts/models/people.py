"""A person who signs in with an e-mail address."""

import uuid
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models.roles import CityRole, Role
from foundation.berlin import berlin_day
from foundation.periods import holds_on
from foundation.sorting import german_sort_key


class Language(models.TextChoices):
    # In its own language, so that everybody finds it: these two are never translated.
    GERMAN = "de", "Deutsch"
    ENGLISH = "en", "English"


class Theme(models.TextChoices):
    SYSTEM = "system", _("like the device")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


class UserQuerySet(models.QuerySet):
    """Questions about people."""

    def active(self):
        """Limit to those who may sign in."""
        return self.filter(is_active=True)

    def visible_to(self, person: "User", *, at: datetime):
        """Limit to whom `person` may name without further duties: oneself; everybody for an administrator.

        The floors above add the people of the schools and campuses they know.
        """
        if not person.is_authenticated:
            return self.none()
        administers = CityRole.objects.on(berlin_day(at)).filter(person=person, role=Role.ADMINISTRATOR)
        return self.active().filter(models.Q(pk=person.pk) | models.Exists(administers))

    def with_city_role(self, *roles: "Role", at: datetime):
        """Limit to those who hold one of the roles on the day of `at`."""
        held = CityRole.objects.filter(holds_on(berlin_day(at)), role__in=roles)
        return self.filter(pk__in=held.values("person"))

    def matching(self, words: str):
        """Limit to those whose name or e-mail address has every one of the words."""
        rows = self
        for word in words.split()[:6]:
            name = models.Q(first_name__icontains=word) | models.Q(last_name__icontains=word)
            rows = rows.filter(name | models.Q(email__icontains=word))
        return rows

    def in_order(self):
        """Sort by last and first name in German order."""
        return self.order_by("sort_key", "pk")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Creates people with their address in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Add a person; without a password nobody can sign in until a link has set one."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser):
    """A person. What a person may do is never here: it is in rows with a scope and a period."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("Somebody with this e-mail address is already here.")},
    )
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.GERMAN)
    theme = models.CharField(_("appearance"), max_length=6, choices=Theme.choices, default=Theme.SYSTEM)
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(_("here since"), default=timezone.now, editable=False)
    # Counts up when all sessions of the person have to end although the password stays.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    sort_key = german_sort_key("last_name", "first_name")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            # With the unique column: one person an address, however the address was typed.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]
        indexes = [models.Index(fields=["sort_key", "id"], name="user_in_german_order")]

    def __str__(self):
        return self.name

    def clean(self):
        self.email = self.email.strip().lower()

    @property
    def name(self) -> str:
        """Return first and last name, as one would say them."""
        return f"{self.first_name} {self.last_name}".strip()

    def has_perm(self, perm: str, obj=None) -> bool:
        """Answer Django's own question for permissions: what a person may do is not kept here."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False

    def get_session_auth_hash(self) -> str:
        """Return what a session must know to stay valid: it changes with the password and with the epoch."""
        return self._with_epoch(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self):
        for fallback in super().get_session_auth_fallback_hash():
            yield self._with_epoch(fallback)

    def _with_epoch(self, password_hash: str) -> str:
        value = f"{password_hash}:{self.session_epoch}"
        return salted_hmac("accounts.session", value, algorithm="sha256").hexdigest()
