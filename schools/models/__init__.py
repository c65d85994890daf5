from .cover import Cover
from .membership import SchoolMembership
from .place import Contact, Room, Site, TechnicalProfile
from .school import MovableDay, School

__all__ = [
    "Contact",
    "Cover",
    "MovableDay",
    "Room",
    "School",
    "SchoolMembership",
    "Site",
    "TechnicalProfile",
]
