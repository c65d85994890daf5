"""What somebody sees who is affected by a fault others have reported: how it stands, and what the staff says."""

from functools import cached_property

from schools.models import Room
from schools.viewer import Viewer
from tickets import history, permissions
from tickets.known_faults import Fault, faults
from tickets.lifecycle import Status, Step
from tickets.models import Ticket, TicketEvent


class FaultPage:
    """One fault for somebody who follows it and does not see the report in full; at most three statements.

    Raises Ticket.DoesNotExist for somebody who does not follow it. Neither the reporter nor their words come out of
    here: the row is read without them.
    """

    def __init__(self, viewer: Viewer, number: str):
        self.viewer = viewer
        followed = Ticket.objects.followed_by(viewer).numbered(number)
        self._ticket = faults(followed, viewer).get()

    @cached_property
    def fault(self) -> Fault:
        return Fault.of(self._ticket, self.viewer)

    @property
    def school(self):
        return self._ticket.school

    @property
    def solution(self) -> str:
        """What helped, in the words of whoever solved it; empty as long as it is not solved."""
        ticket = self._ticket
        solved = ticket.status in (Status.RESOLVED, Status.CLOSED) and ticket.resolved_at
        return (ticket.solution or ticket.cause_name) if solved else ""

    @property
    def pauses(self) -> bool:
        """Whether there is no time by which it is to be solved, because the clock does not run."""
        return self._ticket.is_open and self.fault.due_at is None

    @property
    def is_open(self) -> bool:
        return self._ticket.is_open

    @property
    def waits(self) -> Ticket | None:
        """For whom outside and until when, as the ticket says it; None while it does not wait."""
        return self._ticket if self._ticket.status == Status.WAITING_EXTERNAL else None

    @property
    def may_leave(self) -> bool:
        return Step.LEAVE in permissions.steps_for(self.viewer, self._ticket)

    @property
    def mediator(self):
        """The manager on duty for the school; None when nobody is."""
        return self.viewer.manager_of(self._ticket.school)

    @property
    def own_room(self) -> int | None:
        """The key of the room one has said one is in."""
        return self._ticket.own_room

    @cached_property
    def rooms(self) -> list[Room]:
        """The rooms one may say one is in."""
        return list(Room.objects.visible_to(self.viewer).filter(school=self.school).in_use().alphabetical())

    @cached_property
    def history(self) -> list[history.Entry]:
        """What the staff has done and said to all who are affected, newest first."""
        events = TicketEvent.objects.for_followers().filter(ticket=self._ticket).select_related("by")
        return history.told(events.order_by("-at", "-pk"), works=False)
