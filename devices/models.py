from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.models import Room, School


class DeviceQuerySet(models.QuerySet):
    def visible_to(self, viewer) -> Self:
        """Limit to the devices of the schools the viewer sees."""
        return self.filter(school__in=School.objects.visible_to(viewer))


class Device(models.Model):
    """A device of the city at a school. `code` is what its label says, `serial` what its maker says."""

    class Kind(models.TextChoices):
        TABLET = "tablet", _("Tablet")
        LAPTOP = "laptop", _("Laptop")
        DESKTOP = "desktop", _("Desktop computer")
        DISPLAY = "display", _("Presentation device")
        PRINTER = "printer", _("Printer")
        NETWORK = "network", _("Network device")
        OTHER = "other", _("Other device")

    code = models.CharField(_("inventory number"), max_length=32, unique=True)
    serial = models.CharField(_("serial number"), max_length=64, null=True, blank=True, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    model = models.CharField(_("model"), max_length=80, blank=True)
    school = models.ForeignKey(School, models.PROTECT, related_name="devices", verbose_name=_("school"))
    room = models.ForeignKey(
        Room, models.SET_NULL, null=True, blank=True, related_name="devices", verbose_name=_("room")
    )

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self) -> str:
        return f"{self.model or self.get_kind_display()} {self.code}"
