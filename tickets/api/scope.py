"""The tickets of a request, with all that is told of them, in one statement."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from schools.api import ScopedView
from tickets.models import Ticket

from .serializers import TicketSerializer

NUMBER = OpenApiParameter(
    "number", OpenApiTypes.STR, OpenApiParameter.PATH, description="The number of the ticket, such as `DO-2026-4017`."
)


class TicketsView(ScopedView):
    """A view on tickets; `scope` is where every read begins."""

    @property
    def scope(self):
        return Ticket.objects.visible_to(self.viewer)

    @property
    def told(self):
        """The scope with everything a ticket's JSON shows."""
        return self.scope.with_names().with_due_times().select_related("campus", "device")

    def found(self, number: str) -> Ticket:
        """Return the ticket; 404 where it does not exist or is not the viewer's to see."""
        return get_object_or_404(self.told.numbered(number))

    def answer(self, ticket: Ticket) -> Response:
        """Answer a ticket of `told`, with its version as `ETag`."""
        data = TicketSerializer(ticket, context={"viewer": self.viewer}).data
        return Response(data, headers={"ETag": f'"{ticket.version}"'})

    def answer_anew(self, ticket: Ticket) -> Response:
        """Answer a ticket as it is after a command; 204 where that put it out of the viewer's sight."""
        fresh = self.told.filter(pk=ticket.pk).first()
        return self.answer(fresh) if fresh else Response(status=204)
