"""What a call ends with when the fault is gone before the receiver is down."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from tickets.models import Ticket

from .finish import resolve
from .report import report_incident


@transaction.atomic
def solve_on_the_phone(*, solution: str, cause: str, by: User, at: datetime, **report) -> Ticket:
    """Report on behalf of a caller and record the solution in the same moment; return the ticket.

    `report` is what `report_incident` takes. Both clocks are met: taking a call is no response, solving in it is.
    Raises what reporting and resolving raise; then nothing is left of either.
    """
    ticket = report_incident(by=by, at=at, **report)
    return resolve(ticket=ticket, solution=solution, cause=cause, by=by, at=at)
