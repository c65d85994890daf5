from .attachment import Attachment
from .category import Category
from .checklist import Checklist, ChecklistItem
from .deadline import Deadline
from .draft import Draft, DraftPhoto
from .escalation import Escalation, PacketDraft
from .event import TicketEvent
from .follower import Follower
from .policy import SlaPolicy, SlaTarget
from .presence import Presence
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
    "PacketDraft",
    "Presence",
    "SlaPolicy",
    "SlaTarget",
    "Ticket",
    "TicketEvent",
]
