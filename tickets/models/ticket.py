from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campuses.models import Campus
from devices.models import Device
from schools.models import Room, School
from teams.models import Team
from tickets.lifecycle import OPEN, Impact, Level, Priority, Status, Urgency

from .category import Category
from .ticket_queries import COUNTED, IS_OPEN, SHOWN, TicketQuerySet


class Ticket(models.Model):
    """A report and everything that became of it. Only the commands of this app change a ticket."""

    class Kind(models.TextChoices):
        INCIDENT = "incident", _("Incident")
        SERVICE_REQUEST = "service_request", _("Service request")
        ADVICE = "advice", _("Advice")
        SECURITY = "security_incident", _("Security incident")
        DEVICE = "device_incident", _("Device incident")

    class Cause(models.TextChoices):
        """The usual causes, offered to tap; another one may be written in words."""

        SETTING = "setting", _("Setting corrected")
        CABLE = "cable", _("Cable or power")
        RESTART = "restart", _("Restarted")
        REPLACED = "replaced", _("Device replaced")
        EXPLAINED = "explained", _("Explained on site")

    series = models.CharField(max_length=12, editable=False)
    serial = models.BigIntegerField(
        unique=True, editable=False, db_default=Func(Value("ticket_number"), function="nextval")
    )
    number = models.GeneratedField(
        expression=Concat(
            Cast("series", models.TextField()),
            Value("-"),
            Cast("serial", models.TextField()),
            output_field=models.TextField(),
        ),
        output_field=models.CharField(_("number"), max_length=32),
        db_persist=True,
        unique=True,
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.INCIDENT)

    school = models.ForeignKey(School, models.PROTECT, related_name="tickets", verbose_name=_("school"))
    campus = models.ForeignKey(
        Campus,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("campus when reported"),
    )
    room = models.ForeignKey(
        Room, models.SET_NULL, null=True, blank=True, related_name="tickets", verbose_name=_("room")
    )
    place = models.CharField(_("place"), max_length=80, blank=True)
    device = models.ForeignKey(
        Device, models.SET_NULL, null=True, blank=True, related_name="tickets", verbose_name=_("device")
    )
    category = models.ForeignKey(Category, models.PROTECT, related_name="tickets", verbose_name=_("category"))
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), blank=True)

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reported_tickets",
        verbose_name=_("reporter"),
        help_text=_("Empty: somebody called who has no account."),
    )
    caller_name = models.CharField(_("caller"), max_length=120, blank=True)
    caller_phone = models.CharField(_("caller's telephone"), max_length=40, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    confidential = models.BooleanField(_("confidential"), default=False)

    impact = models.CharField(_("impact"), max_length=8, choices=Impact)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority)
    status = models.CharField(_("state"), max_length=20, choices=Status, default=Status.NEW)
    level = models.CharField(_("level"), max_length=6, choices=Level, default=Level.FIRST)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_tickets",
        verbose_name=_("taken by"),
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("team")
    )
    first_escalated_at = models.DateTimeField(_("first handed over at"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )

    question = models.TextField(_("open question"), blank=True)
    mediator_question = models.TextField(_("open question to the campus management"), blank=True)
    waiting_party = models.CharField(_("waiting for"), max_length=120, blank=True)
    waiting_until = models.DateField(_("until"), null=True, blank=True)
    waiting_reference = models.CharField(_("reference"), max_length=80, blank=True)

    solution = models.TextField(_("solution"), blank=True)
    cause = models.CharField(_("cause"), max_length=120, blank=True)

    created_at = models.DateTimeField(_("reported at"))
    changed_at = models.DateTimeField(_("state since"))
    due_at = models.DateTimeField(
        _("due at"), null=True, blank=True, help_text=_("The next due time; kept by the clocks.")
    )
    team_due_at = models.DateTimeField(
        _("due at for the team"), null=True, blank=True, help_text=_("With the response of the second level.")
    )
    resolved_at = models.DateTimeField(_("solved at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_from = models.CharField(_("closed while"), max_length=20, choices=Status, blank=True)

    words = models.GeneratedField(
        expression=SearchVector("title", "description", "solution", config="german"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [
            models.Index(fields=["reporter", "-id"], name="reports_of_a_person"),
            models.Index(fields=["school", "-id"], name="reports_of_a_school"),
            models.Index(fields=["status", "-id"], name="reports_in_a_state"),
            models.Index(fields=["category", "-id"], name="reports_of_a_category"),
            models.Index(fields=["priority", "-id"], name="reports_of_a_priority"),
            models.Index(
                fields=["room", "created_at"],
                include=["id", "confidential", "reporter"],
                name="recent_reports_of_a_room",
            ),
            models.Index(fields=["school", "created_at"], condition=COUNTED, name="figures_of_a_school"),
            models.Index(fields=["school", "due_at", "id"], condition=IS_OPEN, name="queue_of_a_school_by_due"),
            models.Index(fields=["due_at", "id"], name="reports_by_due_time"),
            models.Index(fields=["assignee"], condition=IS_OPEN, name="open_reports_of_an_assignee"),
            models.Index(fields=["room", "-id"], name="earlier_reports_of_a_room"),
            models.Index(
                fields=["-id"], condition=Q(first_escalated_at__isnull=False), name="reports_ever_handed_over"
            ),
            models.Index(
                fields=["team", "team_due_at", "id"],
                condition=IS_OPEN & Q(level=Level.SECOND),
                name="triage_of_a_team_by_due",
            ),
            models.Index(
                fields=["school", "category", "-id"], condition=IS_OPEN & SHOWN, name="known_faults_of_a_school"
            ),
            models.Index(
                fields=["school", "-resolved_at"],
                condition=Q(status=Status.RESOLVED, level=Level.SECOND),
                name="solved_at_the_second_level",
            ),
            models.Index(
                fields=["team"],
                condition=IS_OPEN & Q(first_escalated_at__isnull=False),
                name="open_reports_ever_handed_over",
            ),
            GinIndex(fields=["words"], name="words_of_a_report"),
        ]
        constraints = [
            models.CheckConstraint(
                name="somebody_reported_it", condition=Q(reporter__isnull=False) | ~Q(caller_name="")
            ),
            models.CheckConstraint(
                name="merged_reports_know_where_they_went",
                condition=Q(status=Status.MERGED, merged_into__isnull=False)
                | (~Q(status=Status.MERGED) & Q(merged_into=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("ticket", args=[self.number])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_solved(self) -> bool:
        """Whether a solution is recorded that nobody has contested; closed without one is not."""
        return self.status in (Status.RESOLVED, Status.CLOSED) and self.resolved_at is not None

    @property
    def where(self) -> str:
        """The room, or the place in the reporter's words."""
        return self.room.name if self.room_id else self.place

    @property
    def reporter_name(self) -> str:
        """Who reported it, with an account or by telephone."""
        return self.reporter.name if self.reporter_id else self.caller_name

    @property
    def reporter_phone(self) -> str:
        return self.reporter.phone if self.reporter_id else self.caller_phone

    @property
    def fault_title(self) -> str:
        """What everybody of the school may read: category and room, never typed words."""
        return f"{self.category.name}: {self.room.name}" if self.room_id else self.category.name

    @property
    def cause_name(self) -> str:
        """The cause for people to read, whether it was tapped or written."""
        return dict(self.Cause.choices).get(self.cause, self.cause)

    @property
    def closed_while_waiting(self) -> bool:
        """Whether the ticket was closed because no answer came; then a late answer opens it again."""
        return self.status == Status.CLOSED and self.closed_from == Status.WAITING_REPORTER
