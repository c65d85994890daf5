from .mail import Mail
from .message import OutboxMessage
from .preference import Preference

__all__ = ["Mail", "OutboxMessage", "Preference"]
