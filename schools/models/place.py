from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.sorting import german_sort_key

from .school import School


class OfSchoolQuerySet(models.QuerySet):
    """What belongs to a school is seen by those who see the school."""

    def visible_to(self, viewer) -> Self:
        return self.filter(school__in=School.objects.visible_to(viewer))


class Site(models.Model):
    """A place where a school teaches; most schools have one."""

    school = models.ForeignKey(School, models.CASCADE, related_name="sites", verbose_name=_("school"))
    name = models.CharField(_("name"), max_length=120)
    street = models.CharField(_("street"), max_length=120, blank=True)
    is_main = models.BooleanField(_("main site"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], name="site_names_differ_in_a_school"),
            models.UniqueConstraint(
                fields=["school"], condition=models.Q(is_main=True), name="one_main_site_a_school"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoomQuerySet(OfSchoolQuerySet):
    def in_use(self) -> Self:
        return self.filter(active=True)

    def alphabetical(self) -> Self:
        return self.order_by("sort_key", "pk")


class Room(models.Model):
    """A room as the people of the school call it: "A 204", "Lehrkräftezimmer"."""

    school = models.ForeignKey(School, models.CASCADE, related_name="rooms", verbose_name=_("school"))
    site = models.ForeignKey(
        Site, models.SET_NULL, null=True, blank=True, related_name="rooms", verbose_name=_("site")
    )
    name = models.CharField(_("name"), max_length=60)
    building = models.CharField(_("building or floor"), max_length=60, blank=True)
    active = models.BooleanField(_("in use"), default=True)
    sort_key = german_sort_key("name")

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"],
                name="room_names_differ_in_a_school",
                violation_error_message=_("This school already has a room of that name."),
            )
        ]
        indexes = [models.Index(fields=["school", "sort_key"], name="rooms_of_a_school")]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """Whom the helpdesk reaches at a school: office, caretaker, IT contact. A person need not have an account."""

    school = models.ForeignKey(School, models.CASCADE, related_name="contacts", verbose_name=_("school"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=120)
    function = models.CharField(_("function"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    reachable = models.CharField(_("when to reach"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=10)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")

    def __str__(self) -> str:
        return self.name


class TechnicalProfileQuerySet(models.QuerySet):
    def visible_to(self, viewer) -> Self:
        """Limit to the schools one comes to help, or lets the helpers in: where keys lie is for nobody else."""
        if viewer.teams or viewer.is_helpdesk or viewer.is_coordinator or viewer.is_administrator:
            return self.all()
        theirs = models.Q(school__in=viewer.contact_at | viewer.covered_schools)
        return self.filter(theirs | models.Q(school__campus__in=viewer.campuses))


class TechnicalProfile(models.Model):
    """What whoever works on a fault at this school needs to know before setting out."""

    class Broadband(models.TextChoices):
        FIBRE = "fibre", _("Fibre")
        RADIO = "radio", _("Radio link")
        FAST = "100", _("From 100 Mbit/s")
        SLOW = "25-50", _("25 to 50 Mbit/s")
        UNKNOWN = "", _("Not known")

    class Coverage(models.TextChoices):
        COMPLETE = "complete", _("Complete")
        PARTIAL = "partial", _("Partial")
        UNKNOWN = "", _("Not known")

    school = models.OneToOneField(
        School, models.CASCADE, primary_key=True, related_name="profile", verbose_name=_("school")
    )
    broadband = models.CharField(_("broadband"), max_length=8, choices=Broadband, blank=True)
    lan = models.CharField(_("LAN"), max_length=8, choices=Coverage, blank=True)
    wlan = models.CharField(_("WLAN"), max_length=8, choices=Coverage, blank=True)
    iserv_host = models.CharField(_("IServ address"), max_length=120, blank=True)
    access_notes = models.TextField(
        _("access"),
        max_length=1000,
        blank=True,
        help_text=_("Keys, opening times, where the distributors are."),
    )

    objects = TechnicalProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("technical profile")
        verbose_name_plural = _("technical profiles")

    def __str__(self) -> str:
        return str(self.school)
