"""Tickets as a list and one by one, their history, and new ones."""

from functools import partial

from django.db.models import Q
from django.urls import reverse

from foundation.api.bodies import Filters
from foundation.api.fields import Choice, Line
from foundation.api.schema import IDEMPOTENCY_KEY, READING, WRITING, operation, page_schema
from foundation.api.views import absolute
from idempotency.api import answer_once
from schools.api import SchoolByNumber
from tickets.commands.report import report_incident
from tickets.lifecycle import Level, Priority, Status
from tickets.models import Ticket, TicketEvent
from tickets.models.ticket_queries import IS_OPEN
from tickets.permissions import may_write_internally

from .bodies import CategoryBySlug, NewTicket
from .scope import NUMBER, TICKET_OR_FAULT, TicketsView, told
from .serializers import EventSerializer, FaultSerializer, TicketSerializer

ORDERINGS = [("-created_at", "newest first"), ("due_at", "by next due time, those without one last")]
YES_OR_NO = [("true", "only such"), ("false", "only others")]
COLUMNS = ("status", "level", "category", "priority")
ORDERS = {"-created_at": ("-id",), "due_at": ("due_at", "id")}


class TicketFilters(Filters):
    status = Choice(Status.choices, required=False)
    level = Choice(Level.choices, required=False)
    school = SchoolByNumber(required=False, help_text="The number of a school you see.")
    category = CategoryBySlug(required=False, help_text="The slug of a category.")
    priority = Choice(Priority.choices, required=False)
    overdue = Choice(YES_OR_NO, required=False, help_text="Whether the next due time has passed.")
    q = Line(max_length=200, required=False, allow_blank=True, help_text="Words, a number, a school or a room.")
    ordering = Choice(ORDERINGS, required=False, default="-created_at")


class Tickets(TicketsView):
    @operation(
        "list_tickets",
        "List tickets",
        "The tickets you see in full, 25 a page.",
        tag="Tickets",
        answers={200: page_schema(TicketSerializer)},
        parameters=[TicketFilters],
        problems_of=(400, 401),
    )
    def get(self, request):
        wishes = TicketFilters.read(request, viewer=self.viewer)
        seen = told(Ticket.objects.listed_for(self.viewer, wishes.get("school")))
        rows = seen.filter(**{column: wishes[column] for column in COLUMNS if column in wishes})
        if "overdue" in wishes:
            overdue = IS_OPEN & Q(due_at__lt=self.viewer.at)
            rows = rows.filter(overdue if wishes["overdue"] == "true" else ~overdue)
        if wishes.get("q"):
            rows = rows.searched(wishes["q"])
        return self.listed(
            rows,
            TicketSerializer,
            order=ORDERS[wishes["ordering"]],
            after=wishes["cursor"],
            context={"viewer": self.viewer},
            keys_first=True,
        )

    @operation(
        "create_ticket",
        "Report an incident",
        "Creates a ticket and starts its clocks. Needs `school` and `category`.",
        tag="Tickets",
        body=NewTicket,
        answers={201: TicketSerializer},
        parameters=[IDEMPOTENCY_KEY],
        problems_of=tuple(status for status in WRITING if status != 404),
    )
    def post(self, request):
        return answer_once(request, partial(self._report, request))

    def _report(self, request):
        facts = NewTicket.read(request, viewer=self.viewer)
        ticket = report_incident(**facts, by=request.user, at=request.at)
        # All of it is at hand; reading it again would be one more statement.
        ticket.campus, ticket.affected = facts["school"].campus, 0
        for deadline in ticket.first_deadlines:
            setattr(ticket, f"{deadline.kind}_due_at", deadline.due_at)
        answer = self.answer(ticket)
        answer.status_code = 201
        answer.headers["Location"] = absolute(reverse("api-ticket", args=[ticket.number]))
        return answer


class TicketDetail(TicketsView):
    @operation(
        "get_ticket",
        "Read a ticket",
        "One ticket you see in full, or a fault you have joined, as far as you see that. `ETag` is the version of a "
        "ticket, for `If-Match` of the steps.",
        tag="Tickets",
        answers={200: TICKET_OR_FAULT},
        parameters=[NUMBER],
        problems_of=READING,
    )
    def get(self, request, number):
        ticket = self.told.numbered(number).first()
        if ticket:
            return self.answer(ticket)
        return self.answer_fault(self.found(number, Ticket.objects.followed_by))


class Events(TicketsView):
    @operation(
        "list_events",
        "Read the history",
        "What happened to a ticket, the oldest first. Internal remarks only for those who work on tickets.",
        tag="Tickets",
        answers={200: page_schema(EventSerializer)},
        parameters=[NUMBER],
        problems_of=READING,
    )
    def get(self, request, number):
        wishes = Filters.read(request)
        ticket = self.found(number)
        rows = TicketEvent.objects.visible_to(self.viewer).filter(ticket=ticket).select_related("by")
        works = {"works": may_write_internally(self.viewer, ticket)}
        return self.listed(rows, EventSerializer, order=("at", "id"), after=wishes["cursor"], context=works)


class FaultFilters(Filters):
    school = SchoolByNumber(required=False, help_text="The number of a school you see.")
    category = CategoryBySlug(required=False, help_text="The slug of a category.")


class KnownFaults(TicketsView):
    @operation(
        "list_known_faults",
        "List known faults",
        "The open faults your schools may know of, the newest first: to join instead of reporting once more.",
        tag="Tickets",
        answers={200: page_schema(FaultSerializer)},
        parameters=[FaultFilters],
        problems_of=(400, 401),
    )
    def get(self, request):
        wishes = FaultFilters.read(request, viewer=self.viewer)
        faults = Ticket.objects.known_faults_for(self.viewer).with_affected().with_names()
        rows = faults.filter(**{name: wishes[name] for name in ("school", "category") if name in wishes})
        return self.listed(rows, FaultSerializer, order=("-id",), after=wishes["cursor"])
