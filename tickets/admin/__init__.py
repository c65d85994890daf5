"""Categories, checklists and promises in the settings."""

from tickets.admin import categories, checklists, promises

__all__ = ["categories", "checklists", "promises"]
