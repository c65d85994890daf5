"""What the page of one ticket shows at a glance; built and tested without HTTP."""

from functools import cached_property

from schools.viewer import Viewer
from tickets import history, permissions
from tickets.company import goes_on_in, merged_here, photos_of
from tickets.due_times import due_times_of
from tickets.known_faults import rooms_of
from tickets.lifecycle import Level, Step, last_day_to_answer, last_day_to_rate, reopen_until
from tickets.models import Deadline, PacketDraft, Rating, Ticket, TicketEvent
from tickets.packet_card import PacketCard, packets_of
from tickets.routing import Responsible, responsible_for

EARLIER = 5
#: The steps in reach of the thumb, the most likely one last; everything else opens under "more".
BAR = (Step.ACCEPT, Step.ASK, Step.ANSWER, Step.RESUME, Step.REOPEN, Step.CONFIRM, Step.ESCALATE, Step.RESOLVE)
IN_REACH = 4  # of them, with the way to the message, are not too narrow for a finger on a tablet

#: To whom the second level's questions go.
FIRST_LEVEL = frozenset({permissions.Relation.FIRST_LEVEL, permissions.Relation.HELPDESK})


class TicketPage:
    """One ticket for one viewer, with its steps, history and surroundings; four statements at most."""

    def __init__(self, ticket: Ticket, viewer: Viewer):
        self.ticket = ticket
        self.viewer = viewer

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps that are possible now and permitted; the same the API names."""
        return permissions.steps_for(self.viewer, self.ticket)

    @property
    def bar(self) -> list[Step]:
        steps = [step for step in BAR if step in self.steps]
        crowded = len(steps) + self.may_comment > IN_REACH
        return [step for step in steps if step != Step.ASK] if crowded else steps

    @property
    def more(self) -> list[Step]:
        said = {True: Step.JOIN, False: Step.LEAVE}.get(getattr(self.ticket, "own_voice", None))
        return [step for step in self.steps if step not in (*self.bar, Step.COMMENT, said)]

    @property
    def may_comment(self) -> bool:
        return Step.COMMENT in self.steps

    @cached_property
    def may_write_internally(self) -> bool:
        return permissions.may_write_internally(self.viewer, self.ticket)

    @property
    def shows_site(self) -> bool:
        """Whether the viewer needs to know how to get in: all who work on this ticket."""
        return self.may_write_internally

    @cached_property
    def history(self) -> list[history.Entry]:
        """What happened, newest first; internal remarks only for those who work on tickets."""
        events = TicketEvent.objects.visible_to(self.viewer).filter(ticket=self.ticket).select_related("by")
        return history.told(events.order_by("-at", "-pk"), works=self.may_write_internally, ticket=self.ticket)

    @cached_property
    def due_times(self) -> list[Deadline]:
        """The due times to show, each of which opens to its ledger."""
        return due_times_of(self.ticket, works=self.shows_site)

    @property
    def answer_due_at(self):
        """By when the reporter has to answer, before the report is closed; None where nothing was asked."""
        return next((row.due_at for row in self.due_times if row.kind == Deadline.Kind.ANSWER), None)

    @property
    def last_day_to_answer(self):
        """The last day on which a late answer opens it again, though it was closed; None for all others."""
        return last_day_to_answer(self.ticket.closed_at) if self.ticket.closed_while_waiting else None

    @cached_property
    def packets(self) -> list[PacketCard]:
        """What went along each time it was handed over, for those who work on it."""
        return packets_of(self.ticket) if self.shows_site else []

    @property
    def packet_draft(self) -> PacketDraft | None:
        """The packet somebody has begun, for those who may go on with it."""
        return getattr(self.ticket, "packet_draft", None) if Step.ESCALATE in self.steps else None

    @cached_property
    def photos(self) -> list:
        return photos_of(self.ticket)

    @property
    def affected(self) -> int:
        """How many have the fault, the reporter included; 0 as long as nobody else has said so."""
        others = getattr(self.ticket, "affected", 0)
        return others + 1 if others else 0

    @property
    def affected_rooms(self) -> tuple[str, ...]:
        return rooms_of(self.ticket)

    @property
    def unaffected(self) -> int:
        """How many of the school have said that it is not there for them; for those who work on it."""
        return getattr(self.ticket, "unaffected", 0) if self.shows_site else 0

    @property
    def callers(self) -> list[dict[str, str]]:
        """The affected without an account, whom nobody but the staff can tell how it goes on."""
        return getattr(self.ticket, "callers", []) if self.shows_site else []

    @cached_property
    def merged_here(self) -> list[Ticket]:
        return merged_here(self.ticket, self.viewer)

    @cached_property
    def goes_on_in(self) -> Ticket | None:
        """Where a merged report goes on, as far as the viewer may know; None for one that was not merged."""
        return goes_on_in(self.ticket, self.viewer) if self.ticket.merged_into_id else None

    @cached_property
    def earlier(self) -> list[Ticket]:
        """Earlier reports of the same room, as far as the viewer sees them."""
        if not self.shows_site or self.ticket.room_id is None:
            return []
        others = Ticket.objects.visible_to(self.viewer).filter(room=self.ticket.room_id, pk__lt=self.ticket.pk)
        return list(others.select_related("category").order_by("-pk")[:EARLIER])

    @cached_property
    def responsible(self) -> Responsible:
        return responsible_for(self.ticket, self.viewer.roster)

    @property
    def mediator(self):
        """The manager on duty for the school, who stays in charge towards the school; None when nobody is."""
        return self.viewer.manager_of(self.ticket.school)

    @property
    def is_reporter(self) -> bool:
        return self.ticket.reporter_id == self.viewer.person.pk

    @cached_property
    def may_rate(self) -> bool:
        """Whether the one question after the solution is asked, or may be answered otherwise."""
        return permissions.is_asked_to_rate(self.viewer, self.ticket)

    @property
    def rating(self) -> Rating | None:
        """What the viewer has answered; nobody else's answer."""
        return getattr(self.ticket, "rating", None) if self.is_reporter else None

    @property
    def last_day_to_rate(self):
        return last_day_to_rate(self.ticket.resolved_at)

    @property
    def is_asked(self) -> bool:
        """Whether the Systemhaus waits for a word of the viewer, who works on it at the first level."""
        asked = bool(self.ticket.mediator_question) and self.ticket.is_open
        return asked and bool(permissions.relations_of(self.viewer, self.ticket) & FIRST_LEVEL)

    @property
    def is_mediator(self) -> bool:
        return self.mediator is not None and self.mediator.id == self.viewer.person.pk

    @property
    def is_with_systemhaus(self) -> bool:
        return self.ticket.is_open and self.ticket.level == Level.SECOND

    @property
    def reopen_until(self):
        return reopen_until(self.ticket.resolved_at) if self.ticket.resolved_at else None
