"""How well the reporter was helped: no step, so it stands beside them."""

from functools import partial

from rest_framework.response import Response

from foundation.api.schema import IDEMPOTENCY_KEY, WRITING, operation
from idempotency.api import answer_once
from tickets import permissions
from tickets.commands.rate import rate

from .bodies import RatingBody
from .scope import NUMBER, TicketsView


class Rate(TicketsView):
    @operation(
        "rate_ticket",
        "Say how well you were helped",
        "The reporter answers the one question after the solution, until 28 days after it; the last answer counts. "
        "Possible where `may_rate` of the ticket says so. Changes no version. Reopening takes the answer back, "
        "so nothing of it is answered here; `rating` of the ticket tells it.",
        tag="Tickets",
        body=RatingBody,
        answers={204: None},
        parameters=[NUMBER, IDEMPOTENCY_KEY],
        problems_of=WRITING,
    )
    def post(self, request, number):
        return answer_once(request, partial(self._rate, request, number))

    def _rate(self, request, number):
        ticket = self.found(number)
        permissions.require_rating(self.viewer, ticket)
        facts = RatingBody.read(request, viewer=self.viewer, ticket=ticket)
        rate(ticket=ticket, value=facts["value"], words=facts.get("text"), by=request.user, at=request.at)
        return Response(status=204)
