from .attachment import Attachment
from .category import Category
from .checklist import Checklist, ChecklistItem
from .deadline import Deadline, StepTaken
from .draft import Draft, DraftPhoto
from .escalation import Escalation, PacketDraft
from .event import TicketEvent
from .follower import Follower
from .policy import LadderStep, PolicyVersion, SlaPolicy, SlaTarget
from .presence import Presence
from .rating import Rating
from .ticket import Ticket

__all__ = [
    "Attachment",
    "Category",
    "Checklist",
    "ChecklistItem",
    "Deadline",
    "Draft",
    "DraftPhoto",
    "Escalation",
    "Follower",
    "LadderStep",
    "PacketDraft",
    "PolicyVersion",
    "Presence",
    "Rating",
    "SlaPolicy",
    "SlaTarget",
    "StepTaken",
    "Ticket",
    "TicketEvent",
]
