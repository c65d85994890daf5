"""Texts and facts the city writes itself, and what people hindered by a barrier tell it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.translated import Translated


class Page(models.Model):
    """A page everybody may read without signing in."""

    class Slug(models.TextChoices):
        IMPRINT = "imprint", _("Imprint")
        PRIVACY = "privacy", _("Privacy")
        LICENCES = "licences", _("Licences")
        ACCESSIBILITY = "accessibility", _("Accessibility")

    slug = models.SlugField(_("address"), unique=True)
    title_de = models.CharField(_("German title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=120)
    body_de = models.TextField(_("German text"))
    body_en = models.TextField(_("English text"), blank=True)
    updated_at = models.DateTimeField(_("as of"), default=timezone.now)

    title = Translated("title")
    body = Translated("body")

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self):
        return self.title


class SiteSettings(models.Model):
    """The one row of facts shown on every page."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    service_name = models.CharField(_("name of the service"), max_length=60, default="Campusruf")
    hotline_phone = models.CharField(
        _("phone number of the hotline"),
        max_length=40,
        blank=True,
        help_text=_("Empty: the hotline is not shown."),
    )
    hotline_hours_de = models.CharField(_("German hotline hours"), max_length=80, blank=True)
    hotline_hours_en = models.CharField(_("English hotline hours"), max_length=80, blank=True)
    support_email = models.EmailField(_("e-mail address for questions"), blank=True)

    hotline_hours = Translated("hotline_hours")

    class Meta:
        verbose_name = _("service and hotline")
        verbose_name_plural = _("service and hotline")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="only_one_row_of_site_settings"),
        ]

    def __str__(self):
        return self.service_name

    @classmethod
    def current(cls) -> "SiteSettings":
        """Return the row, or the defaults while nobody has saved it."""
        return cls.objects.filter(pk=cls.ONLY).first() or cls()

    @property
    def hotline(self) -> dict | None:
        """Return number, dialled number and hours of the hotline, or None where the city gave no number."""
        if not self.hotline_phone:
            return None
        return {"phone": self.hotline_phone, "tel": self.hotline_dial, "hours": self.hotline_hours}

    @property
    def hotline_dial(self) -> str:
        """Return the hotline number as a telephone dials it."""
        return "".join(c for c in self.hotline_phone if c.isdigit() or c == "+")


class BarrierReport(models.Model):
    """Somebody could not use a page. Contact is theirs to leave or not."""

    address = models.CharField(_("page"), max_length=300, blank=True)
    hindrance = models.TextField(_("what hinders"))
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    # A keyed hash of the network address, kept only to slow down floods.
    network_key = models.CharField(max_length=64, editable=False)
    reported_at = models.DateTimeField(_("reported"))

    class Meta:
        verbose_name = _("reported barrier")
        verbose_name_plural = _("reported barriers")
        indexes = [models.Index(fields=["network_key", "-reported_at"], name="barriers_from_a_network")]

    def __str__(self):
        return self.hindrance[:60]
