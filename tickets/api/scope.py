"""The tickets of a request, with all that is told of them, in one statement."""

from collections.abc import Callable

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from schools.api import ScopedView
from schools.viewer import Viewer
from tickets.models import Ticket

from .serializers import FollowedFaultSerializer, TicketSerializer

NUMBER = OpenApiParameter(
    "number", OpenApiTypes.STR, OpenApiParameter.PATH, description="The number of the ticket, such as `DO-2026-4017`."
)
#: In full, or as a known fault for somebody who has joined it and sees no more of it.
TICKET_OR_FAULT = PolymorphicProxySerializer(
    component_name="TicketOrFault",
    serializers=[TicketSerializer, FollowedFaultSerializer],
    resource_type_field_name=None,
)


class TicketsView(ScopedView):
    """A view on tickets; `scope` is where every read begins."""

    @property
    def scope(self):
        return Ticket.objects.visible_to(self.viewer)

    @property
    def told(self):
        """The scope with everything a ticket's JSON shows."""
        return told(self.scope)

    def found(self, number: str, scope: Callable[[Viewer], QuerySet[Ticket]] = Ticket.objects.visible_to) -> Ticket:
        """Return the ticket; 404 where it does not exist or is not the viewer's to see."""
        return get_object_or_404(told(scope(self.viewer)).numbered(number))

    def answer(self, ticket: Ticket) -> Response:
        """Answer a ticket of `told`, with its version as `ETag`."""
        data = TicketSerializer(ticket, context={"viewer": self.viewer}).data
        return Response(data, headers={"ETag": f'"{ticket.version}"'})

    def answer_fault(self, ticket: Ticket) -> Response:
        """Answer a ticket as somebody reads it who is affected too."""
        return Response(FollowedFaultSerializer(ticket, context={"viewer": self.viewer}).data)

    def answer_anew(self, ticket: Ticket) -> Response:
        """Answer a ticket as it is after a command, in full or as a followed fault; 204 where it is out of sight.

        Without `rating`: what a command answers is kept by its key, and that must not outlive a reopening.
        """
        fresh = self.told.filter(pk=ticket.pk).first()
        if fresh:
            answer = self.answer(fresh)
            answer.data["rating"] = None
            return answer
        followed = told(Ticket.objects.followed_by(self.viewer)).filter(pk=ticket.pk).first()
        return self.answer_fault(followed) if followed else Response(status=204)


def told(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Bring along everything a ticket's JSON shows."""
    rows = tickets.with_names().with_due_times().with_affected()
    return rows.select_related("campus", "device", "merged_into", "rating")
