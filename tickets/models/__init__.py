from .attachment import Attachment
from .category import Category
from .deadline import Deadline
from .draft import Draft, DraftPhoto
from .event import TicketEvent
from .policy import SlaPolicy, SlaTarget
from .ticket import Ticket

__all__ = [
    "Attachment",
    "Category",
    "Deadline",
    "Draft",
    "DraftPhoto",
    "SlaPolicy",
    "SlaTarget",
    "Ticket",
    "TicketEvent",
]
